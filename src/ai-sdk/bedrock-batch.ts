import { randomBytes } from "node:crypto";
import type {
  Experimental_BatchV4 as BatchV4,
  Experimental_BatchV4ItemResult as ItemResult,
  Experimental_BatchV4StartResult as StartResult,
  Experimental_BatchV4Status as Status,
} from "@ai-sdk/provider";
import { BatchAnswers } from "../client-batches/batch-answers.ts";
import { BatchWorker, type ClientRunOptions } from "../client-batches/batch-worker.ts";
import { BatchWriter } from "../client-batches/batch-writer.ts";
import { findBatch, listClientBatches } from "../client-batches/client-batch.ts";
import { ClientModels } from "../client-batches/client-models.ts";
import { type ClientBatch, RefusedRequest } from "../client-batches/types.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import type { SessionOptions } from "../library/batch-options.ts";
import { keepLocal, openOwnWorkspace } from "../library/library-session.ts";
import { fetchFiles } from "../library/workspace-files.ts";
import { readStatus } from "./read-status.ts";
import { translateLine } from "./translate-answer.ts";
import { translateRequest } from "./translate-request.ts";

/** Where the batches run, and within which bounds. What is left out comes from the environment and `halfprice.config.*`. */
export interface BedrockBatchOptions extends Omit<SessionOptions, "signal" | "onProgress">, ClientRunOptions {}

/** A provider of batches: with all that `BatchV4` may leave out. */
export type BedrockBatch = Required<BatchV4>;

type Warnings = StartResult["warnings"];

/** Batches on the local service that this process follows to their ends, by workspace and id. */
const followed = new Set<string>();

/** How often a batch on the local service is looked at, which costs nothing; its jobs live for seconds. */
const localPollMs = 200;

/**
 * Batches of the AI SDK 7 on Amazon Bedrock: `startBatch({ provider: bedrockBatch(), … })`. Requests are Converse's, of any text model that
 * Bedrock has; those of several models become several runs under one batch. State lies in the workspace, so another process finds a
 * batch by its serialised reference. Asking for a batch's status moves it on: what has ended is collected, what waits is sent.
 * @example
 * ```ts
 * const batch = await experimental_startBatch({ provider: bedrockBatch({ maxCostUsd: 5 }), requests });
 * ```
 */
export function bedrockBatch(options: BedrockBatchOptions = {}): BedrockBatch {
  const provider = new BedrockBatches(options);
  return {
    specificationVersion: "v4",
    provider: "bedrock.batch",
    // The AI SDK fetches files itself: a job fetches nothing.
    supportedUrls: {},
    doStartBatch: (start) => provider.start(start),
    doGetBatchStatus: ({ batchId }) => provider.status(batchId),
    doGetBatchResults: ({ batchId }) => provider.results(batchId),
    doCancelBatch: async ({ batchId }) => {
      await provider.cancel(batchId);
      return {};
    },
    doListBatches: (list) => provider.list(list),
  };
}

class BedrockBatches {
  readonly #session: SessionOptions;
  readonly #run: ClientRunOptions;
  #opened: Promise<{ worker: BatchWorker; models: ClientModels }> | undefined;

  constructor(options: BedrockBatchOptions) {
    const { maxCostUsd, maxCostTotalUsd, timeoutHours, tags, allowGlobal, skipChecks, price, ...session } = options;
    const run = { maxCostUsd, maxCostTotalUsd, timeoutHours, tags, allowGlobal, skipChecks, price };
    this.#session = session;
    this.#run = Object.fromEntries(Object.entries(run).filter(([, value]) => value !== undefined));
  }

  async start({ requests, webhookUrl, abortSignal }: Parameters<BatchV4["doStartBatch"]>[0]): Promise<StartResult> {
    const { worker, models } = await this.#open();
    abortSignal?.throwIfAborted();
    const id = `hpbatch_${randomBytes(12).toString("hex")}`;
    const warnings: Warnings = [];
    if (webhookUrl !== undefined)
      warnings.push({
        warning: { type: "unsupported", feature: "webhookUrl", details: "nobody is told the end: ask for the status" },
      });
    const writer = new BatchWriter(worker.workspace, id);
    const images: string[] = [];
    try {
      for (const request of requests) {
        try {
          if (request.type === "image") {
            images.push(request.id);
            throw new RefusedRequest({
              message: "images are not made in batch here",
              code: "UNSUPPORTED",
              status: 400,
            });
          }
          const warn = (warning: Warnings[number]["warning"]): number =>
            warnings.push({ requestId: request.id, warning });
          writer.add(translateRequest(request, models.get(request.modelId), warn));
        } catch (error) {
          if (!(error instanceof RefusedRequest)) throw error;
          writer.refuse(request.id, error.reason);
        }
      }
    } catch (error) {
      writer.drop();
      throw error;
    }
    const accepted = await writer.commit("ai-sdk", Date.now(), { images });
    const { batch, error } = await worker.begin(id);
    const hasBegun = batch.groups.some(({ runId }) => runId !== undefined);
    if (error !== undefined && !hasBegun) {
      // Nothing was sent: whoever starts the batch again starts another.
      await worker.cancel(id, Date.now()).catch(() => undefined);
      throw error instanceof Error ? error : new Error(String(error));
    }
    warnings.push(...(await this.#explainLanes(worker, batch)));
    if (this.#session.local === true) this.#follow(worker, id);
    return { batchId: id, warnings, ...(await readStatus(worker, findBatch(worker.workspace, id) ?? accepted)) };
  }

  async status(id: string): Promise<Status> {
    const { worker, batch } = await this.#move(id);
    return readStatus(worker, batch);
  }

  async results(id: string): Promise<ReadableStream<ItemResult>> {
    const { worker, batch } = await this.#move(id);
    if (batch.endedAt === undefined) throw new HalfpriceError("BATCH_NOT_ENDED", { id });
    const images = new Set(batch.details["images"] as readonly string[]);
    const lines = new BatchAnswers(worker.workspace, this.#session, batch).lines();
    return new ReadableStream<ItemResult>(
      {
        async pull(controller) {
          const next = await lines.next();
          if (next.done === true) controller.close();
          else controller.enqueue(translateLine(next.value, images.has(next.value.id) ? "image" : "text"));
        },
        async cancel() {
          await lines.return();
        },
      },
      { highWaterMark: 1 },
    );
  }

  async cancel(id: string): Promise<void> {
    const { worker } = await this.#find(id);
    await worker.cancel(id, Date.now());
    if (this.#session.local === true) this.#follow(worker, id);
  }

  async list({ limit = 20, cursor }: { readonly limit?: number; readonly cursor?: string }) {
    const { worker } = await this.#open();
    const all = listClientBatches(worker.workspace, "ai-sdk");
    const from = cursor === undefined ? 0 : all.findIndex((batch) => batch.id === cursor) + 1;
    const page = all.slice(from, from + limit);
    const last = page.at(-1);
    const batches = await Promise.all(
      page.map(async (batch) => ({ batchId: batch.id, ...(await readStatus(worker, batch)) })),
    );
    return { batches, ...(last !== undefined && from + limit < all.length ? { nextCursor: last.id } : {}) };
  }

  #open(): Promise<{ worker: BatchWorker; models: ClientModels }> {
    this.#opened ??= (async () => {
      const { folder, name, region } = await openOwnWorkspace(this.#session);
      await fetchFiles(folder, "batches");
      const worker = new BatchWorker(folder, { session: { ...this.#session, workspace: name }, run: this.#run });
      return { worker, models: new ClientModels({ region, isGlobalAllowed: this.#run.allowGlobal }) };
    })();
    return this.#opened;
  }

  async #find(id: string): Promise<{ worker: BatchWorker; batch: ClientBatch }> {
    const { worker } = await this.#open();
    const batch = findBatch(worker.workspace, id);
    if (batch?.client !== "ai-sdk") throw new HalfpriceError("UNKNOWN_BATCH", { id, workspace: worker.workspace });
    return { worker, batch };
  }

  /** Moves a batch on by a pass, or sees to it that this process does. */
  async #move(id: string): Promise<{ worker: BatchWorker; batch: ClientBatch }> {
    const { worker, batch } = await this.#find(id);
    if (batch.endedAt !== undefined) return { worker, batch };
    if (this.#session.local !== true) return { worker, batch: await worker.advance(id) };
    this.#follow(worker, id);
    return { worker, batch };
  }

  /** On the local service somebody has to be there while jobs go on: this process, until the batch has ended. */
  #follow(worker: BatchWorker, id: string): void {
    const key = `${worker.workspace}\n${id}`;
    if (followed.has(key)) return;
    const follow = async (): Promise<void> => {
      const release = await keepLocal(this.#session);
      try {
        while ((await worker.advance(id)).endedAt === undefined)
          await new Promise((resolve) => setTimeout(resolve, localPollMs));
      } finally {
        await release();
      }
    };
    followed.add(key);
    // What went wrong is tried again by the next call.
    void follow()
      .catch(() => undefined)
      .then(() => followed.delete(key));
  }

  /** Says which requests go on demand, at the full price, and why. */
  async #explainLanes(worker: BatchWorker, batch: ClientBatch): Promise<Warnings> {
    const warnings: Warnings = [];
    for (const group of batch.groups) {
      const say = (details: string): number =>
        warnings.push({ warning: { type: "compatibility", feature: `batch of ${group.clientModel}`, details } });
      if (group.error !== undefined) say(`${group.rowCount} requests fail: ${group.error.message}`);
      else if (group.isOnDemand)
        say(
          `${group.rowCount} requests go on demand, at the full price: batch takes no tools, or the model has no batch`,
        );
    }
    for (const run of await worker.readRuns(batch)) {
      const isForced = batch.groups.some(({ runId, isOnDemand }) => runId === run.id && isOnDemand);
      const few = run.jobs.filter(({ lane }) => lane === "on_demand").reduce((sum, job) => sum + job.recordCount, 0);
      if (few > 0 && !isForced)
        warnings.push({
          warning: {
            type: "compatibility",
            feature: `batch of ${run.model}`,
            details: `${few} requests go on demand, at the full price: they are too few for a batch job`,
          },
        });
    }
    return warnings;
  }
}
