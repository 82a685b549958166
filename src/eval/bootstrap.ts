import type { Figure } from "../foundation/types/index.ts";
import { normalCdf, normalQuantile } from "./normal.ts";
import { makeRandom, resample } from "./random.ts";

/** How often a table is drawn anew. */
const drawCount = 2000;

/** Figures of a table that is given as the counts of its cells; NaN where one is not defined. */
export type Statistic = (counts: ArrayLike<number>) => readonly number[];

/**
 * 95 % intervals of figures, by the bootstrap that corrects for bias and skew (BCa, as `scipy.stats.bootstrap` has it by default). Where
 * no new drawing differs from another it says nothing: low and high are the value then.
 * @param counts rows of each cell
 */
export function bootstrap(counts: readonly number[], statistic: Statistic, seed = 1): Figure[] {
  const random = makeRandom(seed);
  const values = statistic(counts);
  const drawn = new Float64Array(counts.length);
  const draws = values.map(() => new Float64Array(drawCount));
  for (let draw = 0; draw < drawCount; draw += 1) {
    resample(counts, drawn, random);
    for (const [index, value] of statistic(drawn).entries()) (draws[index] as Float64Array)[draw] = value;
  }
  const accelerations = findAccelerations(counts, statistic, values.length);
  return values.map((value, index) => {
    if (!Number.isFinite(value)) return { value: null, low: null, high: null };
    return findInterval(value, draws[index] as Float64Array, accelerations[index] ?? 0);
  });
}

function findInterval(value: number, draws: Float64Array, acceleration: number): Figure {
  const sorted = draws.filter((each) => Number.isFinite(each)).sort();
  const below = sorted.filter((each) => each < value - 1e-12).length;
  const level = sorted.filter((each) => Math.abs(each - value) <= 1e-12).length;
  // Half of what equals the value counts as below it: figures of small tables are steps.
  const bias = normalQuantile((below + level / 2) / sorted.length);
  if (sorted.length === 0 || !Number.isFinite(bias)) return { value, low: value, high: value };
  const at = (ratio: number): number => {
    const shifted = bias + normalQuantile(ratio);
    return quantile(sorted, normalCdf(bias + shifted / (1 - acceleration * shifted)));
  };
  const [low, high] = [at(0.025), at(0.975)];
  return { value, low: Math.min(low, value), high: Math.max(high, value) };
}

/** The value below which a ratio of sorted values lies, between two of them where it falls there. */
function quantile(sorted: Float64Array, ratio: number): number {
  const place = Math.min(Math.max(ratio, 0), 1) * (sorted.length - 1);
  const before = Math.floor(place);
  const lower = sorted[before] ?? 0;
  return lower + (place - before) * ((sorted[before + 1] ?? lower) - lower);
}

/** How fast each figure's spread changes with its value, from what it is without one row: all rows of a cell give the same. */
function findAccelerations(counts: readonly number[], statistic: Statistic, figureCount: number): number[] {
  const without = [...counts];
  const found = counts.map((count, cell) => {
    if (count === 0) return [];
    without[cell] = count - 1;
    const values = statistic(without);
    without[cell] = count;
    return values;
  });
  const rows = counts.reduce((sum, count) => sum + count, 0);
  return Array.from({ length: figureCount }, (_, index) => {
    const mean = counts.reduce((sum, count, cell) => sum + count * (found[cell]?.[index] ?? 0), 0) / rows;
    let squares = 0;
    let cubes = 0;
    for (const [cell, count] of counts.entries()) {
      const difference = mean - (found[cell]?.[index] ?? mean);
      squares += count * difference ** 2;
      cubes += count * difference ** 3;
    }
    const acceleration = cubes / (6 * squares ** 1.5);
    return Number.isFinite(acceleration) ? acceleration : 0;
  });
}
