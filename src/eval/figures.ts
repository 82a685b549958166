import type { ClassFigures, Comparison, Figure, Figures, MatchMode } from "../foundation/types/index.ts";
import { bootstrap, type Statistic } from "./bootstrap.ts";
import type { CellScore, Cells } from "./cells.ts";
import { type LabelCounts, makeF1, makeShare } from "./figure.ts";
import { testMcNemar } from "./mcnemar.ts";

const none: Figure = { value: null, low: null, high: null };
/** The figures that are bootstrapped together, in the order in which a statistic gives them. */
const bootstrapped = [
  "kappa",
  "macroF1",
  "weightedF1",
  "microPrecision",
  "microRecall",
  "microF1",
  "meanAbsoluteError",
] as const;
type Bootstrapped = (typeof bootstrapped)[number];

/** @param which of the answers of each cell */
export function makeFigures({ cells, labels }: Cells, mode: MatchMode, which = 0): Figures {
  const counts = cells.map(({ count }) => count);
  const scores = cells.map((cell) => cell.scores[which] as CellScore);
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const right = counts.reduce((sum, count, index) => sum + (scores[index]?.isRight === true ? count : 0), 0);
  const accuracy = makeShare(right, rows);
  const isShown = isShownBy(mode, labels.length > 0);
  const found = bootstrap(counts, makeStatistic(scores, labels.length));
  const shown = Object.fromEntries(
    bootstrapped.map((name, index) => [name, isShown(name) ? widen(name, found[index] ?? none, accuracy) : none]),
  ) as Record<Bootstrapped, Figure>;
  return { accuracy, ...shown, perClass: makeClassFigures(scores, counts, labels) };
}

const isShownBy =
  (mode: MatchMode, hasLabels: boolean) =>
  (name: Bootstrapped): boolean => {
    if (name === "meanAbsoluteError") return mode === "number";
    return hasLabels && (name !== "kappa" || (mode !== "set" && mode !== "spans"));
  };

/**
 * Where every row is right, or every row wrong, no drawing differs from another. What accuracy may be then bounds the others: a row that
 * is wrong takes as much from them, or less.
 */
function widen(name: Bootstrapped, figure: Figure, accuracy: Figure): Figure {
  const { value, low, high } = figure;
  if (value === null || name === "meanAbsoluteError" || low !== high) return figure;
  if (accuracy.value === 1) return { value, low: accuracy.low, high };
  return accuracy.value === 0 ? { value, low, high: accuracy.high } : figure;
}

/** Counts of every label. */
function countLabels(
  scores: readonly CellScore[],
  counts: ArrayLike<number>,
  labelCount: number,
): [Float64Array, Float64Array, Float64Array] {
  const [hits, extra, missed] = [
    new Float64Array(labelCount),
    new Float64Array(labelCount),
    new Float64Array(labelCount),
  ];
  for (const [cell, score] of scores.entries()) {
    const count = counts[cell] ?? 0;
    if (count === 0) continue;
    for (const label of score.hits) hits[label] = (hits[label] ?? 0) + count;
    for (const label of score.extra) extra[label] = (extra[label] ?? 0) + count;
    for (const label of score.missed) missed[label] = (missed[label] ?? 0) + count;
  }
  return [hits, extra, missed];
}

/** A statistic of one set of answers: as scikit-learn has them, with labels that nothing has left out. */
export function makeStatistic(scores: readonly CellScore[], labelCount: number): Statistic {
  return (counts) => {
    const [hits, extra, missed] = countLabels(scores, counts, labelCount);
    let [f1Sum, weightedSum, present, support, answered, agreed, random, hitSum, extraSum, missedSum] = [
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];
    for (let label = 0; label < labelCount; label += 1) {
      const [hit = 0, more = 0, less = 0] = [hits[label], extra[label], missed[label]];
      if (hit + more + less === 0) continue;
      const f1 = (2 * hit) / (2 * hit + more + less);
      present += 1;
      f1Sum += f1;
      weightedSum += f1 * (hit + less);
      support += hit + less;
      random += (hit + less) * (hit + more);
      hitSum += hit;
      extraSum += more;
      missedSum += less;
    }
    let [rows, distances] = [0, 0];
    for (const [cell, score] of scores.entries()) {
      const count = counts[cell] ?? 0;
      rows += count;
      if (score.isRight) agreed += count;
      if (score.distance === undefined) continue;
      answered += count;
      distances += count * score.distance;
    }
    const expected = random / rows ** 2;
    const [precision, recall] = [hitSum / (hitSum + extraSum || 1), hitSum / (hitSum + missedSum || 1)];
    return [
      // Where gold and answers are one and the same label, there is nothing beyond what comes about at random.
      expected === 1 ? Number.NaN : (agreed / rows - expected) / (1 - expected),
      present === 0 ? Number.NaN : f1Sum / present,
      support === 0 ? 0 : weightedSum / support,
      precision,
      recall,
      (2 * hitSum) / (2 * hitSum + extraSum + missedSum || 1),
      answered === 0 ? Number.NaN : distances / answered,
    ];
  };
}

function makeClassFigures(
  scores: readonly CellScore[],
  counts: readonly number[],
  labels: readonly string[],
): Record<string, ClassFigures> {
  const [hits, extra, missed] = countLabels(scores, counts, labels.length);
  const classes = labels.flatMap((label, index): [string, ClassFigures][] => {
    const own: LabelCounts = { hits: hits[index] ?? 0, extra: extra[index] ?? 0, missed: missed[index] ?? 0 };
    const support = own.hits + own.missed;
    // A label that only the other set of answers has.
    if (support + own.extra === 0) return [];
    const precision = makeShare(own.hits, own.hits + own.extra);
    return [[label, { precision, recall: makeShare(own.hits, support), f1: makeF1(own), support }]];
  });
  // Not by assignment: a label may be called __proto__.
  return Object.fromEntries(classes);
}

/** Counts how answers compare with gold, row by row. */
export function compareAnswers({ cells, labels }: Cells, mode: MatchMode): Comparison {
  const counts = cells.map(({ count }) => count);
  const sum = (isOfIt: (one: boolean, other: boolean) => boolean): number =>
    cells.reduce(
      (total, { count, scores: [one, other] }) =>
        total + (isOfIt(one?.isRight === true, other?.isRight === true) ? count : 0),
      0,
    );
  const onlyThis = sum((one, other) => one && !other);
  const onlyOther = sum((one, other) => !one && other);
  const sides = [0, 1].map((which) => cells.map((cell) => cell.scores[which] as CellScore));
  const statistics = sides.map((scores) => makeStatistic(scores, labels.length));
  const share = (drawn: ArrayLike<number>, scores: readonly CellScore[]): number => {
    let [right, rows] = [0, 0];
    for (const [cell, score] of scores.entries()) {
      rows += drawn[cell] ?? 0;
      if (score.isRight) right += drawn[cell] ?? 0;
    }
    return right / rows;
  };
  const figures = bootstrap(counts, (drawn) => {
    const [one = [], other = []] = statistics.map((statistic) => statistic(drawn));
    return [
      share(drawn, sides[0] ?? []) - share(drawn, sides[1] ?? []),
      ...[0, 1, 2].map((index) => (one[index] ?? Number.NaN) - (other[index] ?? Number.NaN)),
    ];
  });
  const isShown = isShownBy(mode, labels.length > 0);
  const pick = (index: number, name?: Bootstrapped): Figure =>
    name === undefined || isShown(name) ? (figures[index] ?? none) : none;
  return {
    bothRight: sum((one, other) => one && other),
    onlyThis,
    onlyOther,
    bothWrong: sum((one, other) => !one && !other),
    mcnemarP: testMcNemar(onlyThis, onlyOther),
    difference: {
      accuracy: pick(0),
      kappa: pick(1, "kappa"),
      macroF1: pick(2, "macroF1"),
      weightedF1: pick(3, "weightedF1"),
    },
  };
}
