/** Random numbers that can be had again: the same seed gives the same sequence. */

/** Numbers in [0, 1), by the sfc32 generator with its state filled from the seed. */
export function makeRandom(seed: number): () => number {
  let a = 0;
  let b = seed | 0;
  let c = Math.floor(seed / 2 ** 32) | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  // The first rounds still show the seed.
  for (let round = 0; round < 15; round += 1) next();
  return next;
}
