import type { Estimate } from "../foundation/types/index.ts";
import { estimateInput, findTokenRule } from "../models/rules/token-rules.ts";

/** What is sent again, before it is sent. */
export interface RetrySize {
  readonly recordCount: number;
  /** Estimated as the plan did, with what a request has besides its texts. */
  readonly inputTokens: number;
  /** The limits of all records together; 0 for embeddings. */
  readonly maxOutputTokens: number;
}

/**
 * Tokens of what is sent again. What was answered tells how long answers are; where nothing was, half of the limit is taken.
 * @param answered how many records the run has answers of, and their output tokens
 */
export function estimateRetry(
  { recordCount, inputTokens, maxOutputTokens }: RetrySize,
  baseId: string,
  answered: { readonly recordCount: number; readonly outputTokens: number },
): { readonly input: Estimate; readonly output: Estimate } {
  const rule = findTokenRule(baseId);
  const textTokens = Math.max(0, inputTokens - recordCount * rule.frameTokens.expected);
  const usual =
    answered.recordCount === 0 ? maxOutputTokens / 2 : (answered.outputTokens / answered.recordCount) * recordCount;
  return {
    input: estimateInput(rule, recordCount, textTokens),
    output: {
      low: Math.min(maxOutputTokens, recordCount),
      expected: Math.min(maxOutputTokens, usual),
      high: maxOutputTokens,
    },
  };
}
