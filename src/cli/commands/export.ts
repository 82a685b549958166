import type { Command } from "commander";
import { defined } from "../../foundation/defined.ts";
import { openRun } from "../../index.ts";
import { printJson } from "../json/print-json.ts";
import { addCommonOptions, type CommonFlags } from "../options/options.ts";
import { toSessionOptions } from "../options/session-options.ts";
import { openTerminal } from "../terminal.ts";

type ExportFlags = CommonFlags & {
  readonly output: string;
  readonly overwrite?: boolean;
  readonly safeCsv?: boolean;
};

export function define(command: Command): void {
  command.argument("<run>", "a run's id, the start of one, its name, or latest");
  command.requiredOption(
    "-o, --output <file>",
    "output file (.parquet, .csv, .jsonl, .xlsx) or s3:// object; of a run in parts also a folder, with a slash at its end",
  );
  command.option("--safe-csv", "put an apostrophe before cells of a .csv that a spreadsheet would compute");
  command.option("--overwrite", "replace a file that is there, although the table is a part or the file was edited");
  addCommonOptions(command);
  command.addHelpText("after", "\nExample:\n  halfprice export 20261121-093012-x7k2q -o answers.csv");
  command.action(async (wanted: string, flags: ExportFlags) => {
    const terminal = openTerminal({ isQuiet: flags.quiet === true });
    const options = toSessionOptions(flags);
    const run = await openRun(wanted, options);
    const { overwrite, safeCsv } = flags;
    await run.export(flags.output, defined({ overwrite, safeCsv }));
    if (flags.json === true) printJson(terminal, { runId: run.id, origin: run.origin, output: flags.output });
    else terminal.print(flags.output);
  });
}
