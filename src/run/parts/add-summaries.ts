import { addUsd } from "../../foundation/money.ts";
import { moneyOf } from "../../foundation/sum-money.ts";
import {
  type Cause,
  type Estimate,
  type Outcome,
  outcomes,
  type PaidKind,
  type PaidPart,
  type RetryOffer,
  type RunMoney,
  type RunSummary,
} from "../../foundation/types/index.ts";
import { noUsage } from "../../report/make-money.ts";

const noOutcomes = Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Record<Outcome, number>;

/** Of a part without rows, and what a sum begins with. */
export const emptySummary: RunSummary = {
  rowCount: 0,
  recordCount: 0,
  outcomeCounts: noOutcomes,
  jobCount: 0,
  usage: noUsage,
  paidUsd: 0,
  onDemandUsd: 0,
  money: {
    ...{ parts: [], paidUsd: 0, onDemandUsd: 0, savedByBatchUsd: 0 },
    ...{ onceCount: 0, savedByOnceUsd: 0, earlierCount: 0, savedByEarlierUsd: 0 },
  },
  causes: [],
  discrepancies: [],
  durationMs: 0,
};

/** Reasons, ends of jobs and disagreements that a summary keeps of all of its parts. */
const mostKept = 100;

/** What a run of a part came to. */
export interface PartSum {
  readonly part: number;
  readonly summary: RunSummary;
  /** It was tried again: what it has cost counts, and the rows are those of the later one. */
  readonly isReplaced: boolean;
}

/**
 * Adds a part to the summary of a run. Rows, outcomes and reasons are those of the latest try of each part, money and jobs those of all; a
 * later try takes the answers of the earlier ones, which saves nothing.
 */
export function addSummary(sum: RunSummary, { part, summary, isReplaced }: PartSum, isFirst: boolean): RunSummary {
  const money = addMoney(moneyOf(sum), moneyOf(summary), isFirst);
  const reasoning = (sum.reasoning?.tokens ?? 0) + (summary.reasoning?.tokens ?? 0);
  const usageSource = worst(sum.usageSource, summary.usageSource);
  const { paidUsd: _, onDemandUsd: __, ...rows } = isReplaced ? sum : addRows(sum, summary);
  const { paidUsd, onDemandUsd } = money;
  return {
    ...rows,
    recordCount: sum.recordCount + summary.recordCount,
    jobCount: sum.jobCount + summary.jobCount,
    usage: {
      inputTokens: sum.usage.inputTokens + summary.usage.inputTokens,
      outputTokens: sum.usage.outputTokens + summary.usage.outputTokens,
    },
    ...(usageSource === undefined ? {} : { usageSource }),
    ...(reasoning === 0
      ? {}
      : {
          reasoning: {
            tokens: reasoning,
            isEstimated: sum.reasoning?.isEstimated === true || summary.reasoning?.isEstimated === true,
          },
        }),
    money,
    ...(paidUsd === undefined ? {} : { paidUsd }),
    ...(onDemandUsd === undefined ? {} : { onDemandUsd }),
    discrepancies: [...sum.discrepancies, ...summary.discrepancies.map((text) => `part ${part}: ${text}`)].slice(
      0,
      mostKept,
    ),
    durationMs: Math.max(sum.durationMs, summary.durationMs),
  };
}

function addRows(sum: RunSummary, summary: RunSummary): RunSummary {
  const outcomeCounts = Object.fromEntries(
    outcomes.map((outcome) => [outcome, sum.outcomeCounts[outcome] + summary.outcomeCounts[outcome]]),
  ) as Record<Outcome, number>;
  const jobEnds = [...(sum.jobEnds ?? []), ...(summary.jobEnds ?? [])].slice(0, mostKept);
  const retry = addOffers(sum.retry, summary.retry);
  return {
    ...sum,
    rowCount: sum.rowCount + summary.rowCount,
    outcomeCounts,
    causes: addCauses(sum.causes, summary.causes),
    ...(jobEnds.length === 0 ? {} : { jobEnds }),
    ...(retry === undefined ? {} : { retry }),
  };
}

/** The same words of the same outcome are one reason. */
function addCauses(one: readonly Cause[], other: readonly Cause[]): Cause[] {
  const all = new Map<string, Cause>();
  for (const cause of [...one, ...other]) {
    const key = `${cause.outcome} ${cause.explanation?.id ?? cause.message}`;
    const before = all.get(key);
    all.set(key, before === undefined ? cause : { ...before, count: before.count + cause.count });
  }
  return [...all.values()].sort((a, b) => b.count - a.count).slice(0, mostKept);
}

function addOffers(one: RetryOffer | undefined, other: RetryOffer | undefined): RetryOffer | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const usd = addEstimate(one.usd, other.usd);
  const lane = one.lane ?? other.lane;
  return {
    recordCount: one.recordCount + other.recordCount,
    leftCount: one.leftCount + other.leftCount,
    unsentCount: one.unsentCount + other.unsentCount,
    ...(lane === undefined ? {} : { lane }),
    ...(usd === undefined ? {} : { usd }),
  };
}

const addEstimate = (one: Estimate | undefined, other: Estimate | undefined): Estimate | undefined =>
  one === undefined || other === undefined
    ? (one ?? other)
    : { low: one.low + other.low, expected: one.expected + other.expected, high: one.high + other.high };

const worst = (one: RunSummary["usageSource"], other: RunSummary["usageSource"]): RunSummary["usageSource"] =>
  one === "none" || other === "none" ? "none" : (one ?? other);

function addMoney(one: RunMoney, other: RunMoney, isFirst: boolean): RunMoney {
  const kinds: readonly PaidKind[] = ["batch", "on_demand", "retry", "canary"];
  const parts = kinds.flatMap((kind): PaidPart[] => {
    const own = [...one.parts, ...other.parts].filter((part) => part.kind === kind);
    const [first, ...rest] = own;
    if (first === undefined) return [];
    return [
      rest.reduce((sum, part) => {
        const usd = addUsd(sum.usd, part.usd);
        return {
          kind,
          requestCount: sum.requestCount + part.requestCount,
          usage: {
            inputTokens: sum.usage.inputTokens + part.usage.inputTokens,
            outputTokens: sum.usage.outputTokens + part.usage.outputTokens,
          },
          ...(usd === undefined ? {} : { usd }),
        };
      }, first),
    ];
  });
  const named = <Name extends keyof RunMoney>(name: Name, value: RunMoney[Name] | undefined): Partial<RunMoney> =>
    value === undefined ? {} : { [name]: value };
  return {
    ...named("estimateUsd", one.estimateUsd),
    parts,
    ...named("paidUsd", addUsd(one.paidUsd, other.paidUsd)),
    ...named("onDemandUsd", addUsd(one.onDemandUsd, other.onDemandUsd)),
    ...named("savedByBatchUsd", addUsd(one.savedByBatchUsd, other.savedByBatchUsd)),
    onceCount: one.onceCount + (isFirst ? other.onceCount : 0),
    ...named("savedByOnceUsd", isFirst ? addUsd(one.savedByOnceUsd, other.savedByOnceUsd) : one.savedByOnceUsd),
    earlierCount: one.earlierCount + (isFirst ? other.earlierCount : 0),
    ...named(
      "savedByEarlierUsd",
      isFirst ? addUsd(one.savedByEarlierUsd, other.savedByEarlierUsd) : one.savedByEarlierUsd,
    ),
    ...named("pricesAsOf", other.pricesAsOf ?? one.pricesAsOf),
    ...named("pricesSource", other.pricesSource ?? one.pricesSource),
  };
}
