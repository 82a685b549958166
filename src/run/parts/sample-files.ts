import type { InputFile } from "../input/input-files.ts";

/** Files that a plan looks into. */
const mostSamples = 8;
/** Bytes of all of them together, if more than one is taken. */
const mostSampleBytes = 512 * 1024 ** 2;

/** A number from 0 to 1 that is the same for the same place. */
function scatter(index: number): number {
  const mixed = Math.imul((index + 1) ^ 0x9e3779b9, 0x85ebca6b);
  return ((mixed ^ (mixed >>> 13)) >>> 0) / 2 ** 32;
}

/** Some files, spread over all of them; the same list gives the same. Files without bytes tell nothing. */
export function chooseSamples(files: readonly InputFile[]): InputFile[] {
  const filled = files.filter(({ sizeBytes }) => sizeBytes > 0);
  const count = Math.min(mostSamples, filled.length);
  const chosen = Array.from({ length: count }, (_, index) => {
    const at = Math.floor(((index + (count === filled.length ? 0 : scatter(index))) * filled.length) / count);
    return filled[Math.min(at, filled.length - 1)];
  }).filter((file) => file !== undefined);
  let sizeBytes = 0;
  return chosen.filter((file, index) => {
    sizeBytes += file.sizeBytes;
    return index === 0 || sizeBytes <= mostSampleBytes;
  });
}
