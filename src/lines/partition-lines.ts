import { type FileHandle, open } from "node:fs/promises";
import { findRecordId } from "./line-format.ts";
import { splitLines } from "./read-lines.ts";

const chunkBytes = 4 * 1024 * 1024;
/** What is held back for each file, so that lines are not written one by one. */
const heldBytes = 512 * 1024;

/**
 * Deals the lines of output files out to other files, by the record that each is of; lines of one record keep their order. A
 * line of a record that is not known, or whose record cannot be found, goes to the first file. What is in memory is a chunk,
 * the line that it ends in, and what is held back for each file.
 * @param partOf the index of the target of a record's lines, by record id
 */
export async function partitionLines(
  sources: readonly string[],
  targets: readonly string[],
  partOf: { get(recordId: string): number | undefined },
): Promise<void> {
  const files: DealtFile[] = [];
  try {
    for (const path of targets) files.push(new DealtFile(await open(path, "w", 0o600)));
    for (const path of sources) {
      for await (const lines of readLines(path)) {
        for (const line of lines) {
          const id = findRecordId(line);
          const file = files[(id === undefined ? undefined : partOf.get(id)) ?? 0];
          if (file?.add(line) === true) await file.flush();
        }
      }
    }
    for (const file of files) await file.flush();
  } finally {
    for (const file of files) await file.close();
  }
}

/** A file that is written in large pieces. */
class DealtFile {
  readonly #file: FileHandle;
  #held = Buffer.allocUnsafe(heldBytes);
  #heldBytes = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Takes a copy of a line, and ends it. @returns whether it is time to write */
  add(line: Buffer): boolean {
    const wanted = this.#heldBytes + line.length + 1;
    if (wanted > this.#held.length) {
      const larger = Buffer.allocUnsafe(Math.max(wanted, 2 * this.#held.length));
      this.#held.copy(larger, 0, 0, this.#heldBytes);
      this.#held = larger;
    }
    line.copy(this.#held, this.#heldBytes);
    this.#held[wanted - 1] = 10;
    this.#heldBytes = wanted;
    return this.#heldBytes >= heldBytes;
  }

  async flush(): Promise<void> {
    await this.#file.writeFile(this.#held.subarray(0, this.#heldBytes));
    this.#heldBytes = 0;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** The lines of a file without their ends, chunk by chunk; they are good until the next is asked for. They end at line feeds only. */
async function* readLines(path: string): AsyncGenerator<Iterable<Buffer>> {
  const file = await open(path, "r");
  try {
    let buffer = Buffer.allocUnsafe(chunkBytes);
    /** Of the line that the last chunk ended in. */
    let heldLength = 0;
    for (;;) {
      if (heldLength === buffer.length) buffer = Buffer.concat([buffer], 2 * buffer.length);
      const { bytesRead } = await file.read(buffer, heldLength, buffer.length - heldLength);
      if (bytesRead === 0) break;
      const chunk = buffer.subarray(0, heldLength + bytesRead);
      const end = chunk.lastIndexOf(10) + 1;
      yield splitLines(chunk.subarray(0, end));
      buffer.copy(buffer, 0, end, chunk.length);
      heldLength = chunk.length - end;
    }
    if (heldLength > 0) yield [buffer.subarray(0, heldLength)];
  } finally {
    await file.close();
  }
}
