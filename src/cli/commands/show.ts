import type { Command } from "commander";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { hideSecrets } from "../../foundation/secrets.ts";
import type { JobLoad } from "../../jobs/job-run.ts";
import { type AskedJobs, askJobs, hasOpenJobs } from "../../run/clients/ask-jobs.ts";
import { readRunLoad } from "../../run/clients/read-load.ts";
import { queryResults } from "../../workspace/query-results.ts";
import { type ShownRun, showRun } from "../../workspace/show-run.ts";
import { hasEndpoint, isReachable, withAsked } from "../ask-shown.ts";
import { describeCost, describeRow } from "../json/describe-money.ts";
import { inSession, printJson, readCommandConfig } from "../open-session.ts";
import { addCommonOptions, type CommonFlags } from "../options.ts";
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
    const config = await readCommandConfig(flags);
    const terminal = openTerminal({ isQuiet: flags.quiet === true });
    const shown = await showRun({ config }, wanted);
    if (flags.query === undefined) {
      const { load, asked } = await askShown(shown, flags);
      const now = asked === undefined ? shown : { ...shown, shards: withAsked(shown.shards, asked) };
      if (flags.json === true) {
        const { row } = now;
        const { summary, origin } = row;
        const cost = describeCost(origin, summary === undefined ? undefined : summary.paidUsd);
        printJson(terminal, {
          ...now,
          row: describeRow(row),
          origin,
          ...cost,
          load: load ?? null,
          asked: toJson(asked),
        });
      } else printShown(terminal, now, sayService(shown, flags), load, asked);
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
    for (const line of formatTable(columns, cells, terminal.columns)) terminal.print(line);
  });
}

/**
 * What the service says while jobs of the run are under way: how they are, and what the model has to do. A simulation is asked only
 * where a local service is named.
 */
async function askShown(
  shown: ShownRun,
  flags: CommonFlags,
): Promise<{ readonly load?: JobLoad; readonly asked?: AskedJobs }> {
  const { row, run, shards } = shown;
  if (!hasOpenJobs(shards) || !isReachable(shown, flags)) return {};
  let found = {};
  await inSession({ region: row.origin.region, ...flags }, async ({ session }) => {
    found = { asked: await askJobs(session, row, shards), load: await readRunLoad(session, run) };
  });
  return found;
}

/** The option that leads a further command to the service that the run is at, with a space before it. */
function sayService({ row }: ShownRun, { local, endpointUrl }: CommonFlags): string {
  if (endpointUrl !== undefined) return ` --endpoint-url ${hideSecrets(endpointUrl)}`;
  return row.origin.kind === "local" && (local === true || !hasEndpoint()) ? " --local" : "";
}

function toJson(asked: AskedJobs | undefined): object | null {
  if (asked === undefined) return null;
  const { unknownIndexes, problem, unknown } = asked;
  return {
    unknown: unknownIndexes,
    ...(unknown === undefined ? {} : { code: unknown.code }),
    problem: problem ?? null,
  };
}
