import type { BatchWorker } from "./batch-worker.ts";
import type { ClientBatch } from "./types.ts";

/** How many requests have an answer, and how many have failed: what the service has counted, until the batch has ended. */
export async function countProgress(
  worker: BatchWorker,
  batch: ClientBatch,
): Promise<{ readonly done: number; readonly failed: number }> {
  const { counts, refusedCount, requestCount, rowCount } = batch;
  if (counts !== undefined)
    return { done: counts.succeeded, failed: counts.failed + counts.cancelled + counts.expired };
  let [done, failed] = [0, refusedCount];
  for (const job of await worker.readJobs(batch)) {
    done += job.counts?.success ?? 0;
    failed += job.counts?.error ?? 0;
  }
  // Where one request became several lines, the service counts lines.
  const most = requestCount - refusedCount;
  const share = rowCount > most && rowCount > 0 ? most / rowCount : 1;
  done = Math.min(Math.floor(done * share), most);
  return { done, failed: Math.min(failed, requestCount - done) };
}
