import type { Command } from "commander";
import { type DonePart, joinPart, preparePart } from "../../../admin.ts";
import { HalfpriceError } from "../../../foundation/errors/index.ts";
import { formatNumberOf } from "../../../foundation/format.ts";
import { printJson } from "../../json/print-json.ts";
import { inSession } from "../../open-session.ts";
import { addCommonOptions, type CommonFlags } from "../../options/options.ts";

const steps = { prepare: preparePart, join: joinPart } as const;

export function define(command: Command): void {
  command
    .argument("<step>", "prepare, or join")
    .argument("<run>", "a run's id, the start of one, its name, or latest")
    .argument("<n>", "which part, from 1");
  addCommonOptions(command);
  command.addHelpText(
    "after",
    "\nExample:\n  halfprice part prepare 20261121-093012-x7k2q 3\n  halfprice part join 20261121-093012-x7k2q 3 --json",
  );
  command.action(async (step: string, wanted: string, number: string, flags: CommonFlags) => {
    const problems = [
      ...(step in steps ? [] : [`the step is ${JSON.stringify(step)}; it has to be prepare or join`]),
      ...(/^[1-9]\d{0,5}$/.test(number)
        ? []
        : [`the part is ${JSON.stringify(number)}; it has to be a whole number from 1`]),
    ];
    if (problems.length > 0) throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice part" });
    await inSession(flags, async ({ options, terminal, progress }) => {
      const done = await steps[step as keyof typeof steps](wanted, Number(number), options);
      progress.end();
      if (flags.json === true) printJson(terminal, done);
      else terminal.print(say(done));
    });
  });
}

function say({ part, rowCount, recordCount, jobCount, results, wasDone }: DonePart): string {
  const rows = formatNumberOf(rowCount, "row");
  const before = wasDone ? " before" : "";
  if (recordCount !== undefined) {
    const sent = `${formatNumberOf(recordCount, "record")} to send in ${formatNumberOf(jobCount ?? 0, "job")}`;
    return `part ${part} is prepared${before}: ${rows}, ${sent}`;
  }
  return `part ${part} is joined${before}: ${rows}${results === undefined ? "" : `, ${results}`}`;
}
