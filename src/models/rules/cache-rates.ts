/** Data: prompt caching on demand, by the beginning of the base model's id. Batch has none. */

/**
 * What a cached token costs of an input token's price when it is written and when it is read, and how many tokens a prefix needs.
 * Published ratios and minimums, read 2026-11-21; the Price List has the exact figures. That Bedrock caches by itself as well
 * ("implicit") is on the cards of Opus 5, Opus 5.5, Sonnet 5.5 and Haiku 5.5, read 2026-11-30.
 */
export interface CacheRule {
  readonly write: number;
  readonly read: number;
  readonly leastTokens: number;
}

const rules: readonly (readonly [start: string, rule: CacheRule])[] = [
  ["anthropic.claude-haiku-4-5", { write: 1.25, read: 0.1, leastTokens: 4096 }],
  ["anthropic.claude-opus-4-5", { write: 1.25, read: 0.1, leastTokens: 4096 }],
  // These three as AWS's page has them (sources#prompt-caching, read 2026-11-30).
  ["anthropic.claude-opus-4-6", { write: 1.25, read: 0.1, leastTokens: 4096 }],
  ["anthropic.claude-opus-4-7", { write: 1.25, read: 0.1, leastTokens: 4096 }],
  ["anthropic.claude-fable-5", { write: 1.25, read: 0.1, leastTokens: 512 }],
  // The cards of these say 512.
  ["anthropic.claude-opus-5", { write: 1.25, read: 0.1, leastTokens: 512 }],
  ["anthropic.claude-sonnet-5-5", { write: 1.25, read: 0.1, leastTokens: 512 }],
  ["anthropic.claude-haiku-5-5", { write: 1.25, read: 0.1, leastTokens: 512 }],
  ["anthropic.", { write: 1.25, read: 0.1, leastTokens: 1024 }],
  ["amazon.nova-2-multimodal", { write: 1, read: 1, leastTokens: Infinity }],
  ["amazon.nova", { write: 1, read: 0.25, leastTokens: 1000 }],
];

/** Undefined for a model that is not known to cache. */
export function findCacheRule(baseId: string): CacheRule | undefined {
  return rules.find(([start]) => baseId.startsWith(start))?.[1];
}
