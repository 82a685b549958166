import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CellCounter, type Cells } from "../../src/eval/cells.ts";
import { compareAnswers, makeFigures } from "../../src/eval/figures.ts";
import { makeScorer } from "../../src/eval/match.ts";
import { testMcNemar } from "../../src/eval/mcnemar.ts";
import { makeRandom, type Random } from "../../src/eval/random.ts";
import type { Figure, Figures } from "../../src/foundation/types/index.ts";

type Share = readonly [value: number, low: number, high: number];

interface Fixture {
  readonly madeWith: Readonly<Record<string, string>>;
  readonly tables: readonly {
    /** Gold, answer, the answer of another, rows. */
    readonly cells: readonly (readonly [string, string | null, string | null, number])[];
    readonly expected: {
      readonly accuracy: Share;
      readonly kappa: number | null;
      readonly macroF1: number;
      readonly weightedF1: number;
      readonly perClass: Readonly<Record<string, { precision: Share; recall: Share; f1: number; support: number }>>;
    };
    readonly mcnemarP: number;
    readonly intervals?: Readonly<Record<"kappa" | "macroF1" | "weightedF1", readonly [number, number]>>;
  }[];
  readonly sets: readonly {
    readonly rows: readonly (readonly [string[], string[]])[];
    readonly accuracy: number;
    readonly macroF1: number;
    readonly weightedF1: number;
    readonly microF1: number;
  }[];
}

const fixture = JSON.parse(readFileSync(new URL("../fixtures/eval/tables.json", import.meta.url), "utf8")) as Fixture;
const exact = makeScorer({ mode: "exact" });

function countCells(rows: Fixture["tables"][number]["cells"]): Cells {
  const counter = new CellCounter();
  for (const [gold, answer, other, count] of rows) counter.add([exact(gold, answer), exact(gold, other)], count);
  return counter.finish();
}

const toShare = ({ value, low, high }: Figure): (number | null)[] => [value, low, high];
const expectNear = (found: readonly (number | null)[], wanted: readonly (number | null)[], name: string): void => {
  expect(found.length, name).toBe(wanted.length);
  for (const [index, each] of wanted.entries()) {
    if (each === null) expect(found[index], name).toBeNull();
    else expect(found[index], name).toBeCloseTo(each, 10);
  }
};

describe("the figures of 200 random tables", () => {
  it("are those of scikit-learn and SciPy", () => {
    expect(fixture.tables).toHaveLength(200);
    for (const [index, { cells, expected }] of fixture.tables.entries()) {
      const figures = makeFigures(countCells(cells), "exact");
      const name = `table ${index}`;
      expectNear(toShare(figures.accuracy), expected.accuracy, name);
      const values = [figures.kappa.value, figures.macroF1.value, figures.weightedF1.value];
      expectNear(values, [expected.kappa, expected.macroF1, expected.weightedF1], name);
      expect(Object.keys(figures.perClass).sort(), name).toEqual(Object.keys(expected.perClass).sort());
      for (const [label, wanted] of Object.entries(expected.perClass)) {
        const found = figures.perClass[label];
        if (found === undefined) throw new Error(`${name} has no figures of ${label}`);
        expectNear(toShare(found.precision), wanted.precision, `${name} ${label}`);
        expectNear(toShare(found.recall), wanted.recall, `${name} ${label}`);
        expectNear([found.f1.value, found.support], [wanted.f1, wanted.support], `${name} ${label}`);
      }
    }
  });

  it("have McNemar's p as SciPy's exact test gives it", () => {
    for (const [index, { cells, mcnemarP }] of fixture.tables.entries()) {
      expect(compareAnswers(countCells(cells), "exact").mcnemarP, `table ${index}`).toBeCloseTo(mcnemarP, 10);
    }
  });

  it("have bootstrap intervals like SciPy's BCa, as near as two drawings come", () => {
    const known = fixture.tables.filter(({ intervals }) => intervals !== undefined);
    expect(known.length).toBeGreaterThan(8);
    for (const { cells, intervals } of known) {
      const figures = makeFigures(countCells(cells), "exact");
      for (const [name, [low, high]] of Object.entries(intervals ?? {})) {
        const found = figures[name as "kappa" | "macroF1" | "weightedF1"];
        const width = high - low;
        expect(Math.abs((found.low ?? 9) - low) / width, name).toBeLessThan(0.12);
        expect(Math.abs((found.high ?? 9) - high) / width, name).toBeLessThan(0.12);
      }
    }
  });

  it("of sets are those of scikit-learn's multilabel figures", () => {
    const score = makeScorer({ mode: "set" });
    for (const { rows, ...expected } of fixture.sets) {
      const counter = new CellCounter();
      for (const [gold, answer] of rows) counter.add([score(JSON.stringify(gold), JSON.stringify(answer))], 1);
      const figures = makeFigures(counter.finish(), "set");
      const names = ["accuracy", "macroF1", "weightedF1", "microF1"] as const;
      expectNear(
        names.map((name) => figures[name].value),
        names.map((name) => expected[name]),
        "sets",
      );
      expect(figures.kappa.value).toBeNull();
    }
  });
});

describe("McNemar's test", () => {
  it("is exact for few and for many rows", () => {
    // scipy.stats.binomtest(k, n).pvalue
    const known: [number, number, number][] = [
      [0, 0, 1],
      [0, 5, 0.0625],
      [3, 17, 0.0025768280029296875],
      [50, 50, 1],
      [480, 520, 0.2174482932041415],
      [10_000, 10_500, 0.0004915393992266739],
    ];
    for (const [one, other, p] of known) expect(testMcNemar(one, other) / p).toBeCloseTo(1, 7);
  });
});

/** Draws a label by its share. */
function choose(shares: readonly number[], random: Random): number {
  let left = random();
  const at = shares.findIndex((share) => (left -= share) < 0);
  return at === -1 ? shares.length - 1 : at;
}

describe("the 95 % intervals, in simulation", () => {
  const labels = ["a", "b", "c"];
  const goldShares = [0.5, 0.3, 0.2];
  /** The chance of each answer, gold by gold. */
  const answerShares = [
    [0.85, 0.1, 0.05],
    [0.15, 0.75, 0.1],
    [0.1, 0.2, 0.7],
  ];
  const joint = goldShares.map((share, gold) => (answerShares[gold] ?? []).map((each) => share * each));

  /** What the figures are where there is no chance: those of a table with the exact shares. */
  const truth = ((): Figures => {
    const counter = new CellCounter();
    for (const [gold, row] of joint.entries())
      for (const [answer, share] of row.entries())
        counter.add([exact(labels[gold] ?? "", labels[answer] ?? "")], Math.round(share * 1e6));
    return makeFigures(counter.finish(), "exact");
  })();

  it("hold the true figure in 93 to 97 of 100 tables", { timeout: 120_000 }, () => {
    const random = makeRandom(15);
    const picks: Record<string, (figures: Figures) => Figure | undefined> = {
      accuracy: ({ accuracy }) => accuracy,
      kappa: ({ kappa }) => kappa,
      macroF1: ({ macroF1 }) => macroF1,
      weightedF1: ({ weightedF1 }) => weightedF1,
      precision: ({ perClass }) => perClass["b"]?.precision,
      recall: ({ perClass }) => perClass["b"]?.recall,
      f1: ({ perClass }) => perClass["b"]?.f1,
    };
    const held = new Map(Object.keys(picks).map((name) => [name, 0]));
    const tableCount = 1000;
    for (let table = 0; table < tableCount; table += 1) {
      const counter = new CellCounter();
      for (let row = 0; row < 250; row += 1) {
        const gold = choose(goldShares, random);
        const answer = choose(answerShares[gold] ?? [], random);
        counter.add([exact(labels[gold] ?? "", labels[answer] ?? "")], 1);
      }
      const figures = makeFigures(counter.finish(), "exact");
      for (const [name, pick] of Object.entries(picks)) {
        const value = pick(truth)?.value ?? Number.NaN;
        const { low, high } = pick(figures) ?? { low: null, high: null };
        if (low !== null && high !== null && low <= value && value <= high) held.set(name, (held.get(name) ?? 0) + 1);
      }
    }
    const shares = Object.fromEntries([...held].map(([name, count]) => [name, count / tableCount]));
    for (const [name, share] of Object.entries(shares)) {
      expect(share, name).toBeGreaterThanOrEqual(0.93);
      expect(share, name).toBeLessThanOrEqual(0.97);
    }
  });
});
