import { describe, expect, it } from "vitest";
import { findLowestShare, testAbove } from "../../src/eval/binomial.ts";
import { correctHolm } from "../../src/eval/holm.ts";
import { findLowestDifference, testNotWorse } from "../../src/eval/paired-difference.ts";
import { drawBinomial, makeRandom } from "../../src/eval/random.ts";

describe("the exact binomial test", () => {
  it("is SciPy's, and its bound is Clopper and Pearson's", () => {
    // Summed in fractions: binomtest(1080, 1200, 0.88, alternative="greater"), and where that is 0.05.
    expect(testAbove(1080, 1200, 0.88)).toBeCloseTo(0.0166358685200164, 12);
    expect(findLowestShare(1080, 1200, 0.95)).toBeCloseTo(0.8846014207, 8);
    // A coin: 15 of 20.
    expect(testAbove(15, 20, 0.5)).toBeCloseTo(0.020694732666015625, 12);
    expect(findLowestShare(20, 20, 0.95)).toBeCloseTo(0.05 ** (1 / 20), 9);
    expect([testAbove(0, 20, 0.5), findLowestShare(0, 20, 0.95)]).toEqual([1, 0]);
  });
});

describe("the score bound of a paired difference", () => {
  it("is Wilson's where rows differ one way only", () => {
    const z2 = 1.959963984540054 ** 2;
    expect(findLowestDifference({ onlyFirst: 0, onlySecond: 0, rows: 300 }, 0.975)).toBeCloseTo(-z2 / (300 + z2), 9);
    expect(findLowestDifference({ onlyFirst: 0, onlySecond: 0, rows: 0 }, 0.975)).toBe(-1);
  });

  it("is where its own test turns", () => {
    for (const counts of [
      { onlyFirst: 3, onlySecond: 9, rows: 500 },
      { onlyFirst: 40, onlySecond: 22, rows: 400 },
      { onlyFirst: 0, onlySecond: 5, rows: 600 },
    ]) {
      const low = findLowestDifference(counts, 0.975);
      expect(low).toBeLessThan((counts.onlyFirst - counts.onlySecond) / counts.rows);
      expect(testNotWorse(counts, Math.max(0, -low))).toBeCloseTo(low < 0 ? 0.025 : testNotWorse(counts, 0), 6);
    }
  });

  it("is above the true difference in at most about 25 of 1,000 tables", () => {
    const random = makeRandom(11);
    for (const [first, second, rows] of [
      [0.01, 0.03, 400],
      [0.1, 0.05, 600],
      [0.002, 0.022, 500],
    ] as const) {
      let tooHigh = 0;
      for (let table = 0; table < 4000; table += 1) {
        const onlyFirst = drawBinomial(rows, first, random);
        const onlySecond = drawBinomial(rows - onlyFirst, second / (1 - first), random);
        if (findLowestDifference({ onlyFirst, onlySecond, rows }, 0.975) > first - second) tooHigh += 1;
      }
      expect(tooHigh / 4000).toBeLessThan(0.034);
    }
  });
});

describe("Holm's correction", () => {
  it("holds each test to what is left of the level, and stops at the first that fails", () => {
    expect(correctHolm([0.03, 0.01, 0.04, 0.2], 0.05).map(({ holds }) => holds)).toEqual([false, true, false, false]);
    expect(correctHolm([0.01, 0.02, 0.001], 0.05)).toEqual([
      { holds: true, level: 0.025 },
      { holds: true, level: 0.05 },
      { holds: true, level: 0.05 / 3 },
    ]);
    expect(correctHolm([0.05], 0.05)).toEqual([{ holds: true, level: 0.05 }]);
  });
});
