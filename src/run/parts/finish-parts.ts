import { copyFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { openObjectStorage } from "../../aws/s3.ts";
import { commitFile, makeFolder } from "../../foundation/commit-file.ts";
import { isError } from "../../foundation/errors/index.ts";
import type { RunSummary } from "../../foundation/types/index.ts";
import type { Ledger } from "../../ledger/open-ledger.ts";
import { readSummedParts } from "../../ledger/parts.ts";
import { findRun, type RunRow, recordRunState } from "../../ledger/runs.ts";
import { fetchRun, publishRun } from "../../workspace/fetch-run.ts";
import { filesOf } from "../../workspace/files/shared-workspace.ts";
import { listResults, type RunPaths, readPlanFile, readRunFile, runPaths } from "../../workspace/run-folder.ts";
import { type Session, withEngine } from "../../workspace/session.ts";
import { writeOutput } from "../../workspace/write-output.ts";
import type { FinishedRun } from "../finish/finish-run.ts";
import { writeReport } from "../finish/write-report.ts";
import { addSummary, emptySummary } from "./add-summaries.ts";
import { isFolder, uploadFolder } from "./write-folder.ts";

/** Adds up what all joined parts of a run came to, one after the other. */
export function sumParts(ledger: Ledger, row: Pick<RunRow, "id" | "estimateUsd">): RunSummary {
  let sum: RunSummary = emptySummary;
  let before: RunRow | undefined;
  let isFirst = true;
  const add = (each: RunRow, next: RunRow | undefined): void => {
    const { part = 0, summary } = each;
    if (summary === undefined) return;
    sum = addSummary(sum, { part, summary, isReplaced: next?.part === part }, isFirst);
    isFirst = next?.part !== part;
  };
  for (const each of readSummedParts(ledger, row.id)) {
    if (before !== undefined) add(before, each);
    before = each;
  }
  if (before !== undefined) add(before, undefined);
  const { money } = sum;
  if (money === undefined || row.estimateUsd === undefined) return sum;
  return { ...sum, money: { ...money, estimateUsd: row.estimateUsd } };
}

/**
 * Ends a run whose parts are joined: adds up what they came to, writes the report, and copies the results to where they were asked for.
 * Done again, it gives the same.
 * @throws DISK, BAD_OUTPUT, SERVICE_REFUSED
 */
export async function finishParts(session: Session, ledger: Ledger, row: RunRow): Promise<FinishedRun> {
  const { config, nowMs, onStep } = session;
  const paths = runPaths(config.workspace, row.id);
  const run = readRunFile(paths);
  const plan = readPlanFile(paths);
  const state = findRun(ledger, row.id)?.state === "stopped" ? "stopped" : "done";
  onStep("adding up the parts");
  const summary = sumParts(ledger, row);
  // The report looks at the first parts: of a table in a data lake not all of it comes here.
  await filesOf(config.workspace).fetch(`runs/${row.id}/results`, (path) => /\/part-0000\d\.parquet$/.test(path));
  if (listResults(paths).length > 0)
    await withEngine(paths, (engine) => writeReport(engine, { run, plan, summary, shards: [], paths }));
  await publishRun(paths, basename(paths.report));
  const { outputPath } = row;
  const end = (): Promise<void> => recordRunState(ledger, row.id, state, nowMs(), summary);
  if (outputPath !== undefined) {
    await writePartsOutput(session, { run, paths }, outputPath).catch(async (error: unknown) => {
      // A file that cannot or must not be written: the run is done, and `export` writes its table elsewhere.
      if (isError(error, "BAD_OUTPUT", "OUTPUT_IS_INPUT", "OUTPUT_EXISTS")) await end();
      throw error;
    });
  }
  await end();
  return { run, plan, summary, paths, outputPath, shards: [] };
}

/** Writes the results of a run in parts: into one file, or as they are into a folder. @throws BAD_OUTPUT, OUTPUT_IS_INPUT, OUTPUT_EXISTS */
export async function writePartsOutput(
  session: Session,
  { run, paths }: { readonly run: FinishedRun["run"]; readonly paths: RunPaths },
  outputPath: string,
): Promise<void> {
  await fetchRun(paths, "answers");
  if (!isFolder(outputPath)) return writeOutput(run, paths, outputPath, session.connection);
  const files = listResults(paths);
  if (outputPath.startsWith("s3://"))
    return uploadFolder(openObjectStorage(session.connection), run, files, outputPath);
  const folder = resolve(outputPath);
  makeFolder(folder);
  for (const file of files) {
    const target = join(folder, basename(file));
    copyFileSync(file, `${target}.tmp`);
    commitFile(target);
  }
}
