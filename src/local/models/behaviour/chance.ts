/** Chances that are the same every time for the same words. */
import { hashText } from "../seed.ts";

/** A number of 0 to 1, 1 excluded, that looks random and is the same for the same words. */
export function drawChance(...words: readonly (string | number)[]): number {
  // The hash alone tells texts apart that differ in their last letter, but puts them side by side.
  let mixed = hashText(words.join("\u0000"));
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
}
