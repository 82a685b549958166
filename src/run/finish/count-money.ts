import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../../engine/engine.ts";
import { quoteName, quoteText } from "../../engine/sql.ts";
import { defined } from "../../foundation/defined.ts";
import { priceTokensSql } from "../../foundation/money.ts";
import type { Plan, RunSummary, Usage } from "../../foundation/types/index.ts";
import type { ShardRow } from "../../ledger/shards.ts";
import { makeMoney, noUsage, type UsedPart } from "../../report/make-money.ts";
import { recordFiles } from "../../requests/record-files.ts";
import { countEarlier } from "../../results/earlier-answers.ts";
import { addReasoning, type CountedLines } from "../../results/resent-answers.ts";
import { makeResultColumns } from "../../results/result-columns.ts";
import type { RunFile } from "../../workspace/run-file.ts";
import type { RunPaths } from "../../workspace/run-folder.ts";
import { awaitedAnswersFile, earlierFile } from "../shared-answers/find-earlier.ts";
import { readManifest } from "./read-manifest.ts";

/** What a run's requests have used and cost, from the usage that the service reported. */
export async function countMoney(
  engine: Engine,
  run: RunFile,
  plan: Plan,
  shards: readonly ShardRow[],
  lines: readonly CountedLines[],
  paths: RunPaths,
): Promise<Pick<RunSummary, "usage" | "usageSource" | "reasoning" | "paidUsd" | "onDemandUsd" | "money">> {
  const used = lines.map((each) => countPart(run, shards, each));
  const files = [earlierFile, awaitedAnswersFile].map((name) => join(paths.directory, name)).filter(existsSync);
  const money = makeMoney({
    estimateUsd: plan.costUsd,
    used,
    prices: run.model.prices,
    once: await countOnce(engine, run, paths),
    earlier: await countEarlier(engine, files),
  });
  const reasoning = used.reduce((sum, each) => addReasoning(sum, each.reasoning), { tokens: 0, isEstimated: false });
  const isReported = used.every((each) => each.isReported);
  const { paidUsd, onDemandUsd } = money;
  const usage = money.parts.reduce<Usage>(
    (sum, part) => ({
      inputTokens: sum.inputTokens + part.usage.inputTokens,
      outputTokens: sum.outputTokens + part.usage.outputTokens,
    }),
    noUsage,
  );
  return {
    usage,
    ...(!isReported
      ? { usageSource: "none" }
      : used.some((each) => each.isCounted)
        ? { usageSource: "manifests" }
        : {}),
    ...defined({ paidUsd, onDemandUsd }),
    money,
    ...(reasoning.tokens === 0 ? {} : { reasoning }),
  };
}

/**
 * What a shard's lines used. Where they do not tell all, its manifest does: some families report no tokens in a record, and
 * lines can be lost. Where neither tells, it is not known, and never nothing.
 */
function countPart(
  { model: { prices }, canary }: RunFile,
  shards: readonly ShardRow[],
  { index, lineCount, answerCount, usage, unreportedCount, extraUsd, reasoning }: CountedLines,
): UsedPart & Pick<CountedLines, "reasoning"> & { readonly isCounted: boolean } {
  const row = shards.find((each) => each.index === index);
  const isBatch = row?.lane !== "on_demand";
  const isCanary = index === canary?.index;
  const kind = (row?.round ?? 0) > 0 ? "retry" : isCanary ? "canary" : isBatch ? "batch" : "on_demand";
  const price = isBatch ? prices?.batch : prices?.onDemand;
  const lostCount = Math.max(0, countProcessed(row) - lineCount);
  const part = { kind, requestCount: answerCount + lostCount, price, extraUsd, reasoning } as const;
  if (unreportedCount + lostCount === 0) return { ...part, usage, isReported: true, isCounted: false };
  const counted = readManifest(row?.attempt?.manifest)?.usage;
  return { ...part, usage: counted ?? usage, isReported: counted !== undefined, isCounted: counted !== undefined };
}

/** How many records a job has processed, as far as anybody says so: its manifest, the service's counts, its end. */
export function countProcessed(shard: ShardRow | undefined): number {
  const attempt = shard?.attempt;
  if (attempt?.jobArn === undefined) return 0;
  const said = readManifest(attempt.manifest)?.processed ?? attempt.counts?.processed;
  return said ?? (attempt.status === "Completed" ? (shard?.recordCount ?? 0) : 0);
}

/** Rows whose request an earlier row had sent: each would have cost what that one did. */
async function countOnce(
  engine: Engine,
  run: RunFile,
  paths: RunPaths,
): Promise<{ readonly rowCount: number; readonly usd: number | undefined }> {
  const { meta } = makeResultColumns(run.output, run.answerPrefix, run.answer);
  const duplicates = `read_parquet(${quoteText(join(paths.directory, recordFiles.duplicates))})`;
  const [counted = {}] = await engine.rows(`SELECT count(*) AS rows FROM ${duplicates}`);
  const rowCount = Number(counted["rows"]);
  if (rowCount === 0) return { rowCount, usd: 0 };
  // Where an earlier run has paid for the record, sending it now would have cost what its tokens cost.
  const price = run.model.prices?.batch ?? run.model.prices?.onDemand;
  const [i, o] = [quoteName(meta.input_tokens), quoteName(meta.output_tokens)];
  const worth = price === undefined ? "NULL::DOUBLE" : priceTokensSql(price, i, o);
  const [sum = {}] = await engine.rows(`
    WITH results AS (
      SELECT file_row_number AS row, ${quoteName(meta.record_id)} AS record_id, ${quoteName(meta.cost_usd)} AS usd,
        ${worth} AS worth
      FROM read_parquet(${quoteText(paths.results)}, file_row_number = true)
    ),
    later AS (SELECT record_id, count(*) AS rows FROM results WHERE row IN (SELECT row FROM ${duplicates}) GROUP BY 1),
    costs AS (SELECT record_id, coalesce(nullif(sum(usd), 0), max(worth)) AS usd FROM results WHERE record_id IN (SELECT record_id FROM later) GROUP BY 1)
    SELECT sum(rows * coalesce(usd, 0)) AS usd FROM later JOIN costs USING (record_id)`);
  return { rowCount, usd: run.model.prices === undefined ? undefined : Number(sum["usd"] ?? 0) };
}

/** What the cost column of a run's table adds up to; undefined where a row's cost is not known. */
export async function sumCostColumn(engine: Engine, run: RunFile, paths: RunPaths): Promise<number | undefined> {
  const { meta } = makeResultColumns(run.output, run.answerPrefix, run.answer);
  const [cost, outcome] = [quoteName(meta.cost_usd), quoteName(meta.outcome)];
  const [sum = {}] = await engine.rows(`
    SELECT sum(${cost}) AS usd, count(*) FILTER (${cost} IS NULL AND ${outcome} NOT IN ('skipped', 'missing', 'error')) AS unknown
    FROM read_parquet(${quoteText(paths.results)})`);
  return Number(sum["unknown"]) > 0 ? undefined : Number(sum["usd"] ?? 0);
}
