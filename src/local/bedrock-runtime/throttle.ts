/** Limits of the runtime, per model and Region, that can be set; without a setting nothing is throttled. */
import type { Clock } from "../clock.ts";
import { Refusal } from "../wire/refusal.ts";

export interface RuntimeLimits {
  /** Calls a minute of the service's time. */
  readonly requestsPerMinute?: number | undefined;
  /** Tokens a minute, in and out together; a call that overdraws is answered, the next ones wait. */
  readonly tokensPerMinute?: number | undefined;
}

export interface Throttle {
  /** Takes one call. @throws Refusal `ThrottlingException` where there is none left */
  admit(model: string, region: string): void;
  /** Books what an answer has used. */
  spend(model: string, region: string, tokens: number): void;
}

interface Bucket {
  left: number;
  atMs: number;
}

const minuteMs = 60_000;
// Words as people quote them from on-demand calls (sources#quotas has the daily form).
const words = {
  requests: "Too many requests, please wait before trying again.",
  tokens: "Too many tokens, please wait before trying again.",
} as const;

/** A bucket that fills evenly and holds a minute's worth. */
export function makeThrottle(clock: Clock, limits: RuntimeLimits = {}): Throttle {
  const buckets = new Map<string, Bucket>();
  const fill = (kind: keyof typeof words, model: string, region: string, perMinute: number): Bucket => {
    const key = `${kind} ${region} ${model}`;
    const nowMs = clock.nowMs();
    const bucket = buckets.get(key) ?? { left: perMinute, atMs: nowMs };
    bucket.left = Math.min(perMinute, bucket.left + ((nowMs - bucket.atMs) * perMinute) / minuteMs);
    bucket.atMs = nowMs;
    buckets.set(key, bucket);
    return bucket;
  };
  const { requestsPerMinute, tokensPerMinute } = limits;
  return {
    admit(model, region) {
      if (tokensPerMinute !== undefined && fill("tokens", model, region, tokensPerMinute).left <= 0) {
        throw new Refusal("ThrottlingException", words.tokens);
      }
      if (requestsPerMinute === undefined) return;
      const bucket = fill("requests", model, region, requestsPerMinute);
      if (bucket.left < 1) throw new Refusal("ThrottlingException", words.requests);
      bucket.left -= 1;
    },
    spend(model, region, tokens) {
      if (tokensPerMinute !== undefined) fill("tokens", model, region, tokensPerMinute).left -= tokens;
    },
  };
}
