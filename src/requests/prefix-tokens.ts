import { findTokenRule } from "../models/rules/token-rules.ts";
import type { Prompt } from "../prompt/prompt.ts";
import { bodySql, type RequestShape } from "./body-sql.ts";
import { estimateTokens } from "./estimate-tokens.ts";

/**
 * Tokens that every request begins with: the system prompt, the schema in words, and a template up to its first cell. What a
 * function writes and what ready bodies begin with is not known.
 */
export function estimatePrefix(shape: RequestShape, prompt: Prompt): number {
  const { lettersPerToken } = findTokenRule(shape.baseId);
  const [first] = prompt.kind === "template" ? prompt.parts : [];
  const head = first?.kind === "text" ? first.text : "";
  return estimateTokens(`${bodySql(shape).fixedText}${head}`, lettersPerToken);
}
