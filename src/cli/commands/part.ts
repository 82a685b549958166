import type { Command } from "commander";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { type DonePart, joinNamed, prepareNamed } from "../../library/parts/part-verbs.ts";
import { formatNumberOf } from "../../report/format.ts";
import { inSession, printJson } from "../open-session.ts";
import { addCommonOptions, type CommonFlags } from "../options.ts";

const steps = { prepare: prepareNamed, join: joinNamed } as const;

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
    await inSession(flags, async ({ session, terminal, progress }) => {
      const done = await steps[step as keyof typeof steps](session, wanted, Number(number));
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
