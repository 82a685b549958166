import { findBatch, listBatchIds } from "../client-batches/client-batch.ts";
import { type BatchRecord, findRecord, listRecordIds, writeRecord } from "./openai/batch-record.ts";
import { readInput } from "./openai/read-input.ts";
import { findStatus } from "./openai/view-batch.ts";
import type { ServeContext } from "./serve-context.ts";

/** Batches that are worked on at a time: each of them holds an engine now and then. */
const atATime = 3;

/** The first wait after a change, and how each further one grows: a small batch has ended soon, a large one takes hours. */
const firstWaitMs = 200;
const growth = 1.1;

/** Moves accepted batches on until they have ended; begun again, it goes on with whatever is open. */
export class WorkLoop {
  readonly #context: ServeContext;
  readonly #longestWaitMs: number;
  readonly #onTrouble: (id: string, error: unknown) => void;
  readonly #ended = new Set<string>();
  #waitMs = firstWaitMs;
  #isStopped = false;
  #wake: () => void = () => undefined;
  #wasWoken = false;
  #done: Promise<void> = Promise.resolve();

  constructor(context: ServeContext, longestWaitMs: number, onTrouble: (id: string, error: unknown) => void) {
    this.#context = context;
    this.#longestWaitMs = longestWaitMs;
    this.#onTrouble = onTrouble;
  }

  start(): void {
    this.#done = this.#run();
  }

  /** There is something new to do. */
  wake(): void {
    this.#wasWoken = true;
    this.#waitMs = firstWaitMs;
    this.#wake();
  }

  /** Ends after the pass that is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#wake();
    await this.#done;
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      this.#wasWoken = false;
      const open = this.#listOpen();
      const next = async (): Promise<void> => {
        for (let id = open.pop(); id !== undefined && !this.#isStopped; id = open.pop()) await this.#work(id);
      };
      await Promise.all(Array.from({ length: atATime }, next));
      await this.#wait();
    }
  }

  async #work(id: string): Promise<void> {
    try {
      const record = findRecord(this.#context.workspace, id);
      if (record !== undefined && findBatch(this.#context.workspace, id) === undefined)
        await acceptInput(this.#context, record);
      if (findBatch(this.#context.workspace, id) === undefined) return;
      const { trouble } = await this.#context.worker.advance(id);
      if (trouble !== undefined) this.#onTrouble(id, trouble);
    } catch (error) {
      this.#onTrouble(id, error);
    }
  }

  /** The batches that have not ended. One that has is never looked at again. */
  #listOpen(): string[] {
    const { workspace } = this.#context;
    const ids = new Set([...listRecordIds(workspace), ...listBatchIds(workspace)]);
    return [...ids].filter((id) => {
      if (this.#ended.has(id)) return false;
      const [record, batch] = [findRecord(workspace, id), findBatch(workspace, id)];
      // What is being written, or belongs to another client, is none of this server's.
      if (record === undefined && batch?.client !== "anthropic") return false;
      const hasEnded =
        record === undefined
          ? batch?.endedAt !== undefined
          : ["failed", "cancelled", "completed", "expired"].includes(findStatus(record, batch));
      if (hasEnded) this.#ended.add(id);
      return !hasEnded;
    });
  }

  #wait(): Promise<void> {
    if (this.#wasWoken || this.#isStopped) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#waitMs);
      this.#waitMs = Math.min(this.#longestWaitMs, this.#waitMs * growth);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Makes the batch of a record whose input file was not read yet, or ends the record without one. */
async function acceptInput(context: ServeContext, record: BatchRecord): Promise<void> {
  const nowSeconds = (): number => Math.floor(context.nowMs() / 1000);
  const latest = (): BatchRecord => findRecord(context.workspace, record.id) ?? record;
  if (latest().cancellingAt !== undefined) {
    await writeRecord(context.workspace, { ...latest(), cancelledAt: nowSeconds() });
    return;
  }
  const read = await readInput(context, record);
  if ("problems" in read)
    await writeRecord(context.workspace, { ...latest(), failedAt: nowSeconds(), problems: read.problems });
  else {
    const model = read.model === undefined ? {} : { model: read.model };
    await writeRecord(context.workspace, { ...latest(), inProgressAt: nowSeconds(), ...model });
    // Somebody may have asked for the end of it while its file was read.
    if (latest().cancellingAt !== undefined) await context.worker.cancel(record.id, context.nowMs());
  }
}
