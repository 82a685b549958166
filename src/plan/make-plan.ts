import type { Estimate, JobLimits, JsonSchema, ModelChoice, Plan, RecordSummary, TokenPrice } from "../types.ts";
import { cutShards } from "./cut-shards.ts";
import { estimateOutput } from "./estimate-output.ts";

export interface PlanInput {
  readonly summary: RecordSummary;
  readonly model: ModelChoice;
  readonly limits: JobLimits;
  readonly maxTokens: number;
  readonly output: JsonSchema | undefined;
  /** How far the true count of input tokens may be from the estimate, as factors. */
  readonly inputTokenBand: { readonly low: number; readonly high: number };
}

/** What tokens cost. */
export function costOf(price: TokenPrice, inputTokens: number, outputTokens: number): number {
  return (inputTokens * price.inputUsd + outputTokens * price.outputUsd) / 1_000_000;
}

function estimateCost(price: TokenPrice, input: Estimate, output: Estimate): Estimate {
  return {
    low: costOf(price, input.low, output.low),
    expected: costOf(price, input.expected, output.expected),
    high: costOf(price, input.high, output.high),
  };
}

/**
 * Makes the plan: pure, and the same for the same input.
 * @throws RECORD_TOO_LARGE
 */
export function makePlan({ summary, model, limits, maxTokens, output, inputTokenBand }: PlanInput): Plan {
  const inputTokens: Estimate = {
    low: Math.floor(summary.inputTokens * inputTokenBand.low),
    expected: summary.inputTokens,
    high: Math.ceil(summary.inputTokens * inputTokenBand.high),
  };
  const outputTokens = estimateOutput(summary.recordCount, maxTokens, output);
  const cost = (price: TokenPrice | undefined): Estimate | undefined =>
    price === undefined ? undefined : estimateCost(price, inputTokens, outputTokens);
  const batchUsd = cost(model.prices?.batch);
  const onDemandUsd = cost(model.prices?.onDemand);
  const globalBatchUsd = cost(model.global?.prices?.batch);
  return {
    model,
    limits,
    rowCount: summary.rowCount,
    recordCount: summary.recordCount,
    skippedCount: summary.skippedCount,
    duplicateCount: summary.duplicateCount,
    emptyCells: summary.emptyCells,
    sizeBytes: summary.sizeBytes,
    shards: cutShards(summary.blocks, summary.rowCount, limits),
    inputTokens,
    outputTokens,
    ...(batchUsd === undefined ? {} : { batchUsd }),
    ...(onDemandUsd === undefined ? {} : { onDemandUsd }),
    ...(globalBatchUsd === undefined ? {} : { globalBatchUsd }),
    samples: summary.samples,
  };
}
