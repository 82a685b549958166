import { normalCdf, normalQuantile } from "./normal.ts";

/** Rows that two sets of answers were compared on. */
export interface PairedCounts {
  /** Rows that only the first has right, and that only the second has. */
  readonly onlyFirst: number;
  readonly onlySecond: number;
  readonly rows: number;
}

/**
 * Tango's score statistic of a difference of two shares on the same rows (Statistics in Medicine 17, 1998): how many standard errors what
 * was counted is above a difference that is supposed. It holds where hardly any row differs, where the usual standard error is 0.
 */
function scoreOf({ onlyFirst, onlySecond, rows }: PairedCounts, difference: number): number {
  const a = 2 * rows;
  const b = -onlyFirst - onlySecond + (2 * rows - onlyFirst + onlySecond) * difference;
  const c = -onlySecond * difference * (1 - difference);
  const second = (Math.sqrt(Math.max(0, b * b - 4 * a * c)) - b) / (2 * a);
  const variance = rows * (2 * second + difference * (1 - difference));
  const above = onlyFirst - onlySecond - rows * difference;
  if (variance <= 0) return above === 0 ? 0 : above > 0 ? Infinity : -Infinity;
  return above / Math.sqrt(variance);
}

/**
 * How likely what was counted, or more, is where the first share is below the second by no less than `margin`.
 * @param margin 0 to 1: how much worse the first may be
 */
export function testNotWorse(counts: PairedCounts, margin: number): number {
  return 1 - normalCdf(scoreOf(counts, -margin));
}

/**
 * The lowest difference, first less second, that what was counted speaks for.
 * @param confidence of one side, such as 0.975
 */
export function findLowestDifference(counts: PairedCounts, confidence: number): number {
  const { onlyFirst, onlySecond, rows } = counts;
  if (rows === 0) return -1;
  const most = normalQuantile(confidence);
  let low = -1;
  let high = (onlyFirst - onlySecond) / rows;
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (scoreOf(counts, middle) > most) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
