import type { Experimental_BatchV4Status as Status } from "@ai-sdk/provider";
import type { BatchWorker } from "../client-batches/batch-worker.ts";
import { countProgress } from "../client-batches/count-progress.ts";
import type { ClientBatch } from "../client-batches/types.ts";
import { defined } from "../foundation/defined.ts";

/** How long a batch may take: a job's own limit. */
const lifeMs = 24 * 60 * 60_000;

/** A batch as the AI SDK has it, from the workspace alone. */
export async function readStatus(worker: BatchWorker, batch: ClientBatch): Promise<Status> {
  const { createdAt, endedAt, cancelledAt, groups, trouble } = batch;
  const { done, failed } = await countProgress(worker, batch);
  const isFailed = endedAt !== undefined && groups.length > 0 && groups.every(({ error }) => error !== undefined);
  const [first] = groups.flatMap(({ error }) => error ?? []);
  return {
    status: endedAt === undefined ? "pending" : isFailed ? "failed" : "completed",
    rawStatus: endedAt !== undefined ? "ended" : cancelledAt !== undefined ? "cancelling" : "in_progress",
    requestCounts: {
      total: batch.requestCount,
      pending: batch.requestCount - done - failed,
      completed: done,
      failed,
    },
    ...(isFailed && first !== undefined ? { error: { message: first.message, ...defined({ code: first.code }) } } : {}),
    createdAt: new Date(createdAt).toISOString(),
    expiresAt: new Date(createdAt + lifeMs).toISOString(),
    providerMetadata: {
      bedrock: {
        runIds: groups.flatMap(({ runId }) => runId ?? []),
        ...defined({ trouble }),
      },
    },
  };
}
