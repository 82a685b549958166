/**
 * McNemar's exact test of two runs on the same rows: how likely such a difference is where both are equally good. Two-sided, as
 * `scipy.stats.binomtest(onlyOne, onlyOne + onlyOther)` gives it.
 * @param onlyOne rows that only one has right
 * @param onlyOther rows that only the other has right
 * @returns 1 where no row differs
 */
export function testMcNemar(onlyOne: number, onlyOther: number): number {
  const count = onlyOne + onlyOther;
  const fewer = Math.min(onlyOne, onlyOther);
  if (count === 0 || onlyOne === onlyOther) return 1;
  // From the largest term down, until what follows is too small to count.
  let term = Math.exp(logFactorial(count) - logFactorial(fewer) - logFactorial(count - fewer) - count * Math.LN2);
  let sum = 0;
  for (let k = fewer; k >= 0 && term > sum * 1e-17; k -= 1) {
    sum += term;
    term *= k / (count - k + 1);
  }
  return Math.min(1, 2 * sum);
}

const small: number[] = [0, 0];
for (let n = 2; n < 256; n += 1) small.push((small[n - 1] ?? 0) + Math.log(n));

/** log n!, by Stirling's series where n is large. */
export function logFactorial(n: number): number {
  const known = small[n];
  if (known !== undefined) return known;
  const x = n + 1;
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * x) - 1 / (360 * x ** 3);
}
