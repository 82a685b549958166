import type { ClientModel } from "./client-models.ts";
import type { JsonObject } from "./types.ts";

/** How much a model is to think before it answers. */
export type ReasoningLevel = "minimal" | "low" | "medium" | "high" | "xhigh" | "max";

/** Tokens of thought, for models that take a number; Anthropic's least is 1024. */
const budgets: Readonly<Record<ReasoningLevel, number>> = {
  minimal: 1024,
  low: 2048,
  medium: 8192,
  high: 16_384,
  xhigh: 32_768,
  max: 32_768,
};

/** What a request says of reasoning, in a model's own fields. */
export interface ReasoningFields {
  readonly more: JsonObject;
  /** Tokens that thought takes of the answer's limit. */
  readonly budgetTokens: number;
}

/** The fields that ask a model to think; undefined where it takes none. */
export function makeReasoningFields({ choice }: ClientModel, level: ReasoningLevel): ReasoningFields | undefined {
  if (choice.family === "anthropic-messages") return makeThinkingFields(budgets[level]);
  if (choice.family !== "openai-chat") return undefined;
  const effort = level === "minimal" ? "low" : level === "xhigh" || level === "max" ? "high" : level;
  return { more: { reasoning_effort: effort }, budgetTokens: 0 };
}

/** Anthropic's thinking, with a budget. */
export function makeThinkingFields(budgetTokens: number): ReasoningFields {
  return { more: { thinking: { type: "enabled", budget_tokens: budgetTokens } }, budgetTokens };
}
