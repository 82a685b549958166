import { join } from "node:path";
import type { Engine } from "../../engine/engine.ts";
import { quoteList, quoteText } from "../../engine/sql.ts";
import type { Plan, RetryOffer, RunSummary } from "../../foundation/types/index.ts";
import type { ShardRow } from "../../ledger/shards.ts";
import { estimateRetry } from "../../plan/estimate-retry.ts";
import { estimateCost } from "../../plan/plan-lanes.ts";
import { recordFiles } from "../../requests/record-files.ts";
import { retryWays } from "../../results/judge-retries.ts";
import type { RunFile } from "../../workspace/run-file.ts";
import type { RunPaths } from "../../workspace/run-folder.ts";
import { judgeRun, shapeOf } from "./judge-run.ts";

/** What `retry` would do about a table that was just written, and about what it would cost; undefined where nothing is amiss. */
export async function offerRetry(
  engine: Engine,
  run: RunFile,
  plan: Plan,
  shards: readonly ShardRow[],
  paths: RunPaths,
  { outcomeCounts, usage }: Pick<RunSummary, "outcomeCounts" | "usage">,
): Promise<RetryOffer | undefined> {
  const { answered, skipped: _, ...others } = outcomeCounts;
  if (Object.values(others).every((count) => count === 0)) return undefined;
  const groups = await judgeRun(engine, run, plan, shards, paths, undefined);
  const sum = (isSent: boolean): number =>
    groups
      .filter(({ way }) => retryWays.includes(way) === isSent)
      .reduce((total, { recordCount }) => total + recordCount, 0);
  const recordCount = sum(true);
  const [unsent = {}] = await engine.rows(
    `SELECT count(*) AS records FROM retries WHERE tries = 0 AND list_contains(${quoteList(retryWays)}, way)`,
  );
  const offer = { recordCount, leftCount: sum(false), unsentCount: Number(unsent["records"]) };
  if (recordCount === 0) return offer;
  const records = `read_parquet(${quoteText(join(paths.directory, recordFiles.records))})`;
  const [size = {}] = await engine.rows(`
    SELECT sum(tokens)::BIGINT AS input, sum(max_tokens)::BIGINT AS output FROM retries
    JOIN (SELECT record_id, any_value(input_tokens) AS tokens FROM ${records} GROUP BY record_id) USING (record_id)
    WHERE list_contains(${quoteList(retryWays)}, way)`);
  const maxOutputTokens = shapeOf(run).family.kind === "embedding" ? 0 : Number(size["output"]);
  const retrySize = { recordCount, inputTokens: Number(size["input"]), maxOutputTokens };
  const have = { recordCount: answered, outputTokens: usage.outputTokens };
  const { input, output } = estimateRetry(retrySize, run.model.baseId, have);
  const isBatch =
    run.model.noBatch === undefined && run.place !== undefined && recordCount >= plan.limits.minRecordsPerJob;
  const price = isBatch ? run.model.prices?.batch : run.model.prices?.onDemand;
  return {
    ...offer,
    lane: isBatch ? "batch" : "on_demand",
    ...(price === undefined ? {} : { usd: estimateCost(price, input, output) }),
  };
}
