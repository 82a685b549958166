/** Output order is not input order (sources#output-order): a permutation from a seed. */

/** 0 … count-1 as they come. */
export const inputOrder = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, index) => index);

/** 0 … count-1 in an order drawn from `random`. */
export function mixOrder(count: number, random: () => number): Uint32Array {
  const order = inputOrder(count);
  for (let index = count - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    const held = order[index] ?? 0;
    order[index] = order[other] ?? 0;
    order[other] = held;
  }
  return order;
}
