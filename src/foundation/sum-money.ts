import { defined } from "./defined.ts";
import type { Estimate, PaidPart, RunMoney, RunSummary } from "./types/index.ts";

/** The money of several runs of one origin. Figures that are not known are left out, and counted. */
export interface MoneyTotal {
  readonly runCount: number;
  /** Runs that have ended and whose price is not known: their tokens count, their cost does not. */
  readonly unpricedCount: number;
  readonly money: RunMoney;
}

/** A summary's money; for runs of before there was such an account, what can be told of it. */
export function moneyOf({ money, recordCount, usage, paidUsd, onDemandUsd }: RunSummary): RunMoney {
  if (money !== undefined) return money;
  const saved = paidUsd === undefined || onDemandUsd === undefined ? undefined : onDemandUsd - paidUsd;
  return {
    parts: [{ kind: "batch", requestCount: recordCount, usage, ...defined({ usd: paidUsd }) }],
    ...defined({ paidUsd, onDemandUsd, savedByBatchUsd: saved }),
    onceCount: 0,
    earlierCount: 0,
  };
}

/** Adds the money of runs up. @param estimates of all of them, those under way included */
export function sumMoney(
  runs: readonly { readonly summary: RunSummary | undefined; readonly estimateUsd: Estimate | undefined }[],
): MoneyTotal {
  const moneys = runs.flatMap(({ summary }) => (summary === undefined ? [] : [moneyOf(summary)]));
  const sum = (figure: (money: RunMoney) => number | undefined): number =>
    moneys.reduce((total, money) => total + (figure(money) ?? 0), 0);
  const estimates = runs.flatMap(({ estimateUsd }) => estimateUsd ?? []);
  const estimate = (name: keyof Estimate): number => estimates.reduce((total, each) => total + each[name], 0);
  const kinds = [...new Set(moneys.flatMap(({ parts }) => parts.map(({ kind }) => kind)))];
  const parts = kinds.map((kind): PaidPart => {
    const own = moneys.flatMap((money) => money.parts.filter((part) => part.kind === kind));
    const add = (figure: (part: PaidPart) => number): number => own.reduce((total, part) => total + figure(part), 0);
    return {
      kind,
      requestCount: add(({ requestCount }) => requestCount),
      usage: {
        inputTokens: add(({ usage }) => usage.inputTokens),
        outputTokens: add(({ usage }) => usage.outputTokens),
      },
      usd: add(({ usd = 0 }) => usd),
    };
  });
  return {
    runCount: runs.length,
    unpricedCount: moneys.filter(({ paidUsd }) => paidUsd === undefined).length,
    money: {
      ...(estimates.length === 0
        ? {}
        : { estimateUsd: { low: estimate("low"), expected: estimate("expected"), high: estimate("high") } }),
      parts,
      paidUsd: sum(({ paidUsd }) => paidUsd),
      onDemandUsd: sum(({ onDemandUsd, paidUsd }) => onDemandUsd ?? paidUsd),
      savedByBatchUsd: sum(({ savedByBatchUsd }) => savedByBatchUsd),
      onceCount: sum(({ onceCount }) => onceCount),
      savedByOnceUsd: sum(({ savedByOnceUsd }) => savedByOnceUsd),
      earlierCount: sum(({ earlierCount }) => earlierCount),
      savedByEarlierUsd: sum(({ savedByEarlierUsd }) => savedByEarlierUsd),
    },
  };
}
