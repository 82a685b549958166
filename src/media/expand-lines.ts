import { createReadStream, createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { readLines } from "../lines/read-lines.ts";
import { type MediaMark, splitMarks } from "./media-mark.ts";

/** Read at a time: three bytes are four letters, so that pieces can be encoded one by one. */
const pieceBytes = 3 * 256 * 1024;

/**
 * Writes lines with their files in place of the marks, from beginning to end: what is in memory is a piece of one file.
 * @param store the folder that has the files by their hashes
 */
export async function expandLines(source: string, target: string, store: string): Promise<void> {
  const lines = readLines(createReadStream(source));
  await pipeline(expand(lines, store), createWriteStream(target, { highWaterMark: 4 * 1024 * 1024 }));
}

async function* expand(lines: AsyncIterable<string>, store: string): AsyncGenerator<string> {
  for await (const line of lines) {
    for (const part of splitMarks(line)) {
      if (typeof part === "string") yield part;
      else yield* readContent(part, store);
    }
    yield "\n";
  }
}

async function* readContent({ sha256, form }: MediaMark, store: string): AsyncGenerator<string> {
  const path = join(store, sha256);
  if (form === "text") {
    for await (const text of createReadStream(path, "utf8") as AsyncIterable<string>) yield toJsonLetters(text);
    return;
  }
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: pieceBytes }) as AsyncIterable<Buffer>) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const whole = bytes.length - (bytes.length % 3);
    yield bytes.toString("base64", 0, whole);
    rest = bytes.subarray(whole);
  }
  if (rest.length > 0) yield rest.toString("base64");
}

/** A text within a JSON string. */
export const toJsonLetters = (text: string): string => JSON.stringify(text).slice(1, -1);
