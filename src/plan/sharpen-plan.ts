import { defined } from "../foundation/defined.ts";
import type { Estimate, Plan } from "../foundation/types/index.ts";
import { planLanes, sumLanes } from "./plan-lanes.ts";

/** What some records have really used, compared with what was estimated of them. */
export interface Measured {
  readonly recordCount: number;
  /** Reported input tokens over estimated ones: the mean of the records, and its standard error. */
  readonly inputRatio: { readonly mean: number; readonly error: number };
  /** Reported output tokens of a record. */
  readonly outputTokens: { readonly mean: number; readonly error: number };
}

/** Fewer records tell too little of the spread. */
const leastRecords = 5;
/** An interval of so many standard errors, and never narrower than so much of the mean: the rest may differ from the sample. */
const errors = 3;
const leastWidth = 0.1;

function around(mean: number, error: number, factor: number): Estimate {
  const width = Math.max(mean * leastWidth, errors * error);
  return {
    low: Math.floor(Math.max(0, mean - width) * factor),
    expected: Math.round(mean * factor),
    high: Math.ceil((mean + width) * factor),
  };
}

/**
 * Makes a plan's estimate of what is still to be sent narrower by what was measured; as it was where that tells too little.
 * @param paidUsd what measuring it has cost, which is part of the run's cost
 */
export function sharpenPlan(plan: Plan, measured: Measured, paidUsd: number): Plan {
  if (measured.recordCount < leastRecords || plan.recordCount === 0) return plan;
  const { inputRatio, outputTokens: output } = measured;
  const inputTokens = around(inputRatio.mean, inputRatio.error, plan.inputTokens.expected);
  const most = plan.outputTokens.high;
  const found = around(output.mean, output.error, plan.recordCount);
  const outputTokens = {
    low: Math.min(found.low, most),
    expected: Math.min(found.expected, most),
    high: Math.min(found.high, most),
  };
  const lanes = planLanes(plan.shards, plan.model, inputTokens, outputTokens);
  const sum = sumLanes(lanes);
  const costUsd =
    sum === undefined
      ? undefined
      : { low: sum.low + paidUsd, expected: sum.expected + paidUsd, high: sum.high + paidUsd };
  const { costUsd: _, batchUsd: __, onDemandUsd: ___, globalBatchUsd: ____, globalUsd: _____, ...rest } = plan;
  return { ...rest, inputTokens, outputTokens, lanes, ...defined({ costUsd }) };
}
