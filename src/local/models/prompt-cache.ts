/**
 * Prompt caching, on demand only: what lies before a mark is written once and read while it lives, each reading from anew
 * (sources#prompt-caching). That models cache by themselves as well is best effort on AWS and is not built.
 */
import { createHash } from "node:crypto";
import type { Clock } from "../clock.ts";
import type { PromptBlock } from "./answers/prompt-blocks.ts";
import type { CacheRule } from "./cache-rules.ts";
import { type CacheTtl, type CacheUse, noCacheUse } from "./cache-use.ts";

export interface PromptCache {
  /** @param owner whose the entries are: the Region and the model */
  use(owner: string, rule: CacheRule, blocks: readonly PromptBlock[]): CacheUse;
}

interface Entry {
  readonly ttlMs: number;
  untilMs: number;
}

/** The end of a block: what lies before it, by its hash, and its tokens. */
interface Boundary {
  readonly key: string;
  readonly tokens: number;
  readonly toolTokens: number;
  /** Set where this is a checkpoint that is long enough. */
  readonly ttl: CacheTtl | undefined;
}

const ttlMs: Readonly<Record<CacheTtl, number>> = { "5m": 5 * 60_000, "1h": 60 * 60_000 };
/** Above this the ones that have ended are forgotten. */
const mostEntries = 10_000;
const mostCheckpoints = 4;

// Anthropic's words, seen on Bedrock for Claude; unconfirmed for Nova.
/** What is wrong with a request's marks, or undefined. */
export function findCacheProblem(blocks: readonly PromptBlock[]): string | undefined {
  const marked = blocks.filter(({ ttl }) => ttl !== undefined);
  if (marked.length > mostCheckpoints) {
    return `A maximum of ${mostCheckpoints} blocks with cache_control may be provided. Found ${marked.length}.`;
  }
  const short = marked.findIndex(({ ttl }) => ttl === "5m");
  const late = marked.findLast(({ ttl }, at) => ttl === "1h" && short !== -1 && at > short);
  if (late === undefined) return undefined;
  return `${late.section}: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. Note that blocks are processed in the following order: \`tools\`, \`system\`, \`messages\`.`;
}

/** A cache in memory: a restart forgets it. */
export function makePromptCache(clock: Clock): PromptCache {
  const entries = new Map<string, Entry>();
  const isAlive = (key: string): boolean => (entries.get(key)?.untilMs ?? 0) > clock.nowMs();
  const forget = (): void => {
    if (entries.size < mostEntries) return;
    for (const key of entries.keys()) if (!isAlive(key)) entries.delete(key);
  };
  return {
    use(owner, rule, blocks) {
      const boundaries = listBoundaries(owner, rule, blocks);
      const last = boundaries.findLastIndex(({ ttl }) => ttl !== undefined);
      const end = boundaries[last];
      if (end === undefined) return noCacheUse;
      const hit = boundaries
        .slice(0, last + 1)
        .findLast(
          ({ key }, at) =>
            isAlive(key) && boundaries.slice(at, at + rule.lookback + 1).some(({ ttl }) => ttl !== undefined),
        );
      const written = { "5m": 0, "1h": 0 };
      let from = hit?.tokens ?? 0;
      const nowMs = clock.nowMs();
      for (const { key, tokens, ttl } of boundaries) {
        if (ttl === undefined) continue;
        written[ttl] += Math.max(0, tokens - from);
        from = Math.max(from, tokens);
        if (!isAlive(key)) entries.set(key, { ttlMs: ttlMs[ttl], untilMs: nowMs + ttlMs[ttl] });
      }
      const entry = hit === undefined ? undefined : entries.get(hit.key);
      if (entry !== undefined) entry.untilMs = nowMs + entry.ttlMs;
      forget();
      return { read: hit?.tokens ?? 0, written, ownTokens: end.tokens - end.toolTokens };
    },
  };
}

function listBoundaries(owner: string, rule: CacheRule, blocks: readonly PromptBlock[]): Boundary[] {
  const hash = createHash("sha256").update(owner);
  let [tokens, toolTokens, found] = [0, 0, 0];
  return blocks.map((block) => {
    hash.update(`\n${block.text}`);
    tokens += block.tokens;
    if (block.section === "tools") toolTokens += block.tokens;
    const isLong = tokens >= rule.leastTokens * (found + 1) && tokens <= (rule.mostTokens ?? Infinity);
    const isTaken = block.ttl !== undefined && isLong && (rule.tools || block.section !== "tools");
    if (isTaken) found++;
    const ttl = isTaken ? (rule.hour ? block.ttl : "5m") : undefined;
    return { key: hash.copy().digest("base64"), tokens, toolTokens, ttl };
  });
}
