/** Data: which models cache what a request marks, by the beginning of their ids (sources#prompt-caching, read 2026-11-30). */

export interface CacheRule {
  /** What lies before the first checkpoint must have at least this many tokens, before the second twice as many, and so on. */
  readonly leastTokens: number;
  /** Longer ones are not cached; undefined where no limit is known. */
  readonly mostTokens?: number;
  /** Whether tools can be marked. */
  readonly tools: boolean;
  /** How many blocks before a checkpoint are looked through for an earlier one. */
  readonly lookback: number;
  /** Whether a checkpoint can live for an hour instead of five minutes. */
  readonly hour: boolean;
}

const claude = (leastTokens: number, hour = true): CacheRule => ({ leastTokens, tools: true, lookback: 20, hour });
// The cards say 1K, and 20K at most; that a longer prefix is not cached at all is unconfirmed.
const nova: CacheRule = { leastTokens: 1000, mostTokens: 20_000, tools: false, lookback: 0, hour: false };

// The first that fits. Models without a row cache nothing.
const rules: readonly (readonly [start: string, rule: CacheRule])[] = [
  ["anthropic.claude-fable-5", claude(512)],
  ["anthropic.claude-opus-5", claude(512)],
  ["anthropic.claude-sonnet-5-5", claude(512)],
  ["anthropic.claude-haiku-5-5", claude(512)],
  ["anthropic.claude-opus-4-8", claude(1024)],
  ["anthropic.claude-opus-4-7", claude(4096)],
  ["anthropic.claude-opus-4-6", claude(4096)],
  ["anthropic.claude-opus-4-5", claude(4096)],
  ["anthropic.claude-haiku-4-5", claude(4096)],
  ["anthropic.claude-sonnet-5", claude(1024)],
  ["anthropic.claude-sonnet-4-6", claude(1024)],
  ["anthropic.claude-sonnet-4-5", claude(1024)],
  ["anthropic.claude-3-7-sonnet", claude(1024, false)],
  ["anthropic.claude-3-5-sonnet-20241022-v2", claude(1024, false)],
  // Not on that page any more, and on earlier ones.
  ["anthropic.claude-sonnet-4-2", claude(1024, false)],
  ["anthropic.claude-opus-4-2", claude(1024, false)],
  ["anthropic.claude-opus-4-1", claude(1024, false)],
  ["anthropic.claude-3-5-haiku", claude(2048, false)],
  ["amazon.nova-2-lite", nova],
  ["amazon.nova-lite", nova],
  ["amazon.nova-micro", nova],
  ["amazon.nova-pro", nova],
  ["amazon.nova-premier", nova],
];

/** Undefined for a model that caches nothing. */
export const findCacheRule = (modelId: string): CacheRule | undefined =>
  rules.find(([start]) => modelId.startsWith(start))?.[1];
