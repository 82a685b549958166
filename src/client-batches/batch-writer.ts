import { closeSync, fsyncSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { syncFolder } from "../foundation/commit-file.ts";
import { batchFolder, groupFile, refusedFile, writeBatch } from "./client-batch.ts";
import type { BatchGroup, ClientBatch, JsonObject, RequestError } from "./types.ts";

/** A request as a run takes it. */
export interface ReadyRequest extends Pick<BatchGroup, "clientModel" | "model" | "invocation" | "isOnDemand"> {
  readonly id: string;
  /** One body, or several where one request asks for several things that the model answers one by one. */
  readonly bodies: readonly object[];
  /** What has to be known again when its answer is translated. */
  readonly note?: string;
}

/** Bytes that are written at a time. */
const chunkBytes = 256 * 1024;

/** A file of lines that grows, and is on disk when it is closed. */
class LineFile {
  readonly #handle: number;
  #waiting: string[] = [];
  #size = 0;

  constructor(path: string) {
    this.#handle = openSync(path, "w", 0o600);
  }

  add(line: object): void {
    const text = `${JSON.stringify(line)}\n`;
    this.#waiting.push(text);
    this.#size += text.length;
    if (this.#size >= chunkBytes) this.#write();
  }

  #write(): void {
    const bytes = Buffer.from(this.#waiting.join(""), "utf8");
    let from = 0;
    while (from < bytes.length) from += writeSync(this.#handle, bytes, from);
    this.#waiting = [];
    this.#size = 0;
  }

  close(): void {
    this.#write();
    fsyncSync(this.#handle);
    closeSync(this.#handle);
  }
}

/** Writes a batch as its requests come: nothing of them is kept in memory. It is accepted with `commit`, and not before. */
export class BatchWriter {
  readonly #workspace: string;
  readonly #id: string;
  readonly #groups = new Map<string, { group: BatchGroup; file: LineFile; rowCount: number }>();
  #refused: LineFile | undefined;
  #requestCount = 0;
  #refusedCount = 0;
  #rowCount = 0;

  constructor(workspace: string, id: string) {
    this.#workspace = workspace;
    this.#id = id;
    mkdirSync(batchFolder(workspace, id), { recursive: true, mode: 0o700 });
  }

  /** So many requests were taken or refused. */
  get requestCount(): number {
    return this.#requestCount;
  }

  add({ id, bodies, note = "", clientModel, model, invocation, isOnDemand }: ReadyRequest): void {
    const n = this.#requestCount++;
    const key = JSON.stringify([clientModel, model, invocation, isOnDemand]);
    const index = this.#groups.size;
    const own = this.#groups.get(key) ?? {
      group: { index, clientModel, model, invocation, isOnDemand, rowCount: 0 },
      file: new LineFile(groupFile(this.#workspace, this.#id, { index })),
      rowCount: 0,
    };
    this.#groups.set(key, own);
    for (const [part, body] of bodies.entries()) {
      // A letter before the id keeps the engine from taking ids for numbers or dates; the batch's id tells equal batches apart.
      own.file.add({
        row: this.#rowCount++,
        n,
        id: `:${id}`,
        batch: `:${this.#id}`,
        part,
        parts: bodies.length,
        note: `:${note}`,
        modelInput: JSON.stringify(body),
      });
      own.rowCount += 1;
    }
  }

  /** A request that fails alone. */
  refuse(id: string, error: RequestError): void {
    this.#refused ??= new LineFile(refusedFile(this.#workspace, this.#id));
    this.#refused.add({ n: this.#requestCount++, id, error });
    this.#refusedCount += 1;
  }

  /** Puts the batch on disk, all of it: from here on it is accepted. */
  async commit(client: ClientBatch["client"], createdAt: number, details: JsonObject): Promise<ClientBatch> {
    this.#close();
    syncFolder(batchFolder(this.#workspace, this.#id));
    const batch: ClientBatch = {
      version: 1,
      ...{ id: this.#id, client, createdAt },
      groups: [...this.#groups.values()].map(({ group, rowCount }) => ({ ...group, rowCount })),
      requestCount: this.#requestCount,
      refusedCount: this.#refusedCount,
      rowCount: this.#rowCount,
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

  #close(): void {
    for (const { file } of this.#groups.values()) file.close();
    this.#refused?.close();
  }
}
