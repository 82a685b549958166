import { once } from "node:events";
import {
  createReadStream,
  createWriteStream,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  type WriteStream,
} from "node:fs";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import type { Engine } from "../engine/engine.ts";
import { quoteText, writeOptions } from "../engine/sql.ts";
import type { Shard } from "../types.ts";
import { bodySql, lineOf } from "./body-sql.ts";
import { type RecordSource, recordFiles, rowsWithText } from "./make-records.ts";
import { isBlank } from "./render-sql.ts";

/** The file of a shard, below `input/`. */
export function nameShardFile(shard: Pick<Shard, "index">): string {
  return `shard-${String(shard.index + 1).padStart(5, "0")}.jsonl`;
}

/**
 * Writes the bytes that are uploaded: `input/shard-00001.jsonl` and on. The engine writes a line for every row in the
 * rows' order, empty where nothing is sent; those and equal requests drop out while the lines are cut into shards.
 * @throws Error where the lines are not those that were planned
 */
export async function writeShards(source: RecordSource, shards: readonly Shard[]): Promise<void> {
  const { engine, shape, directory } = source;
  const folder = join(directory, "input");
  mkdirSync(folder, { recursive: true });
  const { body, recordId } = bodySql(shape);
  const all = join(folder, "lines.tmp");
  await engine.run(`
    COPY (
      SELECT CASE WHEN ${isBlank("text")} THEN NULL ELSE ${lineOf(recordId("body"), "body")} END AS line
      FROM (SELECT text, ${body("text")} AS body FROM ${rowsWithText(source)})
    ) TO ${quoteText(all)} (${writeOptions.lines})`);
  const splitter = new Splitter(folder, shards, readDuplicates(engine, directory));
  for await (const chunk of createReadStream(all, { highWaterMark: 4 * 1024 * 1024 }) as AsyncIterable<Buffer>) {
    await splitter.see(chunk);
  }
  await splitter.end();
  rmSync(all);
}

async function* readDuplicates(engine: Engine, directory: string): AsyncGenerator<number> {
  const path = quoteText(join(directory, recordFiles.duplicates));
  for await (const [rows = []] of engine.chunks(`SELECT row FROM read_parquet(${path}) ORDER BY row`)) {
    for (const row of rows) yield Number(row);
  }
}

/** Cuts a stream of lines into files. A part of a chunk that stays together is written at once. */
class Splitter {
  readonly #folder: string;
  readonly #shards: readonly Shard[];
  readonly #duplicates: AsyncGenerator<number>;
  #nextDuplicate: number | undefined;
  #started = false;
  #row = 0;
  #shard = -1;
  #left = 0;
  #writtenBytes = 0;
  /** Bytes of the line that the chunk before began. */
  #open = false;
  #dropOpen = false;
  #out: WriteStream | undefined;

  constructor(folder: string, shards: readonly Shard[], duplicates: AsyncGenerator<number>) {
    this.#folder = folder;
    this.#shards = shards;
    this.#duplicates = duplicates;
  }

  async see(chunk: Buffer): Promise<void> {
    if (!this.#started) await this.#advanceDuplicate();
    this.#started = true;
    let keepFrom = this.#open && this.#dropOpen ? -1 : 0;
    let at = 0;
    while (at < chunk.length) {
      if (!this.#open) {
        this.#dropOpen = chunk[at] === 10 || this.#row === this.#nextDuplicate;
        if (this.#row === this.#nextDuplicate) await this.#advanceDuplicate();
        if (this.#dropOpen) {
          if (keepFrom !== -1) await this.#write(chunk.subarray(keepFrom, at));
          keepFrom = -1;
        } else {
          if (keepFrom === -1) keepFrom = at;
          if (this.#left === 0) {
            await this.#write(chunk.subarray(keepFrom, at));
            keepFrom = at;
            await this.#openNext();
          }
        }
        this.#open = true;
      }
      const end = chunk.indexOf(10, at);
      if (end === -1) break;
      at = end + 1;
      this.#row += 1;
      this.#open = false;
      if (!this.#dropOpen) this.#left -= 1;
    }
    if (keepFrom !== -1) await this.#write(chunk.subarray(keepFrom));
  }

  async end(): Promise<void> {
    await this.#close();
    if (this.#shard !== this.#shards.length - 1 || this.#left !== 0) {
      throw new Error(
        `the lines end in shard ${this.#shard + 1} of ${this.#shards.length}, ${this.#left} records early`,
      );
    }
  }

  async #advanceDuplicate(): Promise<void> {
    const next = await this.#duplicates.next();
    this.#nextDuplicate = next.done === true ? undefined : next.value;
  }

  async #openNext(): Promise<void> {
    await this.#close();
    this.#shard += 1;
    const shard = this.#shards[this.#shard];
    if (shard === undefined)
      throw new Error(`there are more records than the ${this.#shards.length} shards of the plan hold`);
    this.#left = shard.recordCount;
    this.#writtenBytes = 0;
    this.#out = createWriteStream(`${join(this.#folder, nameShardFile(shard))}.tmp`, {
      highWaterMark: 8 * 1024 * 1024,
      flush: true,
    });
  }

  async #write(bytes: Buffer): Promise<void> {
    if (bytes.length === 0) return;
    this.#writtenBytes += bytes.length;
    if (this.#out?.write(bytes) === false) await once(this.#out, "drain");
  }

  async #close(): Promise<void> {
    if (this.#out === undefined) return;
    this.#out.end();
    await finished(this.#out);
    const shard = this.#shards[this.#shard];
    const file = shard === undefined ? "" : join(this.#folder, nameShardFile(shard));
    if (shard !== undefined && statSync(`${file}.tmp`).size !== shard.sizeBytes) {
      throw new Error(`${file} has ${this.#writtenBytes} bytes, the plan says ${shard.sizeBytes}`);
    }
    renameSync(`${file}.tmp`, file);
    this.#out = undefined;
  }
}
