import type { ModelChoice } from "../foundation/types/index.ts";
import { findReasoningRule } from "../models/rules/reasoning-rules.ts";

/** The suggested limit is a round number. */
const step = 100;

/**
 * Says where the limit of tokens leaves no room to think: then answers are cut off or empty, and paid for. It is a warning and
 * no refusal, as some questions need little thought.
 * @param maxTokens 0 for embeddings
 */
export function findReasoningWarnings(
  model: Pick<ModelChoice, "label" | "baseId" | "reasons" | "maxOutputTokens">,
  maxTokens: number,
): string[] {
  const room = findReasoningRule(model)?.tokens.high;
  if (room === undefined || maxTokens === 0 || maxTokens >= room) return [];
  // Whoever set the limit had the answer in mind: it stays what the answer may have.
  const wanted = Math.ceil((room + maxTokens) / step) * step;
  const enough = Math.min(wanted, model.maxOutputTokens ?? Infinity);
  const count = (value: number): string => value.toLocaleString("en-US");
  return [
    `${model.label} thinks before it answers, and that counts against max_tokens: with ${count(maxTokens)} many answers may be cut off or empty, and are paid for. ${count(enough)} would do: --max-tokens ${enough}`,
  ];
}
