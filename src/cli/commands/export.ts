import type { Command } from "commander";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { isObjectUri } from "../../foundation/object-uri.ts";
import { exportRun } from "../../run/finish/finish-run.ts";
import { showRun } from "../../workspace/show-run.ts";
import { inSession, printJson, readCommandConfig } from "../open-session.ts";
import { addCommonOptions, type CommonFlags } from "../options.ts";
import { openTerminal } from "../terminal.ts";

type ExportFlags = CommonFlags & {
  readonly output: string;
  readonly overwrite?: boolean;
  readonly safeCsv?: boolean;
};

export function define(command: Command): void {
  command.argument("<run>", "a run's id, the start of one, its name, or latest");
  command.requiredOption("-o, --output <file>", "output file (.parquet, .csv, .jsonl, .xlsx) or s3:// object");
  command.option("--safe-csv", "put an apostrophe before cells of a .csv that a spreadsheet would compute");
  command.option("--overwrite", "replace a file that is there, although the table is a part or the file was edited");
  addCommonOptions(command);
  command.addHelpText("after", "\nExample:\n  halfprice export 20261121-093012-x7k2q -o answers.csv");
  command.action(async (wanted: string, flags: ExportFlags) => {
    const config = await readCommandConfig(flags);
    const terminal = openTerminal({ isQuiet: flags.quiet === true });
    const { row, paths } = await showRun({ config }, wanted);
    if (row.summary === undefined) throw new HalfpriceError("NO_RESULTS", { runId: row.id, state: row.state });
    const rules = { mayOverwrite: flags.overwrite === true, isCsvSafe: flags.safeCsv === true };
    if (isObjectUri(flags.output))
      await inSession({ region: row.origin.region, ...flags }, ({ session }) =>
        exportRun(paths, flags.output, { ...rules, connection: session.connection }),
      );
    else await exportRun(paths, flags.output, rules);
    if (flags.json === true) printJson(terminal, { runId: row.id, origin: row.origin, output: flags.output });
    else terminal.print(flags.output);
  });
}
