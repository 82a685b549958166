import { addUsd } from "../../foundation/money.ts";
import type { Estimate, RunMoney } from "../../foundation/types/index.ts";
import type { RunRow } from "../../ledger/runs.ts";

/** A run's money, in US dollars; undefined where price or usage is not known. */
export interface BatchMoney {
  /** What was paid, from the usage that the service reported. 0 on the local service, and before the run has ended. */
  readonly paidUsd: number | undefined;
  /** On the local service: what the same run would cost on AWS. */
  readonly wouldCostUsd?: number;
  /** The same requests at the on-demand price. */
  readonly onDemandUsd: number | undefined;
  /** What batch pricing, deduplication and earlier answers saved together. 0 on the local service. */
  readonly savedUsd: number | undefined;
  /** On the local service: what they would save on AWS. */
  readonly wouldSaveUsd?: number;
  /** What the plan said. */
  readonly estimateUsd: Estimate | undefined;
}

/** The money of a run as the ledger has it. */
export function toBatchMoney({ origin, summary, estimateUsd }: RunRow): BatchMoney {
  const isLocal = origin.kind === "local";
  const usd = summary === undefined ? 0 : summary.paidUsd;
  const saved = summary?.money === undefined ? undefined : sumSaved(summary.money);
  return {
    paidUsd: isLocal ? 0 : usd,
    ...(isLocal && usd !== undefined ? { wouldCostUsd: usd } : {}),
    onDemandUsd: summary?.onDemandUsd,
    savedUsd: isLocal ? 0 : saved,
    ...(isLocal && saved !== undefined ? { wouldSaveUsd: saved } : {}),
    estimateUsd,
  };
}

/** @returns undefined where one of the three is not known */
function sumSaved({ savedByBatchUsd, savedByOnceUsd, savedByEarlierUsd }: RunMoney): number | undefined {
  return addUsd(addUsd(savedByBatchUsd, savedByOnceUsd), savedByEarlierUsd);
}
