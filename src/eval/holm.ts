/**
 * Holm's correction: which of several tests hold, so that any of those that should not does with a chance of `level` at most.
 * @returns for each test whether it holds, and the level that it was held to
 */
export function correctHolm(
  chances: readonly number[],
  level: number,
): readonly { readonly holds: boolean; readonly level: number }[] {
  const order = [...chances.keys()].sort((one, other) => (chances[one] ?? 1) - (chances[other] ?? 1));
  const found = chances.map(() => ({ holds: false, level }));
  let isOver = false;
  for (const [place, index] of order.entries()) {
    const own = level / (chances.length - place);
    if ((chances[index] ?? 1) > own) isOver = true;
    found[index] = { holds: !isOver, level: own };
  }
  return found;
}
