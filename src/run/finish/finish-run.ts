import type { Connection } from "../../aws/connection.ts";
import { defined } from "../../foundation/defined.ts";
import { isError } from "../../foundation/errors/index.ts";
import type { Plan, RunSummary } from "../../foundation/types/index.ts";
import type { Ledger } from "../../ledger/open-ledger.ts";
import { findRun, recordRunState } from "../../ledger/runs.ts";
import type { ShardRow } from "../../ledger/shards.ts";
import { readShards } from "../../ledger/shards.ts";
import { needTable, publishRun } from "../../workspace/fetch-run.ts";
import type { RunFile } from "../../workspace/run-file.ts";
import { type RunPaths, readPlanFile, readRunFile, runPaths } from "../../workspace/run-folder.ts";
import { type Session, withEngine } from "../../workspace/session.ts";
import { writeOutput } from "../../workspace/write-output.ts";
import { countMoney, sumCostColumn } from "./count-money.ts";
import { explainEnds, nameCauses } from "./explain-ends.ts";
import { findDiscrepancies, findUnplacedCost } from "./find-discrepancies.ts";
import { joinRun } from "./join-run.ts";
import { offerRetry } from "./offer-retry.ts";
import { writeReport } from "./write-report.ts";

/** A run whose table is written. */
export interface FinishedRun {
  readonly run: RunFile;
  readonly plan: Plan;
  readonly summary: RunSummary;
  readonly paths: RunPaths;
  /** Where the user wanted the table; undefined where only the run's directory has it. */
  readonly outputPath: string | undefined;
  readonly shards: readonly ShardRow[];
}

/**
 * Parses what the jobs left, joins it to the rows, counts, and writes table and report. Done again, it gives the same.
 * @throws DISK, BAD_OUTPUT
 */
export async function finishRun(session: Session, ledger: Ledger, id: string): Promise<FinishedRun> {
  const { config, nowMs } = session;
  const paths = runPaths(config.workspace, id);
  const run = readRunFile(paths);
  const plan = readPlanFile(paths);
  const row = findRun(ledger, id);
  const shards = readShards(ledger, id);
  const wasStopped = row?.state === "stopped";
  if (!wasStopped) await recordRunState(ledger, id, "collected", nowMs());
  const summary = await joinAndCount(session, { run, plan, shards, paths, hasReport: run.hasNoReport !== true });
  // What is done is there for others as well.
  await publishRun(paths);
  const outputPath = row?.outputPath;
  const end = (): Promise<void> => recordRunState(ledger, id, wasStopped ? "stopped" : "done", nowMs(), summary);
  if (outputPath !== undefined) {
    await writeOutput(run, paths, outputPath, session.connection).catch(async (error: unknown) => {
      // A file that cannot or must not be written: the run is done, and `export` writes its table elsewhere.
      if (isError(error, "BAD_OUTPUT", "OUTPUT_IS_INPUT", "OUTPUT_EXISTS")) await end();
      throw error;
    });
  }
  await end();
  return { run, plan, summary, paths, outputPath, shards };
}

/** What a run's table is made of. */
export interface JoinInput extends Pick<FinishedRun, "run" | "plan" | "shards" | "paths"> {
  /** A part of a run has none of its own. */
  readonly hasReport: boolean;
}

/** Joins the answers to the rows, counts, and writes the table; the ledger is left to others. @throws DISK */
export async function joinAndCount(
  { config, nowMs, onStep }: Pick<Session, "config" | "nowMs" | "onStep">,
  { run, plan, shards, paths, hasReport }: JoinInput,
): Promise<RunSummary> {
  onStep("joining the answers to the rows");
  return withEngine(paths, async (engine) => {
    const { lines, counted } = await joinRun(engine, run, plan, shards, paths, config.workspace);
    const money = await countMoney(engine, run, plan, shards, lines, paths);
    const retry = await offerRetry(engine, run, plan, shards, paths, { ...counted, usage: money.usage });
    const counts = {
      ...counted,
      ...money,
      ...defined({ retry }),
      recordCount: plan.recordCount,
      jobCount: shards.filter(({ attempt }) => attempt?.jobArn !== undefined).length,
      causes: nameCauses(counted.causes, run.partOf?.runId ?? run.id),
      ...explainEnds(shards, lines, run.partOf?.runId ?? run.id),
      discrepancies: [
        ...findDiscrepancies(shards, lines),
        ...findUnplacedCost(money.paidUsd, await sumCostColumn(engine, run, paths)),
      ],
      durationMs: Math.max(0, nowMs() - (firstAnnounced(shards) ?? nowMs())),
    } satisfies RunSummary;
    if (hasReport) await writeReport(engine, { run, plan, summary: counts, shards, paths });
    return counts;
  });
}

/** A run that has ended, as it was written then. */
export async function readFinished(
  { config }: Pick<Session, "config">,
  ledger: Ledger,
  id: string,
): Promise<FinishedRun> {
  const paths = runPaths(config.workspace, id);
  const row = findRun(ledger, id);
  if (row?.summary === undefined) throw new Error(`the run ${id} has not ended`);
  const { summary, outputPath } = row;
  return {
    run: readRunFile(paths),
    plan: readPlanFile(paths),
    summary,
    paths,
    outputPath,
    shards: readShards(ledger, id),
  };
}

/** How a run's table is written in another form. */
export interface ExportOptions {
  /** The file may be replaced although the table is a part, or the file was edited. @defaultValue false */
  readonly mayOverwrite?: boolean;
  /** No cell of a CSV is a formula to a spreadsheet. @defaultValue false */
  readonly isCsvSafe?: boolean;
  /** For `s3://` alone. */
  readonly connection?: Connection;
}

/** Writes a run's table in another form. @throws BAD_OUTPUT, OUTPUT_IS_INPUT, OUTPUT_EXISTS, RUN_CLEANED */
export async function exportRun(
  paths: RunPaths,
  outputPath: string,
  { mayOverwrite = false, isCsvSafe = false, connection }: ExportOptions = {},
): Promise<void> {
  await needTable(paths);
  const run = readRunFile(paths);
  const more = {
    ...(mayOverwrite ? { mayOverwrite: true as const } : {}),
    ...(isCsvSafe ? { safeCsv: true as const } : {}),
  };
  await writeOutput({ ...run, ...more }, paths, outputPath, connection);
}

function firstAnnounced(shards: readonly ShardRow[]): number | undefined {
  const times = shards.flatMap(({ attempt, askedAt }) => attempt?.announcedAt ?? askedAt ?? []);
  return times.length === 0 ? undefined : Math.min(...times);
}
