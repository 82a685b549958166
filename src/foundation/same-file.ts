import { type Stats, statSync } from "node:fs";
import { resolve } from "node:path";
import { HalfpriceError } from "./errors/index.ts";

/** Refuses to write over a file that is read, by whatever name. @throws OUTPUT_IS_INPUT */
export function refuseInputs(path: string, inputs: readonly string[]): void {
  const found = statSync(path, { throwIfNoEntry: false });
  for (const input of inputs) {
    if (isSameFile(path, found, input)) throw new HalfpriceError("OUTPUT_IS_INPUT", { path, input: show(path, input) });
  }
}

function isSameFile(path: string, found: Stats | undefined, input: string): boolean {
  if (resolve(path) === resolve(input)) return true;
  const other = statSync(input, { throwIfNoEntry: false });
  return found !== undefined && other !== undefined && found.dev === other.dev && found.ino === other.ino;
}

/** The input as a user would name it: the path itself where both are one. */
const show = (path: string, input: string): string => (resolve(path) === resolve(input) ? path : input);
