import { formatDuration, formatNumberOf, formatUsd } from "./format.ts";
import type { ModelChoice, Origin, RunSummary } from "./types/index.ts";

/** What a run's money is counted from. */
export interface MoneyInput {
  readonly summary: RunSummary;
  readonly model: ModelChoice;
  readonly origin: Origin;
}

/**
 * The one line at the end, from the usage that the service reported. A simulation on the local service has cost nothing and
 * saved nothing: it says what it would cost.
 */
export function makeMoneyLines({ summary, model, origin }: MoneyInput): string[] {
  const { rowCount, jobCount, outcomeCounts, durationMs } = summary;
  const answered =
    outcomeCounts.answered === rowCount ? [] : [formatNumberOf(outcomeCounts.answered, "answered", "answered")];
  const thought = sayReasoning(summary);
  const head = [formatNumberOf(rowCount, "row"), ...answered, formatNumberOf(jobCount, "job"), ...thought];
  const asOf = model.prices === undefined ? "" : pricesOf(model);
  if (origin.kind === "local") {
    const counts = [formatNumberOf(rowCount, "row"), formatNumberOf(outcomeCounts.answered, "answered", "answered")];
    const line = [...counts, formatNumberOf(jobCount, "job"), ...thought, formatDuration(durationMs)].join(" · ");
    return [`${line}   (local service; answers are simulated, not a model's)`, wouldCost({ summary, model, origin })];
  }
  if (summary.paidUsd === undefined) {
    const tokens = sayTokens(summary);
    const price = model.prices?.batch === undefined ? `price of ${model.label} not known` : "cost not known";
    return [[...head, tokens, price].join(" · ")];
  }
  const paid = `${sayAtMost(model)}${formatUsd(summary.paidUsd)} paid`;
  if (model.prices?.isBatchAtMost === true) return [[...head, paid, "batch price not known"].join(" · ") + asOf];
  if (summary.onDemandUsd === undefined) return [[...head, paid, "on-demand price not known"].join(" · ") + asOf];
  const saved = summary.onDemandUsd - summary.paidUsd;
  const ratio = summary.onDemandUsd === 0 ? 0 : saved / summary.onDemandUsd;
  const savedText = `${formatUsd(saved)} saved (${Math.round(ratio * 100)} %)`;
  return [[...head, paid, `${formatUsd(summary.onDemandUsd)} on demand`, savedText].join(" · ") + asOf];
}

/** The on-demand price stands where no price in batch is known. */
const sayAtMost = ({ prices }: ModelChoice): string => (prices?.isBatchAtMost === true ? "at most " : "");

function pricesOf({ prices }: ModelChoice): string {
  return prices?.asOf === "given" ? "   (prices as given)" : `   (prices of ${prices?.asOf})`;
}

function wouldCost({ summary, model }: MoneyInput): string {
  const tokens = sayTokens(summary);
  if (summary.paidUsd === undefined) return `On AWS with ${model.label}: price not known (${tokens})`;
  const date = model.prices?.asOf === "given" ? "prices as given" : `prices of ${model.prices?.asOf}`;
  const onDemand = summary.onDemandUsd === undefined ? "" : `, on demand ${formatUsd(summary.onDemandUsd)}`;
  return `On AWS with ${model.label}, ${date}: would cost ${sayAtMost(model)}${formatUsd(summary.paidUsd)}${onDemand}`;
}

/** Reasoning is paid as output, whether it is shown or not. */
function sayReasoning({ reasoning, usage }: RunSummary): string[] {
  if (reasoning === undefined || reasoning.tokens === 0) return [];
  const about = reasoning.isEstimated ? "about " : "";
  const share =
    usage.outputTokens === 0 ? "" : ` (${Math.round((reasoning.tokens / usage.outputTokens) * 100)} % of the output)`;
  return [`${about}${formatNumberOf(reasoning.tokens, "reasoning token")}${share}`];
}

/** A count that the service did not report is not shown as 0. */
function sayTokens({ usage, usageSource }: RunSummary): string {
  if (usageSource === "none") return "tokens not reported";
  return `${formatNumberOf(usage.inputTokens, "input token")}, ${formatNumberOf(usage.outputTokens, "output token")}`;
}
