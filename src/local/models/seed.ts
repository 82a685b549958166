/** Hashes and ids that look random and are the same every time for the same seed. */

/** A 32-bit hash of a text (FNV-1a over UTF-16 units). */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

const lower = "abcdefghijklmnopqrstuvwxyz0123456789";
const mixed = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

const drawn = Buffer.alloc(32);

/** @param length at most 32 */
const draw = (alphabet: string, length: number, random: () => number): string => {
  for (let index = 0; index < length; index++)
    drawn[index] = alphabet.charCodeAt(Math.floor(random() * alphabet.length));
  return drawn.toString("latin1", 0, length);
};

/** Letters and digits in lower case, as in job ids. */
export const makeLowerId = (length: number, random: () => number): string => draw(lower, length, random);

/** Letters of both cases and digits, as in message ids. */
export const makeMixedId = (length: number, random: () => number): string => draw(mixed, length, random);
