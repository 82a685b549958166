import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import { HalfpriceError } from "../foundation/errors/index.ts";

/** Looks at UTF-8 as it goes by. A letter that is cut by the end of a chunk is looked at with the next one. */
export class Utf8Check {
  #rest: Buffer = Buffer.alloc(0);
  #offset = 0;

  /** @returns the offset of the first byte that is wrong, or undefined */
  findFault(chunk: Buffer): number | undefined {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const whole = bytes.length - countCutBytes(bytes);
    const known = bytes.subarray(0, whole);
    if (!isUtf8(known)) return this.#offset + locate(known);
    this.#offset += whole;
    this.#rest = Buffer.from(bytes.subarray(whole));
    return undefined;
  }

  /** @returns the offset of a letter that the end of the file has cut, or undefined */
  findCutEnd(): number | undefined {
    return this.#rest.length === 0 ? undefined : this.#offset;
  }
}

/** Halves the bytes until the first that is wrong is found. */
function locate(bytes: Buffer): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    const part = bytes.subarray(0, middle);
    if (isUtf8(part.subarray(0, middle - countCutBytes(part)))) good = middle;
    else bad = middle;
  }
  // What goes wrong inside a letter began with its first byte.
  return good - countCutBytes(bytes.subarray(0, good));
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

/** Refuses a file for its byte at an offset; reads it again for the line's number. @throws BAD_ENCODING always */
export async function refuseEncoding(path: string, byteOffset: number): Promise<never> {
  let line = 1;
  if (byteOffset > 0) {
    for await (const chunk of createReadStream(path, { end: byteOffset - 1 }) as AsyncIterable<Buffer>) {
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) line += 1;
    }
  }
  throw new HalfpriceError("BAD_ENCODING", { path, line, byteOffset });
}
