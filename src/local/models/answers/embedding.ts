/** A unit vector made from the words of a text, so that texts with words in common are near one another. */
import { hashText } from "../seed.ts";
import { stemsOf } from "./words.ts";

const directionsPerWord = 8;
const digits = 8;

/** @param dimensions length of the vector, above 0 */
export function makeUnitVector(text: string, dimensions: number): number[] {
  const vector = Array.from({ length: dimensions }, () => 0);
  const stems = [...stemsOf(text)];
  // A text without telling words still has a direction of its own.
  for (const stem of stems.length === 0 ? [`text ${text}`] : stems) {
    for (let turn = 0; turn < directionsPerWord; turn++) {
      const hash = hashText(`${turn} ${stem}`);
      const at = hash % dimensions;
      vector[at] = (vector[at] ?? 0) + (hash & 0x10000 ? 1 : -1);
    }
  }
  const length = Math.hypot(...vector);
  // Directions may cancel each other out; then the first one stands.
  if (length === 0) return vector.map((_, index) => (index === 0 ? 1 : 0));
  return vector.map((value) => Number((value / length).toFixed(digits)));
}
