import { describe, expect, it } from "vitest";
import { makeScorer } from "../../src/eval/match.ts";
import type { Matching } from "../../src/foundation/types/index.ts";

const isRight = (matching: Matching, gold: string, answer: string | null): boolean =>
  makeScorer(matching)(gold, answer).isRight;

describe("an answer is right", () => {
  const cases: [Matching, gold: string, answer: string, boolean][] = [
    [{ mode: "exact" }, "Good", "Good", true],
    [{ mode: "exact" }, "Good", "Good ", false],
    [{ mode: "trimmed" }, "Good day", " Good\n day ", true],
    [{ mode: "trimmed" }, "Good", "good", false],
    [{ mode: "folded" }, "STRASSE Ｘ", "strasse x", true],
    [{ mode: "set" }, "b, a", '["a","b"]', true],
    [{ mode: "set" }, "[]", "", true],
    [{ mode: "set" }, "a", "a;b", false],
    [{ mode: "number" }, "1,000", "1000.0", true],
    [{ mode: "number" }, "5", "five", false],
    [{ mode: "number", tolerance: { distance: 0.1, isRatio: false } }, "1.0", "1.1", true],
    [{ mode: "number", tolerance: { distance: 0.1, isRatio: false } }, "1.0", "1.11", false],
    [{ mode: "number", tolerance: { distance: 0.02, isRatio: true } }, "200", "196", true],
    [{ mode: "spans" }, '["New York City"]', '["york city"]', true],
    [{ mode: "spans" }, '["New York City","Bob"]', '["York"]', false],
    [{ mode: "spans" }, '[{"text":"Bob","type":"person"}]', '[{"text":"Bob","type":"group"}]', false],
    [{ mode: "spans" }, '[{"start":0,"end":10}]', '[{"start":2,"end":10}]', true],
    [{ mode: "spans" }, '[{"start":0,"end":10}]', '[{"start":9,"end":30}]', false],
    [{ mode: "spans" }, "[]", "[]", true],
  ];
  it.each(cases)("%o: %s, %s: %s", (matching, gold, answer, expected) => {
    expect(isRight(matching, gold, answer)).toBe(expected);
  });

  it("never where there is none, whatever gold is", () => {
    for (const mode of ["exact", "trimmed", "folded", "set", "number", "spans"] as const)
      for (const gold of ["", "[]", "0", "null"]) expect(isRight({ mode }, gold, null), `${mode} ${gold}`).toBe(false);
  });

  it("and each span of gold is found once, by the answer's nearest", () => {
    const { hits, extra, missed } = makeScorer({ mode: "spans" })('["Ann Lee","Ann"]', '["Ann","Ann Lee","Zoe"]');
    expect([hits, extra, missed]).toEqual([["span", "span"], ["span"], []]);
  });
});
