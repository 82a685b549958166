import { closeSync, fsyncSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { syncFolder } from "../foundation/commit-file.ts";
import { BodiesSummarizer } from "../models/body-summary.ts";
import { batchFolder, groupFile, refusedFile, writeBatch } from "./client-batch.ts";
import type { GroupKey, ReadyRequest } from "./ready-request.ts";
import { nameGroup, type RequestBlock, RequestBlockBuilder } from "./request-block.ts";
import type { ClientBatch, JsonObject, RequestError } from "./types.ts";

/** Characters of the lines that are written together. */
const blockSize = 256 * 1024;

/** A file that grows, and is on disk when it is closed. */
class GrowingFile {
  readonly #handle: number;
  #isOpen = true;

  constructor(path: string) {
    this.#handle = openSync(path, "w", 0o600);
  }

  add(bytes: Uint8Array): void {
    let from = 0;
    while (from < bytes.length) from += writeSync(this.#handle, bytes, from);
  }

  /** Closed again, it stays closed. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    fsyncSync(this.#handle);
    closeSync(this.#handle);
  }
}

interface WrittenGroup {
  readonly index: number;
  readonly key: GroupKey;
  readonly file: GrowingFile;
  readonly summary: BodiesSummarizer;
  rowCount: number;
}

/** Writes a batch as its requests come: a block of them is in memory. It is accepted with `commit`, and not before. */
export class BatchWriter {
  readonly #workspace: string;
  readonly #id: string;
  readonly #groups = new Map<string, WrittenGroup>();
  #refused: GrowingFile | undefined;
  #open = new RequestBlockBuilder();
  #nextNumber = 0;
  #requestCount = 0;
  #refusedCount = 0;

  constructor(workspace: string, id: string) {
    this.#workspace = workspace;
    this.#id = id;
    mkdirSync(batchFolder(workspace, id), { recursive: true, mode: 0o700 });
  }

  /** Requests of the blocks that were added, refused ones included. */
  get requestCount(): number {
    return this.#requestCount;
  }

  add(request: ReadyRequest): void {
    this.#open.add(this.#nextNumber++, request);
    this.#flush(blockSize);
  }

  /** A request that fails alone. */
  refuse(id: string, error: RequestError): void {
    this.#open.refuse(this.#nextNumber++, id, error);
    this.#flush(blockSize);
  }

  /** Adds requests that were written as lines elsewhere, and numbered there. */
  addBlock({ groups, refused, refusedCount, requestCount }: RequestBlock): void {
    this.#requestCount += requestCount;
    for (const { key, lines, rowCount, seen } of groups) {
      const group = this.#openGroup(key);
      group.file.add(lines);
      group.rowCount += rowCount;
      group.summary.merge(seen);
    }
    if (refusedCount === 0) return;
    this.#refused ??= new GrowingFile(refusedFile(this.#workspace, this.#id));
    this.#refused.add(refused);
    this.#refusedCount += refusedCount;
  }

  /** Puts the batch on disk, all of it: from here on it is accepted. */
  async commit(client: ClientBatch["client"], createdAt: number, details: JsonObject): Promise<ClientBatch> {
    this.#flush(0);
    this.#close();
    syncFolder(batchFolder(this.#workspace, this.#id));
    const groups = [...this.#groups.values()].map(({ index, key, rowCount, summary }) => ({
      ...{ index, ...key, rowCount, checked: summary.finish() },
    }));
    const batch: ClientBatch = {
      version: 1,
      ...{ id: this.#id, client, createdAt, groups },
      requestCount: this.#requestCount,
      refusedCount: this.#refusedCount,
      rowCount: groups.reduce((sum, { rowCount }) => sum + rowCount, 0),
      details,
    };
    await writeBatch(this.#workspace, batch);
    syncFolder(batchFolder(this.#workspace, ""));
    return batch;
  }

  /** Leaves nothing behind. */
  drop(): void {
    this.#close();
    rmSync(batchFolder(this.#workspace, this.#id), { recursive: true, force: true });
  }

  /** Writes the open block, where it has at least so many characters. */
  #flush(leastSize: number): void {
    if (this.#open.size < leastSize) return;
    this.addBlock(this.#open.finish());
    this.#open = new RequestBlockBuilder();
  }

  #openGroup(key: GroupKey): WrittenGroup {
    const name = nameGroup(key);
    const known = this.#groups.get(name);
    if (known !== undefined) return known;
    const index = this.#groups.size;
    const file = new GrowingFile(groupFile(this.#workspace, this.#id, { index }));
    const group = { index, key, file, summary: new BodiesSummarizer(), rowCount: 0 };
    this.#groups.set(name, group);
    return group;
  }

  #close(): void {
    for (const { file } of this.#groups.values()) file.close();
    this.#refused?.close();
  }
}
