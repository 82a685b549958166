import type { Origin, RunSummary } from "../../foundation/types/index.ts";

/** What a command cost, so that no script takes a simulated amount for a bill. */
export interface DescribedCost {
  /** In US dollars: 0 where nothing was paid, as on the local service; null where it is not known. */
  readonly paidUsd: number | null;
  /** What it costs, or would cost, on AWS; null where it is not known. */
  readonly wouldCostUsd: number | null;
}

/** @param usd by reported usage and prices; undefined where it is not known */
export function describeCost({ kind }: Pick<Origin, "kind">, usd: number | undefined): DescribedCost {
  return { paidUsd: kind === "local" ? 0 : (usd ?? null), wouldCostUsd: usd ?? null };
}

/** A sum of money in a form of its own members: amounts that were not paid or saved are 0, and stand under other names. */
function describeSum(money: object, isLocal: boolean): object {
  const described: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(money)) {
    if (name === "parts" && Array.isArray(value)) {
      described[name] = value.map((part: object) => describeSum(part, isLocal));
      continue;
    }
    const other = name === "paidUsd" || name === "usd" ? "wouldCostUsd" : name.replace(/^saved/, "wouldSave");
    const isAmount = other !== name;
    described[name] = isAmount && isLocal ? 0 : value;
    if (isAmount) described[other] = value;
  }
  return described;
}

/** A run's summary for `--json`. */
export function describeSummary(summary: RunSummary, origin: Origin): object {
  const { paidUsd, money, ...rest } = summary;
  return {
    ...rest,
    origin,
    ...describeCost(origin, paidUsd),
    ...(money === undefined ? {} : { money: describeSum(money, origin.kind === "local") }),
  };
}

/** What all runs of an origin come to, for `--json`. */
export function describeTotal(total: { readonly kind: Origin["kind"]; readonly money: object }): object {
  return { ...total, money: describeSum(total.money, total.kind === "local") };
}

/** A row of the ledger with its summary, for `--json`. */
export function describeRow(row: { readonly origin: Origin; readonly summary?: RunSummary | undefined }): object {
  const { summary, origin } = row;
  return {
    ...row,
    ...describeCost(origin, summary === undefined ? 0 : summary.paidUsd),
    ...(summary === undefined ? {} : { summary: describeSummary(summary, origin) }),
  };
}
