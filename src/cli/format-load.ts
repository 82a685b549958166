import { formatCount, formatNumberOf, formatTokens } from "../foundation/format.ts";
import type { JobLoad } from "../index.ts";

/** Whether CloudWatch had anything, or refused: what is worth a line of a log. */
export function hasReading({ load, problem }: JobLoad): boolean {
  return problem !== undefined || load?.pendingRecords !== undefined || load?.inputTokensPerMinute !== undefined;
}

/** What CloudWatch knows of a model, in one line: the model's and the account's, never one job's. */
export function formatLoad({ label, load, problem }: JobLoad): string {
  if (load === undefined) return `CloudWatch could not be read: ${problem}`;
  const { pendingRecords, pendingTokens, inputTokensPerMinute: input, outputTokensPerMinute: output } = load;
  const parts = [
    pendingRecords === undefined ? [] : `${formatNumberOf(pendingRecords.value, "record")} pending`,
    pendingTokens === undefined ? [] : `${formatTokens(pendingTokens.value)} tokens pending`,
    input === undefined ? [] : `${formatTokens(input.value)} tokens in a minute`,
    output === undefined ? [] : `${formatTokens(output.value)} tokens out a minute`,
  ].flat();
  const at = Math.max(...[pendingRecords, pendingTokens, input, output].map((measured) => measured?.at ?? 0));
  if (parts.length === 0)
    return `all jobs of ${label} in this account: CloudWatch has no metric of it (AWS/Bedrock/Batch)`;
  const missing = [pendingRecords, input].filter((measured) => measured === undefined).length;
  const rest = missing === 0 ? "" : `; ${formatCount(missing)} of the metrics are absent`;
  const clock = new Date(at).toISOString().slice(11, 16);
  return `all jobs of ${label} in this account: ${parts.join(", ")} (CloudWatch, ${clock} UTC${rest})`;
}
