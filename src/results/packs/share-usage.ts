/**
 * Shares whole tokens by weights: the shares are whole, and add up to all of them.
 * @param weights not negative; where all are 0, each counts the same
 */
export function shareTokens(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  let before = 0;
  let given = 0;
  return weights.map((weight) => {
    before += sum === 0 ? 1 : weight;
    const until = Math.round((total * before) / (sum === 0 ? weights.length : sum));
    const share = until - given;
    given = until;
    return share;
  });
}
