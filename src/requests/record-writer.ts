import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { finished } from "node:stream/promises";

/**
 * Takes a stream of lines apart: what stands in the first `headBytes` of each goes to one file, the rest to another. A line
 * that is nothing but its head leaves nothing in the second. Bytes are moved, never decoded.
 */
export class RecordWriter {
  readonly #headBytes: number;
  readonly #heads: BufferedFile;
  readonly #records: BufferedFile;
  /** The part of a line that the chunk before ended with. */
  #rest: Buffer = Buffer.alloc(0);

  constructor(headBytes: number, headsPath: string, recordsPath: string) {
    this.#headBytes = headBytes;
    this.#heads = new BufferedFile(headsPath);
    this.#records = new BufferedFile(recordsPath);
  }

  see(chunk: Buffer): Promise<void> | undefined {
    let at = 0;
    if (this.#rest.length > 0) {
      const end = chunk.indexOf(10);
      if (end === -1) {
        this.#rest = Buffer.concat([this.#rest, chunk]);
        return undefined;
      }
      const line = Buffer.concat([this.#rest, chunk.subarray(0, end + 1)]);
      this.#rest = Buffer.alloc(0);
      this.#take(line, 0, line.length);
      at = end + 1;
    }
    for (;;) {
      const end = chunk.indexOf(10, at);
      if (end === -1) break;
      this.#take(chunk, at, end + 1);
      at = end + 1;
    }
    // A copy: the chunk's memory is used again.
    if (at < chunk.length) this.#rest = Buffer.from(chunk.subarray(at));
    const waits = [this.#heads.drained(), this.#records.drained()].filter((wait) => wait !== undefined);
    return waits.length === 0 ? undefined : Promise.all(waits).then(() => undefined);
  }

  async end(): Promise<void> {
    if (this.#rest.length > 0) throw new Error("the lines end in the middle of one");
    await this.#heads.end();
    await this.#records.end();
  }

  /** @param to after the line feed */
  #take(bytes: Buffer, from: number, to: number): void {
    const headEnd = from + this.#headBytes;
    this.#heads.append(bytes, from, headEnd);
    this.#heads.appendByte(10);
    if (to - headEnd > 1) this.#records.append(bytes, headEnd, to);
  }
}

const bufferBytes = 4 * 1024 * 1024;

/** A file that is written in large pieces. */
class BufferedFile {
  readonly #stream: WriteStream;
  #buffer = Buffer.allocUnsafe(bufferBytes);
  #used = 0;
  #isFull = false;

  constructor(path: string) {
    this.#stream = createWriteStream(path, { highWaterMark: 2 * bufferBytes, flush: true });
  }

  append(bytes: Buffer, from: number, to: number): void {
    if (to - from > bufferBytes - this.#used) this.#flush();
    if (to - from > bufferBytes) {
      this.#isFull = !this.#stream.write(Buffer.from(bytes.subarray(from, to)));
      return;
    }
    bytes.copy(this.#buffer, this.#used, from, to);
    this.#used += to - from;
  }

  appendByte(byte: number): void {
    if (this.#used === bufferBytes) this.#flush();
    this.#buffer[this.#used] = byte;
    this.#used += 1;
  }

  drained(): Promise<unknown> | undefined {
    if (!this.#isFull) return undefined;
    this.#isFull = false;
    return once(this.#stream, "drain");
  }

  async end(): Promise<void> {
    this.#flush();
    this.#stream.end();
    await finished(this.#stream);
  }

  #flush(): void {
    if (this.#used === 0) return;
    this.#isFull = !this.#stream.write(this.#buffer.subarray(0, this.#used));
    this.#buffer = Buffer.allocUnsafe(bufferBytes);
    this.#used = 0;
  }
}
