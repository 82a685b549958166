import { closeSync, fsyncSync, openSync, renameSync } from "node:fs";
import { basename } from "node:path";
import { reachPoint } from "./reach-point.ts";

/**
 * Puts a file that was written whole as `<path>.tmp` in its place: flushed first, so that the name never stands for less
 * than the file, not even after the power was cut.
 */
export function putInPlace(path: string): void {
  const file = openSync(`${path}.tmp`, "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  reachPoint(`${basename(path)} written`);
  renameSync(`${path}.tmp`, path);
  reachPoint(`${basename(path)} in place`);
}
