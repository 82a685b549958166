import type { Command } from "commander";
import { HalfpriceError } from "../../errors.ts";
import { queryResults, showRun } from "../../index.ts";
import { printJson, readCommandConfig } from "../open-session.ts";
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
      if (flags.json === true) printJson(terminal, shown);
      else printShown(terminal, shown);
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
