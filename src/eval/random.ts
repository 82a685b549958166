/** A number of 0 to 1, 1 excluded. */
export type Random = () => number;

/** Numbers that look random and are the same for the same seed (mulberry32): a figure does not change when it is asked again. */
export function makeRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * Draws new counts for the cells of a table: as if its rows were drawn anew, each as likely as any other. It takes as long for a
 * million rows as for a thousand.
 * @param counts of the cells, whole numbers
 * @param drawn where the new counts go, of the same length
 */
export function resample(counts: readonly number[], drawn: Float64Array, random: Random): void {
  let rows = counts.reduce((sum, count) => sum + count, 0);
  let left = rows;
  for (const [index, count] of counts.entries()) {
    const own = rows === 0 ? 0 : count >= left ? rows : drawBinomial(rows, count / left, random);
    drawn[index] = own;
    rows -= own;
    left -= count;
  }
}

/** How many of `count` trials succeed, each with the chance `ratio`. */
export function drawBinomial(count: number, ratio: number, random: Random): number {
  if (ratio > 0.5) return count - drawBinomial(count, 1 - ratio, random);
  if (ratio <= 0 || count === 0) return 0;
  return count * ratio < 10 ? drawByWaiting(count, ratio, random) : drawByRejection(count, ratio, random);
}

/** Sums waiting times until the trials are used up; takes as many steps as there are successes. */
function drawByWaiting(count: number, ratio: number, random: Random): number {
  const limit = -Math.log1p(-ratio);
  let sum = 0;
  for (let successes = 0; ; successes += 1) {
    if (successes === count) return count;
    sum -= Math.log(1 - random()) / (count - successes);
    if (sum > limit) return successes;
  }
}

/** What Stirling's formula lacks of log k!. */
function stirlingTail(k: number): number {
  const small = [
    0.0810614667953272, 0.0413406959554092, 0.0276779256849983, 0.02079067210376509, 0.0166446911898211,
    0.0138761288230707, 0.0118967099458917, 0.010411265261972, 0.00925546218271273, 0.00833056343336287,
  ];
  const known = small[k];
  if (known !== undefined) return known;
  const square = (k + 1) ** 2;
  return (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / (k + 1);
}

/** Transformed rejection with squeeze, "BTRS" (Hörmann, The generation of binomial random variates, 1993): exact, whatever the count. */
function drawByRejection(count: number, ratio: number, random: Random): number {
  const deviation = Math.sqrt(count * ratio * (1 - ratio));
  const b = 1.15 + 2.53 * deviation;
  const a = -0.0873 + 0.0248 * b + 0.01 * ratio;
  const c = count * ratio + 0.5;
  const squeeze = 0.92 - 4.2 / b;
  const odds = ratio / (1 - ratio);
  const alpha = (2.83 + 5.1 / b) * deviation;
  const mode = Math.floor((count + 1) * ratio);
  for (;;) {
    const u = random() - 0.5;
    const v = 1 - random();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + c);
    if (us >= 0.07 && v <= squeeze) return k;
    if (k < 0 || k > count) continue;
    const height = Math.log((v * alpha) / (a / (us * us) + b));
    const bound =
      (mode + 0.5) * Math.log((mode + 1) / (odds * (count - mode + 1))) +
      (count + 1) * Math.log((count - mode + 1) / (count - k + 1)) +
      (k + 0.5) * Math.log((odds * (count - k + 1)) / (k + 1)) +
      stirlingTail(mode) +
      stirlingTail(count - mode) -
      stirlingTail(k) -
      stirlingTail(count - k);
    if (height <= bound) return k;
  }
}
