/** The lines of an object, split on \n bytes only, in groups of about a megabyte. */
import type { Readable } from "node:stream";

/** A run of whole lines. */
export interface LineBlock {
  /** Where the block begins in the object. */
  readonly startByte: number;
  /** Where it ends, its last \n included. */
  readonly endByte: number;
  readonly bytes: Buffer;
}

const newline = 10;

/**
 * The lines without their \n; a missing last \n is forgiven. In UTF-8 the byte of \n is never part of another sign: a text and
 * its byte text have the same lines.
 */
export function splitLines(text: string): string[] {
  const lines = text.split("\n");
  if (lines[lines.length - 1] === "") lines.pop();
  return lines;
}

/** Groups of whole lines, each of at least `blockBytes` but for the last. Holds one group and one line at a time. */
export async function* readLineBlocks(source: Readable, blockBytes: number): AsyncGenerator<LineBlock> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let startByte = 0;
  for await (const chunk of source) {
    const bytes = chunk as Buffer;
    held.push(bytes);
    heldBytes += bytes.length;
    if (heldBytes < blockBytes || bytes.lastIndexOf(newline) < 0) continue;
    const all = Buffer.concat(held);
    const end = all.lastIndexOf(newline) + 1;
    yield { startByte, endByte: startByte + end, bytes: all.subarray(0, end) };
    startByte += end;
    held = [all.subarray(end)];
    heldBytes = all.length - end;
  }
  if (heldBytes > 0) {
    const all = Buffer.concat(held);
    yield { startByte, endByte: startByte + all.length, bytes: all };
  }
}
