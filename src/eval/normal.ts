/** The distribution function of the standard normal: the area below `x`. Good to about 1e-12. */
export function normalCdf(x: number): number {
  const at = Math.abs(x) / Math.SQRT2;
  const tail = at < 3 ? 1 - seriesErf(at) : fractionErfc(at);
  return x > 0 ? 1 - tail / 2 : tail / 2;
}

/** The error function by its Taylor series: quick and exact near 0. */
function seriesErf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n += 1) {
    term *= -(x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

/** The complementary error function by its continued fraction: exact far from 0. */
function fractionErfc(x: number): number {
  let fraction = 0;
  for (let n = 60; n > 0; n -= 1) fraction = n / 2 / (x + fraction);
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
}

/** Where the area below is `ratio`, between 0 and 1: the inverse of `normalCdf`, by bisection, as it is asked only a few times. */
export function normalQuantile(ratio: number): number {
  if (ratio <= 0) return -Infinity;
  if (ratio >= 1) return Infinity;
  let low = -40;
  let high = 40;
  for (let step = 0; step < 80; step += 1) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < ratio) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
