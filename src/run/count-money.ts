import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../engine/engine.ts";
import { quoteName, quoteText } from "../engine/sql.ts";
import type { ShardRow } from "../ledger/shards.ts";
import { makeMoney, noUsage, type UsedPart } from "../report/make-money.ts";
import { recordFiles } from "../requests/record-files.ts";
import { countEarlier } from "../results/earlier-answers.ts";
import type { CountedLines } from "../results/resent-answers.ts";
import { makeResultColumns } from "../results/result-columns.ts";
import type { Plan, RunSummary, Usage } from "../types.ts";
import { awaitedAnswersFile, earlierFile } from "./find-earlier.ts";
import type { RunFile, RunPaths } from "./run-directory.ts";

/** What a run's requests have used and cost, from the usage that the service reported. */
export async function countMoney(
  engine: Engine,
  run: RunFile,
  plan: Plan,
  shards: readonly ShardRow[],
  lines: readonly CountedLines[],
  paths: RunPaths,
): Promise<Pick<RunSummary, "usage" | "usageSource" | "paidUsd" | "onDemandUsd" | "money">> {
  const used = lines.map((each) => countPart(run, shards, each));
  const files = [earlierFile, awaitedAnswersFile].map((name) => join(paths.directory, name)).filter(existsSync);
  const money = makeMoney({
    estimateUsd: plan.costUsd,
    used,
    prices: run.model.prices,
    once: await countOnce(engine, run, paths),
    earlier: await countEarlier(engine, files),
  });
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
    ...(paidUsd === undefined ? {} : { paidUsd }),
    ...(onDemandUsd === undefined ? {} : { onDemandUsd }),
    money,
  };
}

/** Some families report no tokens in a record; then the job's manifest counts them, or nobody does. */
function countPart(
  { model: { prices }, canary }: RunFile,
  shards: readonly ShardRow[],
  { index, answerCount, usage, unreportedCount }: CountedLines,
): UsedPart & { readonly isCounted: boolean } {
  const row = shards.find((each) => each.index === index);
  const isBatch = row?.lane !== "on_demand";
  const isCanary = index === canary?.index;
  const kind = (row?.round ?? 0) > 0 ? "retry" : isCanary ? "canary" : isBatch ? "batch" : "on_demand";
  const price = isBatch ? prices?.batch : prices?.onDemand;
  const part = { kind, requestCount: answerCount, price } as const;
  if (unreportedCount === 0) return { ...part, usage, isReported: true, isCounted: false };
  const manifest = row?.attempt?.manifest;
  const counted = manifest === undefined ? undefined : readTokens(manifest);
  return { ...part, usage: counted ?? usage, isReported: counted !== undefined, isCounted: counted !== undefined };
}

function readTokens(manifest: string): Usage | undefined {
  try {
    const { inputTokenCount, outputTokenCount = 0 } = JSON.parse(manifest) as Record<string, unknown>;
    if (typeof inputTokenCount !== "number" || typeof outputTokenCount !== "number") return undefined;
    return { inputTokens: inputTokenCount, outputTokens: outputTokenCount };
  } catch {
    return undefined;
  }
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
  const worth = price === undefined ? "NULL::DOUBLE" : `(${i} * ${price.inputUsd} + ${o} * ${price.outputUsd}) / 1e6`;
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
