import { existsSync } from "node:fs";
import { join } from "node:path";
import { recordFiles, toMarkedLines } from "./record-files.ts";

/** The file of a run's lines as they are shown and searched: with marks where pictures and documents are, since those are no reading matter. */
export function findShownLines(directory: string): string {
  const lines = join(directory, "input", recordFiles.lines);
  const marked = toMarkedLines(lines);
  return existsSync(marked) ? marked : lines;
}
