/** Data: how many tokens models spend on reasoning before they answer, by the beginning of the base model's id. */
import type { Estimate, ModelChoice } from "../../foundation/types/index.ts";

/**
 * Reasoning is billed as output and counts against the limit of tokens. How long it is depends on the question and is in no
 * document: all figures are `unconfirmed` rules of thumb for short questions, which `halfprice try` and a canary sharpen.
 */
export interface ReasoningRule {
  /** Tokens of reasoning of a record. `high` is the room that a limit has to leave for it. */
  readonly tokens: Estimate;
}

const rule = (low: number, expected: number, high: number): ReasoningRule => ({ tokens: { low, expected, high } });

const rules: readonly (readonly [start: string, rule: ReasoningRule])[] = [
  // With a limit of 60 every record ended with `length` and no answer (BerriAI/litellm-docs pull 1408, 2026-09).
  ["openai.gpt-oss", rule(5, 150, 1000)],
  // Adaptive: it may think not at all, or for long (card of Claude Opus 5, read 2026-11-30:
  // https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-anthropic-claude-opus-5.html). 1,024 is the least budget that the
  // Claude models with a fixed one accept; this is room for twice that.
  ["anthropic.", rule(0, 400, 2048)],
  // Made to think at length.
  ["moonshot.kimi-k2-thinking", rule(20, 1000, 4000)],
  ["moonshotai.", rule(0, 800, 3000)],
  ["deepseek.", rule(0, 600, 2000)],
];

/** For every other model that reasons. */
const other = rule(0, 500, 2000);

/** How a model reasons; undefined where it does not by itself. */
export function findReasoningRule({
  baseId,
  reasons,
}: Pick<ModelChoice, "baseId" | "reasons">): ReasoningRule | undefined {
  return reasons === true ? (rules.find(([start]) => baseId.startsWith(start))?.[1] ?? other) : undefined;
}
