import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { openFrozen } from "../../dataset/freeze-table.ts";
import { sliceRows } from "../../dataset/slice-rows.ts";
import type { Engine } from "../../engine/engine.ts";
import type { Plan } from "../../foundation/types/index.ts";
import { onDemandFile } from "../../jobs/ask-shard.ts";
import { outputFolder, outputName } from "../../jobs/fetch-output.ts";
import type { ShardRow } from "../../ledger/shards.ts";
import { findRequestFamily } from "../../models/families/index.ts";
import { recordFiles } from "../../requests/record-files.ts";
import { findRoundFiles } from "../../requests/write-retries.ts";
import { makeAnswerCheck } from "../../results/check-answer.ts";
import { joinResults } from "../../results/join-results.ts";
import type { CountedLines, ResentShard } from "../../results/resent-answers.ts";
import { makeResultColumns } from "../../results/result-columns.ts";
import { type CountedResults, summariseResults } from "../../results/summarise-results.ts";
import type { RunFile } from "../../workspace/run-file.ts";
import type { RunPaths } from "../../workspace/run-folder.ts";
import { awaitedAnswersFile, earlierFile, takeAwaited } from "../shared-answers/find-earlier.ts";
import { unpackShards } from "./unpack-shards.ts";

/** Joins the answers of all rounds to a run's rows, writes the table, and counts it. */
export async function joinRun(
  engine: Engine,
  run: RunFile,
  plan: Plan,
  shards: readonly ShardRow[],
  paths: RunPaths,
  workspace: string,
): Promise<{ readonly lines: readonly CountedLines[]; readonly counted: CountedResults }> {
  const shape = findRequestFamily(run.model.family, run.invocation)?.answer;
  if (shape === undefined) throw new Error(`the family ${run.model.family} was planned and is gone`);
  const columns = makeResultColumns(run.output, run.answerPrefix, run.answer);
  const check = run.output === undefined ? undefined : makeAnswerCheck(run.output, run.prompt.source);
  const file = join(paths.directory, run.table.file);
  const priceOf = (row: ShardRow | undefined) =>
    row?.lane === "on_demand" ? run.model.prices?.onDemand : run.model.prices?.batch;
  await takeAwaited(engine, workspace, run, paths.directory);
  const frozen = await openFrozen(engine, file, run.table.shownPath, run.table.reading);
  const table = {
    ...frozen,
    columns: frozen.columns.filter(({ name }) => run.omittedColumns?.includes(name) !== true),
  };
  const planned = plan.shards.map((shard) => {
    const row = shards.find(({ index }) => index === shard.index);
    return { shard, files: findOutput(paths.directory, row), price: priceOf(row) };
  });
  const ownReader = { engine, shape, fields: columns.fields, check };
  const packed = await unpackShards(engine, run, shape, planned, paths);
  const lines = await joinResults({
    ...(packed === undefined
      ? { reader: ownReader }
      : { reader: { ...ownReader, shape: packed.shape }, resentReader: ownReader }),
    columns,
    table,
    cutRows: (fromRows) => sliceRows(table, fromRows, plan.rowCount, paths.work),
    recordsFile: join(paths.directory, recordFiles.records),
    duplicatesFile: join(paths.directory, recordFiles.duplicates),
    shards: packed?.shards ?? planned,
    invocation: run.invocation,
    resent: [
      ...findCanary(paths, run),
      ...shards
        .filter(({ round }) => round > 0)
        .map((row) => ({
          index: row.index,
          round: row.round,
          files: findOutput(paths.directory, row),
          chainFile: join(paths.directory, findRoundFiles(row.file).chain),
          price: priceOf(row),
        })),
    ],
    earlierFiles: [earlierFile, awaitedAnswersFile].map((name) => join(paths.directory, name)).filter(existsSync),
    target: paths.results,
    workDirectory: paths.work,
  });
  packed?.remove();
  const counted = await summariseResults(engine, paths.results, columns);
  return { lines: lines.map((each) => packed?.lines.find(({ index }) => index === each.index) ?? each), counted };
}

/** What was asked before the rest, where there was such. */
function findCanary(paths: RunPaths, { model, canary }: RunFile): ResentShard[] {
  if (canary === undefined) return [];
  const { index } = canary;
  const files = [join(paths.directory, onDemandFile({ round: 0, index }))].filter(existsSync);
  return [{ index, round: 0, files, chainFile: undefined, price: model.prices?.onDemand }];
}

/** The files with a run's answers as the service wrote them, of all rounds. */
export function findAnswerFiles(directory: string, shards: readonly ShardRow[]): string[] {
  return shards.flatMap((row) => findOutput(directory, row));
}

/** The files with a shard's answers, whichever way it went; none where it never did. */
function findOutput(directory: string, row: ShardRow | undefined): string[] {
  const hasBytes = (path: string): boolean => existsSync(path) && statSync(path).size > 0;
  if (row?.lane === "on_demand") return [join(directory, onDemandFile(row))].filter(hasBytes);
  const { jobArn, inputUri } = row?.attempt ?? {};
  if (jobArn === undefined || inputUri === undefined) return [];
  return [join(outputFolder(directory, jobArn), outputName(inputUri))].filter(hasBytes);
}
