import { describe, expect, it } from "vitest";
import { findOtherWays, type OtherWaysInput } from "../../src/plan/other-ways.ts";

const always = (value: number) => ({ low: value, expected: value, high: value });
const prices = {
  batch: { inputUsd: 1.5, outputUsd: 7.5 },
  onDemand: { inputUsd: 3, outputUsd: 15 },
  asOf: "2026-07-24",
  source: "a page",
};
/** 1,000 requests of 6,000 tokens, the first 5,000 the same, with answers of 20: $9.15 in batch. */
const base: OtherWaysInput = {
  baseId: "anthropic.claude-sonnet-4-6",
  prices,
  recordCount: 1000,
  inputTokens: always(6_000_000),
  outputTokens: always(20_000),
  prefixTokens: 5000,
  planUsd: 9.15,
};

describe("other ways", () => {
  it("are named with their price where a long common beginning makes the cache cheaper than batch", () => {
    const [found] = findOtherWays(base);
    // 1,000,000 tokens at $3, 50,000 written at $3.75, 4,950,000 read at $0.30, 20,000 out at $15.
    expect(found?.usd).toBeCloseTo(3 + 0.1875 + 1.485 + 0.3, 10);
    expect(found?.way).toContain("5,000 tokens");
  });

  it("are not named where they cost more, where the beginning is too short, or where no price is known", () => {
    expect(findOtherWays({ ...base, outputTokens: always(2_000_000), planUsd: 24 })).toEqual([]);
    expect(findOtherWays({ ...base, prefixTokens: 1000 })).toEqual([]);
    expect(findOtherWays({ ...base, prices: undefined, planUsd: undefined })).toEqual([]);
    expect(findOtherWays({ ...base, baseId: "meta.llama3-3-70b-instruct-v1:0" })).toEqual([]);
  });
});
