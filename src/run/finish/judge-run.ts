import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../../engine/engine.ts";
import { numberedRows, quoteText } from "../../engine/sql.ts";
import { defined } from "../../foundation/defined.ts";
import type { Plan } from "../../foundation/types/index.ts";
import type { ShardRow } from "../../ledger/shards.ts";
import { findRequestFamily } from "../../models/families/index.ts";
import type { RequestShape } from "../../requests/body-sql.ts";
import { excludedFile } from "../../requests/exclude-records.ts";
import { recordFiles } from "../../requests/record-files.ts";
import { findRoundFiles } from "../../requests/write-retries.ts";
import { judgeRetries, type RetryGroup } from "../../results/judge-retries.ts";
import { makeResultColumns } from "../../results/result-columns.ts";
import type { RunFile } from "../../workspace/run-file.ts";
import type { RunPaths } from "../../workspace/run-folder.ts";
import { awaitedFile } from "../shared-answers/find-earlier.ts";

/** Whether a shard was answered, or its records went to a later round. */
export const isSettled = ({ state, closed }: ShardRow): boolean => state === "collected" || closed === "resent";

/** How a run's requests are written. */
export function shapeOf(run: RunFile): RequestShape {
  const { model, invocation, parameters, output, structured, prompt, answersPerRow, pack } = run;
  const family = findRequestFamily(model.family, invocation);
  if (family === undefined) throw new Error(`the family ${model.family} was planned and is gone`);
  const shape = {
    family,
    baseId: model.baseId,
    invocation,
    parameters,
    output,
    structured,
    isRaw: prompt.kind === "raw",
    ...(run.hasMedia === true ? { hasMedia: true } : {}),
  };
  if (pack !== undefined) return { ...shape, items: pack.parts };
  return answersPerRow === undefined ? shape : { ...shape, answersPerRow };
}

/**
 * Judges the records of a run's table that have no good answer; leaves the temporary table `retries`. Records that the run has
 * never sent are of them: those of shards that did not come to it, and those that another run was to answer and did not.
 */
export async function judgeRun(
  engine: Engine,
  run: RunFile,
  plan: Plan,
  shards: readonly ShardRow[],
  paths: RunPaths,
  maxAttempts: number | undefined,
  longerTokens?: number,
): Promise<readonly RetryGroup[]> {
  const { family, isRaw = false } = shapeOf(run);
  const rounds = new Map(shards.filter(({ round }) => round > 0).map(({ round, file }) => [round, file]));
  const chains = [...rounds].map(
    ([round, file]) =>
      `SELECT *, ${round} AS round FROM read_parquet(${quoteText(join(paths.directory, findRoundFiles(file).chain))})`,
  );
  const none =
    "SELECT NULL::VARCHAR AS record_id, NULL::BIGINT AS max_tokens, NULL::VARCHAR AS note, 0 AS round WHERE false";
  const chain = `(
    SELECT record_id, max_tokens, note, round, count(*) OVER (PARTITION BY record_id) AS tries
    FROM (${chains.length === 0 ? none : chains.join(" UNION ALL BY NAME ")})
    QUALIFY row_number() OVER (PARTITION BY record_id ORDER BY round DESC) = 1)`;
  const open = plan.shards.filter(({ index }) => shards.some((row) => row.index === index && !isSettled(row)));
  const ranges = open.map(({ fromRow, toRow }) => `(row >= ${fromRow} AND row < ${toRow})`).join(" OR ");
  const excluded = join(paths.directory, excludedFile);
  const records = numberedRows(join(paths.directory, recordFiles.records));
  return judgeRetries(engine, paths.results, {
    columns: makeResultColumns(run.output, run.answerPrefix, run.answer),
    chain,
    neverSent: `(
      SELECT record_id FROM ${records} WHERE record_id IS NOT NULL AND (${ranges === "" ? "false" : ranges})
      ${existsSync(excluded) ? `UNION ALL SELECT record_id FROM read_parquet(${quoteText(excluded)}) WHERE reason = 'awaited'` : ""})`,
    packed: packedSql(run, join(paths.directory, recordFiles.packs)),
    waited: await waitedSql(engine, join(paths.directory, awaitedFile)),
    maxTokens: run.parameters.maxTokens,
    maxOutputTokens: run.model.maxOutputTokens,
    isReady: isRaw,
    isEmbedding: family.kind === "embedding",
    maxAttempts,
    ...defined({ longerTokens }),
  });
}

/** The records that shared a request with others. */
function packedSql({ pack }: RunFile, path: string): string {
  if (pack === undefined || pack.rowsPerRequest === 1) return "(SELECT NULL::VARCHAR AS record_id WHERE false)";
  return `(SELECT unnest(string_split(record_ids, ' ')) AS record_id FROM read_parquet(${quoteText(path)}))`;
}

/** The records that a run has waited for in rounds of its own, and the latest of those; plans of before ledger version 3 have no round. */
async function waitedSql(engine: Engine, path: string): Promise<string> {
  const none = "(SELECT NULL::VARCHAR AS record_id, 0 AS own_round WHERE false)";
  if (!existsSync(path)) return none;
  const columns = await engine.rows(`DESCRIBE SELECT * FROM read_parquet(${quoteText(path)})`);
  if (!columns.some(({ column_name: name }) => name === "own_round")) return none;
  return `(SELECT record_id, max(own_round) AS own_round FROM read_parquet(${quoteText(path)}) GROUP BY 1)`;
}
