import type { Figure } from "../foundation/types/index.ts";

/** The two-sided 95 % point of the normal distribution: `scipy.stats.norm.ppf(0.975)`. */
const z = 1.959963984540054;

/**
 * Wilson's score interval of a share, as `binomtest(count, total).proportion_ci(method="wilson")` of SciPy gives it.
 * @param total 0 leaves the share open: its value is 0, as scikit-learn's `zero_division=0` has it, its interval all of 0 to 1
 */
export function makeShare(count: number, total: number): Figure {
  if (total === 0) return { value: 0, low: 0, high: 1 };
  const share = count / total;
  const denominator = 1 + z ** 2 / total;
  const centre = (share + z ** 2 / (2 * total)) / denominator;
  const half = (z / denominator) * Math.sqrt((share * (1 - share)) / total + z ** 2 / (4 * total ** 2));
  return {
    value: share,
    low: count === 0 ? 0 : Math.max(0, centre - half),
    high: count === total ? 1 : Math.min(1, centre + half),
  };
}

/** What counts of a label: in gold and answer, in the answer alone, in gold alone. */
export interface LabelCounts {
  readonly hits: number;
  readonly extra: number;
  readonly missed: number;
}

/**
 * F1 of a label. It is a rising function of a share, hits of hits, extra and missed together, so that share's Wilson interval carries
 * over; a bootstrap of a label with few rows is too narrow, and of one without a fault has no width at all.
 */
export function makeF1({ hits, extra, missed }: LabelCounts): Figure {
  const { value, low, high } = makeShare(hits, hits + extra + missed);
  const toF1 = (share: number | null): number => (2 * (share ?? 0)) / (1 + (share ?? 0));
  return { value: toF1(value), low: toF1(low), high: toF1(high) };
}
