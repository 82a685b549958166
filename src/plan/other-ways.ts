import type { Estimate, ModelPrices, OtherWay } from "../foundation/types/index.ts";

/**
 * Prompt caching, which AWS's page has for on demand only: what a cached token costs of an input token's price when it is
 * written and when it is read, and how many tokens a prefix needs. Published ratios and minimums, read 2026-11-21; the Price
 * List has the exact figures.
 */
const caching: readonly (readonly [start: string, rule: { write: number; read: number; leastTokens: number }])[] = [
  ["anthropic.claude-haiku-4-5", { write: 1.25, read: 0.1, leastTokens: 4096 }],
  ["anthropic.claude-opus-4-5", { write: 1.25, read: 0.1, leastTokens: 4096 }],
  ["anthropic.", { write: 1.25, read: 0.1, leastTokens: 1024 }],
  ["amazon.nova-2-multimodal", { write: 1, read: 1, leastTokens: Infinity }],
  ["amazon.nova", { write: 1, read: 0.25, leastTokens: 1000 }],
];

/** A cached prefix is dropped after five minutes without a reader; a steady stream of requests writes it once in a while. */
const readsPerWrite = 100;

export interface OtherWaysInput {
  readonly baseId: string;
  readonly prices: ModelPrices | undefined;
  readonly recordCount: number;
  readonly inputTokens: Estimate;
  readonly outputTokens: Estimate;
  /** What every request begins with: system prompt, schema, the prompt up to its first cell. */
  readonly prefixTokens: number;
  /** What the plan is expected to cost. */
  readonly planUsd: number | undefined;
}

/** Ways that are cheaper than the plan, so that what batch saves is not overstated. */
export function findOtherWays(input: OtherWaysInput): OtherWay[] {
  const { baseId, prices, recordCount, inputTokens, outputTokens, prefixTokens, planUsd } = input;
  const rule = caching.find(([start]) => baseId.startsWith(start))?.[1];
  const price = prices?.onDemand;
  if (rule === undefined || price === undefined || planUsd === undefined || prefixTokens < rule.leastTokens) return [];
  const prefix = Math.min(prefixTokens * recordCount, inputTokens.expected);
  const writes = prefix / readsPerWrite;
  const inputUsd = inputTokens.expected - prefix + writes * rule.write + (prefix - writes) * rule.read;
  const usd = (inputUsd * price.inputUsd + outputTokens.expected * price.outputUsd) / 1e6;
  if (usd >= planUsd) return [];
  const way = `prompt caching on demand: every request begins with the same ${Math.round(prefixTokens).toLocaleString("en-US")} tokens, which are cheaper read from the cache than halved`;
  return [{ way, usd }];
}
