import { formatNumberOf, formatTokens, formatUsd } from "./format.ts";
import type { Origin, PaidKind, RunMoney } from "./types/index.ts";

/** What each way of paying is called. */
export const paidNames: Readonly<Record<PaidKind, string>> = {
  batch: "batch",
  on_demand: "on demand",
  retry: "retries",
  canary: "canary",
};

/** A line of a run's money: what it is, the figure, and where that comes from. */
export interface MoneyRow {
  readonly label: string;
  readonly figure: string;
  readonly note: string;
}

const unknown = "not known";
const show = (usd: number | undefined): string => (usd === undefined ? unknown : formatUsd(usd));

/**
 * Everything about a run's money, line by line: what was estimated, is reserved, was paid and how, and what was saved and
 * how. A simulation pays and saves nothing: its lines say what it would come to.
 */
export function makeMoneyTable(money: RunMoney, origin: Origin, reservedUsd?: number): MoneyRow[] {
  const isReal = origin.kind === "aws";
  const rows: MoneyRow[] = [];
  const { estimateUsd: estimate, parts, onceCount, earlierCount } = money;
  if (estimate !== undefined) {
    const note = `${formatUsd(estimate.low)} to ${formatUsd(estimate.high)}`;
    rows.push({ label: "estimate", figure: formatUsd(estimate.expected), note });
  }
  if (reservedUsd !== undefined && reservedUsd > 0) {
    rows.push({ label: "reserved", figure: formatUsd(reservedUsd), note: "at most, for what is not paid yet" });
  }
  const paid = isReal ? "paid" : "would cost";
  for (const { kind, requestCount, usage, usd } of parts) {
    const tokens = `${formatTokens(usage.inputTokens)} tokens in, ${formatTokens(usage.outputTokens)} out`;
    const note = `${formatNumberOf(requestCount, "request")}, ${tokens}`;
    rows.push({ label: parts.length === 1 ? paid : `  ${paidNames[kind]}`, figure: show(usd), note });
  }
  // Nothing was summed up yet.
  if (parts.length === 0 && money.paidUsd === undefined) return rows;
  if (parts.length > 1) rows.push({ label: paid, figure: show(money.paidUsd), note: "" });
  const saved = isReal ? "saved" : "would save";
  // Nothing was sent: there is nothing to compare.
  if (parts.length > 0) {
    rows.push({ label: "on demand", figure: show(money.onDemandUsd), note: "the same requests at the full price" });
    rows.push({ label: `${saved} by batch pricing`, figure: show(money.savedByBatchUsd), note: sayRatio(money) });
  }
  if (onceCount > 0) {
    const note = `${formatNumberOf(onceCount, "row")} with a request that was sent for another`;
    rows.push({ label: `${saved} by deduplication`, figure: show(money.savedByOnceUsd), note });
  }
  if (earlierCount > 0) {
    const note = `${formatNumberOf(earlierCount, "request")} answered in earlier runs`;
    rows.push({ label: `${saved} by earlier answers`, figure: show(money.savedByEarlierUsd), note });
  }
  return rows;
}

/** The true percentage, for this model and run. */
function sayRatio({ savedByBatchUsd: saved, onDemandUsd }: RunMoney): string {
  if (saved === undefined || onDemandUsd === undefined || onDemandUsd === 0) return "";
  return `${Math.round((saved / onDemandUsd) * 100)} % of the on-demand price`;
}
