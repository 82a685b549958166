import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { splitLines } from "./read-lines.ts";

/** Stands before a line whose bytes were no UTF-8, in the copy that the engine reads: a private-use letter, so that it is no JSON. */
export const spoiledMark = "\uE010";

const chunkBytes = 4 * 1024 * 1024;

/** The first bytes of what is no UTF-8 as a whole, and what it is. */
type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "gzip";

/**
 * Looks at an output file and, where the engine could not read it, writes a copy that it can: unpacked, in UTF-8, without a byte
 * order mark. A line with bytes that are no UTF-8 has U+FFFD in their place and `spoiledMark` before it; all other lines are as they
 * were. The file itself stays, with its bytes.
 * @param copy the path of the copy
 * @returns the path to read: the file's own where nothing is wrong with it
 */
export async function makeReadable(path: string, copy: string): Promise<string> {
  const encoding = await findEncoding(path);
  if (encoding === "utf-8" && (await isWholeUtf8(path))) return path;
  const target = await open(copy, "w", 0o600);
  try {
    for await (const lines of readLines(path, encoding)) {
      await target.writeFile(lines.map((line) => `${repair(line)}\n`).join(""));
    }
  } finally {
    await target.close();
  }
  return copy;
}

function repair(line: Buffer): string {
  const text = line.toString("utf8").replace(/^\ufeff/, "");
  return isUtf8(line) ? text : `${spoiledMark}${text}`;
}

async function findEncoding(path: string): Promise<Encoding> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    const [a, b] = buffer;
    if (bytesRead < 2) return "utf-8";
    if (a === 0x1f && b === 0x8b) return "gzip";
    // JSON begins with a letter of ASCII: its other half is NUL, with a byte order mark or without.
    if ((a === 0xff && b === 0xfe) || b === 0) return "utf-16le";
    if ((a === 0xfe && b === 0xff) || a === 0) return "utf-16be";
    return "utf-8";
  } finally {
    await file.close();
  }
}

/** Whether all of a file is UTF-8 without a byte order mark: at the speed of the disk. */
async function isWholeUtf8(path: string): Promise<boolean> {
  let rest: Buffer = Buffer.alloc(0);
  let isFirst = true;
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes }) as AsyncIterable<Buffer>) {
    if (isFirst && chunk.subarray(0, 3).equals(Buffer.from("\ufeff"))) return false;
    isFirst = false;
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    // A letter of several bytes may be cut by the chunk's end; a line feed never is part of one.
    const end = bytes.lastIndexOf(10) + 1;
    if (!isUtf8(bytes.subarray(0, end))) return false;
    rest = bytes.subarray(end);
  }
  return isUtf8(rest);
}

/** The lines of a file without their ends. What is packed ends where it is torn: what came until then counts. */
async function* readLines(path: string, encoding: Encoding): AsyncGenerator<Buffer[]> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of readDecoded(path, encoding)) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const lines = [...splitLines(bytes)];
    rest = bytes.subarray(bytes.lastIndexOf(10) + 1);
    if (lines.length > 0) yield lines;
  }
  if (rest.length > 0) yield [rest];
}

async function* readDecoded(path: string, encoding: Encoding): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: chunkBytes });
  if (encoding === "utf-8") return yield* file as AsyncIterable<Buffer>;
  if (encoding === "gzip") {
    try {
      yield* file.pipe(createGunzip()) as AsyncIterable<Buffer>;
    } catch {
      // Torn, or no gzip after all: the records without a line are said to be missing.
    } finally {
      file.destroy();
    }
    return;
  }
  const decoder = new TextDecoder(encoding);
  for await (const chunk of file as AsyncIterable<Buffer>) yield Buffer.from(decoder.decode(chunk, { stream: true }));
  yield Buffer.from(decoder.decode());
}
