import { formatBytes, formatCount, formatNumberOf, formatTokens, formatUsd } from "../report/format.ts";
import type { Estimate, Plan } from "../types.ts";
import { colors } from "./terminal.ts";

const range = (estimate: Estimate, format: (value: number) => string): string =>
  `${format(estimate.expected)}  (${format(estimate.low)} to ${format(estimate.high)})`;

/** The plan as text. What it says is what `run` does. */
export function formatPlan(plan: Plan, table: string, maxTokens: number): string[] {
  const { model, limits, shards } = plan;
  const lines: string[] = [];
  const add = (label: string, text: string): void => {
    lines.push(`${colors.dim(label.padEnd(11))}${text}`);
  };
  add("Table", `${table}, ${formatNumberOf(plan.rowCount, "row")}`);
  const apart = [
    plan.duplicateCount > 0
      ? `${formatNumberOf(plan.duplicateCount, "row")} ${plan.duplicateCount === 1 ? "shares" : "share"} the request of another`
      : "",
    plan.skippedCount > 0 ? `${formatCount(plan.skippedCount)} skipped: no text in the prompt` : "",
  ].filter((part) => part !== "");
  add("Records", [formatNumberOf(plan.recordCount, "distinct request"), ...apart].join("; "));
  const empty = Object.entries(plan.emptyCells).filter(([, count]) => count > 0);
  if (empty.length > 0) {
    add("Empty", empty.map(([name, count]) => `${name}: ${formatNumberOf(count, "empty cell")}`).join(", "));
  }
  for (const [index, { row, text }] of plan.samples.entries()) {
    const flat = text.replace(/\s+/g, " ").trim();
    const shown = [...flat].length > 160 ? `${[...flat].slice(0, 159).join("")}…` : flat;
    add(index === 0 ? "Prompts" : "", `${colors.dim(`row ${formatCount(row + 1)}`)}  ${shown}`);
  }
  add("Model", `${model.label}, as ${model.invokeId}`);
  add("", colors.dim(model.reason));
  for (const warning of model.warnings ?? []) add("", colors.yellow(warning));
  const sizes =
    shards.length === 1
      ? ""
      : `, ${formatCount(Math.min(...shards.map((shard) => shard.recordCount)))} to ${formatCount(Math.max(...shards.map((shard) => shard.recordCount)))} records each`;
  add("Jobs", `${formatNumberOf(shards.length, "job")}${sizes}, ${formatBytes(plan.sizeBytes)}`);
  add(
    "",
    colors.dim(
      `a job takes ${formatCount(limits.minRecordsPerJob)} to ${formatCount(limits.maxRecordsPerJob)} records (${limits.source})`,
    ),
  );
  add("Tokens in", range(plan.inputTokens, formatTokens));
  const isVector = plan.outputTokens.high === 0;
  add(
    "Tokens out",
    isVector
      ? "none: an answer is a vector"
      : `${range(plan.outputTokens, formatTokens)}; an answer has at most ${formatCount(maxTokens)}`,
  );
  if (plan.batchUsd === undefined) {
    add("Price", `not known for ${model.label}; give it with --price in/out`);
    return lines;
  }
  add("Price", colors.bold(range(plan.batchUsd, formatUsd)));
  const ratio = plan.onDemandUsd === undefined ? undefined : 1 - plan.batchUsd.expected / plan.onDemandUsd.expected;
  if (plan.onDemandUsd !== undefined && ratio !== undefined) {
    add("On demand", `${range(plan.onDemandUsd, formatUsd)}; batch saves ${Math.round(ratio * 100)} %`);
  }
  if (plan.globalBatchUsd !== undefined && model.global !== undefined) {
    add("Global", `${range(plan.globalBatchUsd, formatUsd)} through ${model.global.invokeId}`);
  }
  add(
    "",
    colors.dim(
      `prices ${model.prices?.asOf === "given" ? "as given" : `of ${model.prices?.asOf}`}; tokens are estimated from lengths, halfprice try measures a few`,
    ),
  );
  return lines;
}
