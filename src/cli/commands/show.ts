import type { Command } from "commander";
import { HalfpriceError } from "../../errors.ts";
import type { JobLoad } from "../../index.ts";
import { queryResults } from "../../run/query-results.ts";
import { readRunLoad } from "../../run/read-load.ts";
import { type ShownRun, showRun } from "../../run/show-run.ts";
import { inSession, printJson, readCommandConfig } from "../open-session.ts";
import { addCommonOptions, type CommonFlags } from "../options.ts";
import { printShown } from "../print-run.ts";
import { formatCell, formatTable } from "../print-table.ts";
import { openTerminal } from "../terminal.ts";

export function define(command: Command): void {
  command
    .argument("<run>", "a run's id, the start of one, or its name")
    .option("--query <sql>", "ask its table in SQL instead, as `results`: the SQL, or a .sql file");
  addCommonOptions(command);
  command.addHelpText(
    "after",
    '\nExample:\n  halfprice show 20261121-093012-x7k2q\n  halfprice show reviews --query "SELECT sentiment, count(*) FROM results GROUP BY 1"',
  );
  command.action(async (wanted: string, flags: CommonFlags & { readonly query?: string }) => {
    const config = await readCommandConfig(flags);
    const terminal = openTerminal({ isQuiet: flags.quiet === true });
    const shown = await showRun({ config }, wanted);
    if (flags.query === undefined) {
      const load = await readShownLoad(shown, flags);
      if (flags.json === true) printJson(terminal, { ...shown, load: load ?? null });
      else printShown(terminal, shown, load);
      return;
    }
    const { row, paths } = shown;
    if (row.summary === undefined) throw new HalfpriceError("NO_RESULTS", { runId: row.id, state: row.state });
    const rows = await queryResults(paths, flags.query);
    if (flags.json === true) return printJson(terminal, rows);
    const names = Object.keys(rows[0] ?? {});
    const columns = names.map((head) =>
      rows.every((each) => typeof each[head] === "number" || each[head] === null)
        ? { head, align: "right" as const }
        : { head },
    );
    const cells = rows.map((each) => names.map((name) => formatCell(each[name])));
    for (const line of formatTable(columns, cells, Math.max(100, process.stdout.columns ?? 0))) terminal.print(line);
  });
}

/** What the model has to do, while jobs of the run are under way; a rehearsal is asked only with `--local`. */
async function readShownLoad({ row, run, shards }: ShownRun, flags: CommonFlags): Promise<JobLoad | undefined> {
  const isLocal = flags.local === true || flags.endpointUrl !== undefined;
  if (!shards.some(({ state }) => state === "submitted") || (row.origin.kind === "local" && !isLocal)) return undefined;
  let load: JobLoad | undefined;
  await inSession({ region: row.origin.region, ...flags }, async ({ session }) => {
    load = await readRunLoad(session, run);
  });
  return load;
}
