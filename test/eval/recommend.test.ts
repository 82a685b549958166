import { describe, expect, it } from "vitest";
import { makeRandom } from "../../src/eval/random.ts";
import { recommend } from "../../src/eval/recommend.ts";

/** Answers of so many rows, right with the given chances; `shared` of the rows are hard or easy for both. */
function draw(random: () => number, shares: readonly number[], rows: number): boolean[][] {
  const luck = Array.from({ length: rows }, () => shares.map(() => random()));
  return shares.map((share, which) => luck.map((each) => (each[which] ?? 1) < share));
}

const toCandidates = (rights: readonly boolean[][], costs: readonly number[]) =>
  rights.map((right, at) => ({ right, usd: costs[at] }));

describe("a recommendation", () => {
  const exact = (right: number, rows: number): boolean[] => Array.from({ length: rows }, (_, at) => at < right);

  it("is the cheapest that is shown to be good enough", () => {
    const goal = { atLeast: 0.88, within: undefined };
    const rights = [exact(1150, 1200), exact(1110, 1200), exact(1020, 1200)];
    expect(recommend(toCandidates(rights, [9, 3, 1]), goal)).toMatchObject({ chosen: 1, best: 0 });
    expect(recommend(toCandidates(rights, [9, 30, 1]), goal)).toMatchObject({ chosen: 0 });
    expect(recommend([{ right: exact(1150, 1200), usd: undefined }], goal).chosen).toBeUndefined();
  });

  it("says how many rows would settle it, and nothing where none is good enough by its own count", () => {
    const found = recommend(toCandidates([exact(1080, 1200), exact(1020, 1200)], [9, 1]), {
      atLeast: 0.88,
      within: undefined,
    });
    expect(found.chosen).toBe(0);
    const open = recommend(toCandidates([exact(540, 600), exact(510, 600)], [9, 1]), {
      atLeast: 0.88,
      within: undefined,
    });
    expect(open.chosen).toBeUndefined();
    expect(open.rowsNeeded).toBeGreaterThan(2500);
    expect(open.rowsNeeded).toBeLessThan(3600);
    const none = recommend(toCandidates([exact(500, 600)], [9]), { atLeast: 0.88, within: undefined });
    expect(none).toMatchObject({ chosen: undefined });
    expect(none.rowsNeeded).toBeUndefined();
  });

  it("takes a cheaper one that is within a distance of the best on the same rows, and never one that is not", () => {
    const best = exact(1100, 1200);
    const near = [...best];
    near[0] = false;
    const far = exact(1040, 1200);
    const goal = { atLeast: undefined, within: 0.02 };
    expect(recommend(toCandidates([best, near, far], [9, 3, 1]), goal)).toMatchObject({ chosen: 1, best: 0 });
    expect(recommend(toCandidates([best, far], [9, 1]), goal)).toMatchObject({ chosen: 0 });
  });

  it("of whoever is below the bar is made in 5 of 100 samples at most, alone or among others", () => {
    const random = makeRandom(2026);
    const goal = { atLeast: 0.88, within: undefined };
    const wrong = (shares: readonly number[]): number => {
      let count = 0;
      for (let sample = 0; sample < 1500; sample += 1) {
        const costs = shares.map((_, at) => at + 1);
        const { chosen } = recommend(toCandidates(draw(random, shares, 400), costs), goal);
        if (chosen !== undefined && (shares[chosen] ?? 0) <= 0.88) count += 1;
      }
      return count / 1500;
    };
    for (const shares of [[0.88], [0.88, 0.88, 0.88], [0.87, 0.9], [0.88, 0.95]])
      expect(wrong(shares)).toBeLessThan(0.06);
  }, 60_000);

  it("finds the better one at the rows that it says are needed in nine of ten samples", () => {
    const random = makeRandom(7);
    const goal = { atLeast: 0.88, within: undefined };
    const exactly = recommend(toCandidates([exact(540, 600), exact(510, 600)], [2, 1]), goal).rowsNeeded ?? 0;
    let found = 0;
    for (let sample = 0; sample < 300; sample += 1)
      if (recommend(toCandidates(draw(random, [0.9, 0.85], exactly), [2, 1]), goal).chosen === 0) found += 1;
    expect(found).toBeGreaterThan(255);
  }, 60_000);
});
