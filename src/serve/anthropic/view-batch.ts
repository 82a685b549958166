import type { ClientBatch } from "../../client-batches/types.ts";

const dayMs = 24 * 60 * 60_000;

/** A batch as clients see it: what is counted before the end is what is under way. @param resultsUrl absolute, on the same host */
export function viewMessageBatch(batch: ClientBatch, resultsUrl: string): object {
  const { id, createdAt, endedAt, cancelledAt, counts, requestCount } = batch;
  const at = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString());
  return {
    id,
    type: "message_batch",
    processing_status: endedAt !== undefined ? "ended" : cancelledAt !== undefined ? "canceling" : "in_progress",
    request_counts: {
      processing: endedAt === undefined ? requestCount : 0,
      succeeded: counts?.succeeded ?? 0,
      errored: counts?.failed ?? 0,
      canceled: counts?.cancelled ?? 0,
      expired: counts?.expired ?? 0,
    },
    ended_at: at(endedAt),
    created_at: at(createdAt),
    expires_at: at(createdAt + dayMs),
    archived_at: null,
    cancel_initiated_at: at(cancelledAt),
    results_url: endedAt === undefined ? null : resultsUrl,
  };
}
