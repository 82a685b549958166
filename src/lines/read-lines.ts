import { closeSync, createReadStream, openSync, readSync } from "node:fs";

/**
 * The lines of a stream of UTF-8, without their line feeds. Only a line feed ends one: texts may hold U+2028 and U+0085, at which other readers
 * split.
 */
export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      parts.push(chunk.subarray(from, end));
      yield Buffer.concat(parts).toString("utf8");
      parts = [];
      from = end + 1;
    }
    if (from < chunk.length) parts.push(chunk.subarray(from));
  }
  if (parts.length > 0) yield Buffer.concat(parts).toString("utf8");
}

/** The same of a stream of text, those of a chunk together: of files with many short lines, where each by itself would take its time. */
export async function* readManyLines(chunks: AsyncIterable<string>): AsyncGenerator<readonly string[]> {
  let parts: string[] = [];
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf("\n");
    parts.push(end === -1 ? chunk : chunk.slice(0, end));
    if (end === -1) continue;
    yield parts.join("").split("\n");
    parts = [chunk.slice(end + 1)];
  }
  const rest = parts.join("");
  if (rest !== "") yield [rest];
}

/** What is read of a file at a time, where its lines are worked on in blocks. */
const blockBytes = 1024 * 1024;

/** A file in blocks of whole lines, of about a mebibyte. Each line has its line feed, but for the last one of a file that does not end in one. */
export async function* readLineBlocks(path: string): AsyncGenerator<Buffer> {
  const chunks = createReadStream(path, { highWaterMark: blockBytes }) as AsyncIterable<Buffer>;
  // A line may be longer than a chunk.
  let parts: Buffer[] = [];
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(10) + 1;
    if (end > 0) {
      yield parts.length === 0 ? chunk.subarray(0, end) : Buffer.concat([...parts, chunk.subarray(0, end)]);
      parts = [];
    }
    if (end < chunk.length) parts.push(chunk.subarray(end));
  }
  if (parts.length > 0) yield Buffer.concat(parts);
}

/** The lines of bytes that end in a line feed, without it; they are views of the bytes. */
export function* splitLines(bytes: Buffer): Generator<Buffer> {
  let from = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, from)) {
    yield bytes.subarray(from, at);
    from = at + 1;
  }
}

/** How a file begins: its first line, or as much of it as stands in the first 64 KiB. */
export function readFirstLine(path: string): string {
  const start = Buffer.alloc(64 * 1024);
  const file = openSync(path, "r");
  try {
    return start.toString("utf8", 0, readSync(file, start)).split("\n")[0] ?? "";
  } finally {
    closeSync(file);
  }
}
