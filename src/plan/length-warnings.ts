import type { ModelChoice } from "../foundation/types/index.ts";

/** Bytes of a token, at the most: only a text beyond this is sure to be too long. `unconfirmed`, as all token counts are. */
const mostBytesPerToken = 6;

/**
 * Says where the longest request is likely more than its model reads. It is a warning and no refusal: tokens are counted by
 * the model alone, and one long record costs that record and no other.
 * @param longestRow the row of that request, from 0
 */
export function findLengthWarnings(
  { label, contextTokens }: Pick<ModelChoice, "label" | "contextTokens">,
  longestLineBytes: number,
  maxTokens: number,
  longestRow?: number,
): string[] {
  if (contextTokens === undefined) return [];
  const leastTokens = Math.floor(longestLineBytes / mostBytesPerToken) + maxTokens;
  if (leastTokens <= contextTokens) return [];
  const count = (value: number): string => value.toLocaleString("en-US");
  return [
    `The longest request${longestRow === undefined ? "" : ` (row ${count(longestRow + 1)})`} has ${count(longestLineBytes)} bytes: with its answer more than the ${count(contextTokens)} tokens that ${label} reads. Its record would fail.`,
  ];
}
