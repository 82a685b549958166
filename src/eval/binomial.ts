import { logFactorial } from "./mcnemar.ts";

/**
 * How likely so many rows, or more, are right where each is with the chance `share`: exact, as `scipy.stats.binomtest` gives it with
 * `alternative="greater"`.
 */
export function testAbove(right: number, rows: number, share: number): number {
  if (right <= 0 || share >= 1) return 1;
  if (share <= 0) return 0;
  const logTerm = (k: number): number =>
    logFactorial(rows) -
    logFactorial(k) -
    logFactorial(rows - k) +
    k * Math.log(share) +
    (rows - k) * Math.log1p(-share);
  let sum = 0;
  // From the larger side of the mean: terms fall from there on.
  for (let k = rows; k >= right; k -= 1) sum += Math.exp(logTerm(k));
  return Math.min(1, sum);
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
