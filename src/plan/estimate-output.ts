import type { Estimate, JsonSchema } from "../foundation/types/index.ts";
import type { ReasoningRule } from "../models/rules/reasoning-rules.ts";

/** Tokens of a field's name, quotes and a short value. `unconfirmed`: a rule of thumb, which `try` sharpens. */
const tokensPerField = 14;

/**
 * Output tokens of all records, with those of reasoning. Nobody knows how long answers will be before they are there: the low end
 * is a few words, the high end is the limit that was set, and what is expected depends on whether a shape was asked for.
 * @param reasoning of a model that thinks before it answers: inside the limit, and billed as output
 */
export function estimateOutput(
  recordCount: number,
  maxTokens: number,
  output: JsonSchema | undefined,
  reasoning?: ReasoningRule,
): Estimate {
  const thought = reasoning?.tokens ?? { low: 0, expected: 0 };
  const least = output === undefined ? 5 : Math.ceil((countFields(output) * tokensPerField) / 3);
  const low = Math.min(maxTokens, least + thought.low);
  const usual = output === undefined ? maxTokens * 0.4 : 6 + countFields(output) * tokensPerField;
  const expected = Math.max(low, Math.min(maxTokens, Math.ceil(usual + thought.expected)));
  return { low: recordCount * low, expected: recordCount * expected, high: recordCount * maxTokens };
}

function countFields(schema: unknown): number {
  if (typeof schema !== "object" || schema === null) return 0;
  const { properties, items } = schema as { properties?: Record<string, unknown>; items?: unknown };
  const own = properties === undefined ? [] : Object.values(properties);
  const inner = own.reduce<number>((sum, property) => sum + Math.max(1, countFields(property)), 0);
  // A list is taken to have three items.
  return inner + 3 * Math.max(0, countFields(items));
}
