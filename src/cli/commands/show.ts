import type { Command } from "commander";
import { hasEndpoint } from "../../foundation/endpoint.ts";
import { hideSecrets } from "../../foundation/secrets.ts";
import { type AskedService, openRun, type RunView, showRun } from "../../index.ts";
import { describeCost, describeRow } from "../json/describe-money.ts";
import { printJson } from "../json/print-json.ts";
import { addCommonOptions, type CommonFlags } from "../options/options.ts";
import { toSessionOptions } from "../options/session-options.ts";
import { printShown } from "../print-run.ts";
import { formatCell, formatTable } from "../print-table.ts";
import { openTerminal } from "../terminal.ts";

export function define(command: Command): void {
  command
    .argument("<run>", "a run's id, the start of one, its name, or latest")
    .option("--query <sql>", "ask its table in SQL instead, as `results`: the SQL, or a .sql file");
  addCommonOptions(command);
  command.addHelpText(
    "after",
    '\nExample:\n  halfprice show 20261121-093012-x7k2q\n  halfprice show reviews --query "SELECT sentiment, count(*) FROM results GROUP BY 1"',
  );
  command.action(async (wanted: string, flags: CommonFlags & { readonly query?: string }) => {
    const terminal = openTerminal({ isQuiet: flags.quiet === true });
    if (flags.query === undefined) {
      const view = await showRun(wanted, { ...toSessionOptions(flags), ask: true });
      if (flags.json === true) printJson(terminal, toJson(view));
      else printShown(terminal, view, sayService(view, flags));
      return;
    }
    const run = await openRun(wanted, toSessionOptions(flags));
    const rows = await run.query<Readonly<Record<string, unknown>>>(flags.query);
    if (flags.json === true) return printJson(terminal, rows);
    const names = Object.keys(rows[0] ?? {});
    const columns = names.map((head) =>
      rows.every((each) => typeof each[head] === "number" || each[head] === null)
        ? { head, align: "right" as const }
        : { head },
    );
    const cells = rows.map((each) => names.map((name) => formatCell(each[name])));
    for (const line of formatTable(columns, cells, terminal.columns)) terminal.print(line);
  });
}

/** The option that leads a further command to the service that the run is at, with a space before it. */
function sayService({ row }: RunView, { local, endpointUrl }: CommonFlags): string {
  if (endpointUrl !== undefined) return ` --endpoint-url ${hideSecrets(endpointUrl)}`;
  return row.origin.kind === "local" && (local === true || !hasEndpoint()) ? " --local" : "";
}

function toJson({ row, run, plan, paths, shards, reservedUsd, links, load, asked }: RunView): object {
  const { summary, origin } = row;
  return {
    ...{ row: describeRow(row), run, plan, paths, shards, reservedUsd, links, origin },
    ...describeCost(origin, summary === undefined ? undefined : summary.paidUsd),
    ...{ load: load ?? null, asked: describeAsked(asked) },
  };
}

function describeAsked(asked: AskedService | undefined): object | null {
  if (asked === undefined) return null;
  const { unknownIndexes, problem, unknown } = asked;
  return {
    unknown: unknownIndexes,
    ...(unknown === undefined ? {} : { code: unknown.code }),
    problem: problem ?? null,
  };
}
