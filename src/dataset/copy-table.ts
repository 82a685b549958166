import { isUtf8 } from "node:buffer";
import { createHash, type Hash } from "node:crypto";
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { TextDecoder } from "node:util";
import { HalfpriceError } from "../errors.ts";

export interface CopiedTable {
  /** SHA-256 of the source's bytes, hex. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** Bytes between two line breaks, at most. A row with line breaks in its cells may be longer. */
  readonly longestLineBytes: number;
}

const chunkBytes = 1024 * 1024;

/**
 * Reads a file once: hashes it, checks that a text is UTF-8 (UTF-16 with a byte order mark is converted), and writes a
 * copy where `target` is given. The copy has no byte order mark.
 * @throws BAD_ENCODING
 */
export async function copyTable(path: string, target: string | undefined, isText: boolean): Promise<CopiedTable> {
  const hash = createHash("sha256");
  const out = target === undefined ? undefined : createWriteStream(target, { flags: "wx" });
  const check = isText ? new TextCheck(path) : undefined;
  let sizeBytes = 0;
  let decoder: TextDecoder | undefined;
  for await (const read of createReadStream(path, { highWaterMark: chunkBytes }) as AsyncIterable<Buffer>) {
    let chunk = read;
    hash.update(chunk);
    if (isText && sizeBytes === 0) decoder = findDecoder(chunk);
    if (decoder !== undefined) chunk = Buffer.from(decoder.decode(read, { stream: true }), "utf8");
    else if (isText && sizeBytes === 0 && chunk.subarray(0, 3).equals(utf8Mark)) chunk = chunk.subarray(3);
    check?.see(chunk);
    if (out !== undefined && !out.write(chunk)) await once(out, "drain");
    sizeBytes += read.length;
  }
  check?.end();
  if (out !== undefined) {
    out.end();
    await finished(out);
  }
  return { sha256: digest(hash), sizeBytes, longestLineBytes: check?.longestLineBytes ?? 0 };
}

const digest = (hash: Hash): string => hash.digest("hex");
const utf8Mark = Buffer.from([0xef, 0xbb, 0xbf]);

function findDecoder(start: Buffer): TextDecoder | undefined {
  if (start[0] === 0xff && start[1] === 0xfe) return new TextDecoder("utf-16le");
  if (start[0] === 0xfe && start[1] === 0xff) return new TextDecoder("utf-16be");
  return undefined;
}

/** Looks at UTF-8 as it goes by. A letter that is cut by the end of a chunk is looked at with the next one. */
class TextCheck {
  readonly #path: string;
  #rest: Buffer = Buffer.alloc(0);
  #offset = 0;
  #lines = 1;
  #lineBytes = 0;
  longestLineBytes = 0;

  constructor(path: string) {
    this.#path = path;
  }

  see(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const whole = bytes.length - countCutBytes(bytes);
    const known = bytes.subarray(0, whole);
    if (!isUtf8(known)) this.#refuse(known);
    this.#countLines(known);
    this.#offset += whole;
    this.#rest = Buffer.from(bytes.subarray(whole));
  }

  end(): void {
    if (this.#rest.length > 0) this.#refuse(this.#rest);
    this.longestLineBytes = Math.max(this.longestLineBytes, this.#lineBytes);
  }

  #countLines(bytes: Buffer): void {
    let from = 0;
    for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, from)) {
      this.longestLineBytes = Math.max(this.longestLineBytes, this.#lineBytes + at - from);
      this.#lineBytes = 0;
      this.#lines += 1;
      from = at + 1;
    }
    this.#lineBytes += bytes.length - from;
  }

  /** Halves the bytes until the first that is wrong is found. */
  #refuse(bytes: Buffer): never {
    let good = 0;
    let bad = bytes.length;
    while (bad - good > 1) {
      const middle = (good + bad) >> 1;
      const part = bytes.subarray(0, middle);
      if (isUtf8(part.subarray(0, middle - countCutBytes(part)))) good = middle;
      else bad = middle;
    }
    // What goes wrong inside a letter began with its first byte.
    good -= countCutBytes(bytes.subarray(0, good));
    const lineBreaks = bytes.subarray(0, good).reduce((count, byte) => count + (byte === 10 ? 1 : 0), 0);
    const details = { path: this.#path, line: this.#lines + lineBreaks, byteOffset: this.#offset + good };
    throw new HalfpriceError("BAD_ENCODING", details);
  }
}

/** How many bytes at the end begin a letter that goes on after them: 0 to 3. */
function countCutBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}
