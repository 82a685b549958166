import { logFactorial } from "./mcnemar.ts";

/**
 * The chance that `right` rows or more are right where each is with the chance `share`: exact, as `scipy.stats.binomtest` gives it with
 * `alternative="greater"`.
 */
export function testAbove(right: number, rows: number, share: number): number {
  if (right <= 0 || share >= 1) return 1;
  if (share <= 0) return 0;
  // Terms fall away from the mean: from the side where they do, until what follows is too small to count.
  if (right > rows * share) return Math.min(1, sumTail(right, rows, share));
  return Math.max(0, 1 - sumTail(rows - right + 1, rows, 1 - share));
}

/** The chance of `from` rows or more, where `from` is above the mean. */
function sumTail(from: number, rows: number, share: number): number {
  if (from > rows) return 0;
  const logTerm =
    logFactorial(rows) -
    logFactorial(from) -
    logFactorial(rows - from) +
    from * Math.log(share) +
    (rows - from) * Math.log1p(-share);
  let term = Math.exp(logTerm);
  let sum = 0;
  for (let k = from; k <= rows && term > sum * 1e-17; k += 1) {
    sum += term;
    term *= ((rows - k) / (k + 1)) * (share / (1 - share));
  }
  return sum;
}

/** The low end of a share, with a guarantee (Clopper–Pearson). @param confidence of one side */
export function findLowestShare(right: number, rows: number, confidence: number): number {
  if (right === 0) return 0;
  let low = 0;
  let high = right / rows;
  for (let step = 0; step < 50; step += 1) {
    const middle = (low + high) / 2;
    if (testAbove(right, rows, middle) < 1 - confidence) low = middle;
    else high = middle;
  }
  return low;
}
