import { formatCount, formatNumberOf, formatUsd } from "../foundation/format.ts";
import type { PlannedRetry } from "../index.ts";
import { colors } from "./display/colors.ts";
import { formatTable } from "./print-table.ts";

/** What is done about records of each kind, or why nothing is. */
const ways: Readonly<Record<PlannedRetry["sent"][number]["way"], string>> = {
  again: "sent again as it was",
  longer: "sent again, twice the limit",
  corrected: "sent again, with this said",
  request: "left: refused again",
  declined: "left: declined again",
  "at-limit": "left: at the model's limit",
  ready: "left: a ready body stays as it is",
  spent: "left: --max-attempts is reached",
};

/** What a retry would do and cost, before the question. */
export function formatRetry(retry: PlannedRetry, width: number): string[] {
  const { runId, runName, round, sent, left, recordCount, unsentCount, earlierCount, awaited, lanes, costUsd } = retry;
  const label = (text: string): string => colors.dim(text.padEnd(11));
  const lines = [`${label("Retry")}round ${round} of ${runId}  ${runName}`];
  const groups = [...sent, ...left];
  if (groups.length > 0) {
    const cells = groups.map(({ way, recordCount: count, cause }) => [formatCount(count), ways[way], cause]);
    const columns = [{ head: "records", align: "right" as const }, { head: "what happens" }, { head: "because" }];
    lines.push(...formatTable(columns, cells, width));
  }
  if (unsentCount > 0)
    lines.push(`${label("Unsent")}${formatNumberOf(unsentCount, "record")} of them were never sent before`);
  if (earlierCount > 0)
    lines.push(
      `${label("Answered")}${formatNumberOf(earlierCount, "record")} by other runs: taken from there, not sent again`,
    );
  for (const { runId, requestCount } of awaited)
    lines.push(
      `${label("In flight")}${formatNumberOf(requestCount, "record")} in run ${runId}: awaited, not sent again`,
    );
  if (recordCount + earlierCount + awaited.length === 0) {
    lines.push(
      groups.length === 0
        ? "Every record has a good answer; there is nothing to send again."
        : "There is nothing that could get a good answer; nothing is sent.",
    );
    return lines;
  }
  if (recordCount === 0) return lines;
  for (const { lane, recordCount: count, usd } of lanes) {
    const how =
      lane === "batch"
        ? `${formatNumberOf(count, "record")} in ${formatNumberOf(retry.jobCount, "job")}, in batch`
        : `${formatNumberOf(count, "record")} on demand, at the full price (a job needs at least ${formatCount(retry.minRecordsPerJob)})`;
    const price =
      usd === undefined ? "price not known" : `about ${formatUsd(usd.expected)}, at most ${formatUsd(usd.high)}`;
    lines.push(`${label(lane === "batch" ? "Batch" : "On demand")}${how}: ${price}`);
  }
  if (costUsd !== undefined && lanes.length > 1) {
    lines.push(`${label("Cost")}about ${formatUsd(costUsd.expected)}, at most ${formatUsd(costUsd.high)}`);
  }
  return lines;
}
