import { closeSync, fsyncSync, openSync, renameSync } from "node:fs";
import { basename } from "node:path";
import { reachPoint } from "./crash-point.ts";

/**
 * Puts a file that was written whole under a temporary name (`<path>.tmp` unless said) in its place: flushed first, so that the name never stands for less
 * than the file, not even after the power was cut.
 */
export function putInPlace(path: string, temporary = `${path}.tmp`): void {
  const file = openSync(temporary, "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  reachPoint(`${basename(path)} written`);
  renameSync(temporary, path);
  reachPoint(`${basename(path)} in place`);
}
