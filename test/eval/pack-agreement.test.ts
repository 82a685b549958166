import { describe, expect, it } from "vitest";
import { judgeTrial } from "../../src/eval/pack-agreement.ts";
import { drawBinomial, makeRandom } from "../../src/eval/random.ts";

const tolerance = 0.02;

/** A trial: so many packed answers are another row's, and so many answers of any kind differ from one time to the next. */
function draw(random: () => number, exchanged: number, unsteady: number, rows = 300): boolean {
  const [single, packed] = [1 - unsteady, (1 - unsteady) * (1 - exchanged)];
  const onlySingle = drawBinomial(rows, single * (1 - packed), random);
  const onlyPacked = drawBinomial(rows - onlySingle, (packed * (1 - single)) / (1 - single * (1 - packed)), random);
  const both = rows - onlySingle - onlyPacked;
  const counts = { singleCount: both + onlySingle, packedCount: both + onlyPacked, onlySingle, onlyPacked };
  return judgeTrial(10, { rows, lostCount: 10, ...counts }, tolerance).isWithin;
}

describe("a trial of packed answers", () => {
  it("keeps rows alone in at least 95 of 100 canaries where 5 % have each other's content", () => {
    const random = makeRandom(5);
    for (const unsteady of [0, 0.01, 0.05]) {
      const passed = Array.from({ length: 2000 }, () => draw(random, 0.05, unsteady)).filter(Boolean).length;
      expect(passed / 2000).toBeLessThan(0.05);
    }
  });

  it("is wrong about a difference that is the tolerance in about 25 of 1,000", () => {
    const random = makeRandom(6);
    const passed = Array.from({ length: 4000 }, () => draw(random, tolerance, 0)).filter(Boolean).length;
    expect(passed / 4000).toBeLessThan(0.05);
  });

  it("lets sound packs through, also of a model whose answers change by themselves", () => {
    const random = makeRandom(7);
    const passed = (unsteady: number): number =>
      Array.from({ length: 500 }, () => draw(random, 0, unsteady, 1000)).filter(Boolean).length;
    expect(passed(0)).toBe(500);
    expect(passed(0.01)).toBeGreaterThan(450);
    const lost = { rows: 100, lostCount: 200, singleCount: 100, packedCount: 100, onlySingle: 0, onlyPacked: 0 };
    expect(judgeTrial(10, { ...lost, rows: 100 }, 0.5).isWithin).toBe(false);
  });
});
