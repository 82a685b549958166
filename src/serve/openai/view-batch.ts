import { findBatch } from "../../client-batches/client-batch.ts";
import { countProgress } from "../../client-batches/count-progress.ts";
import type { ClientBatch } from "../../client-batches/types.ts";
import type { ServeContext } from "../serve-context.ts";
import type { BatchRecord } from "./batch-record.ts";

/** The status words of OpenAI. */
export type OpenAiStatus =
  | "validating"
  | "failed"
  | "in_progress"
  | "finalizing"
  | "completed"
  | "expired"
  | "cancelling"
  | "cancelled";

/** How a batch stands. @param batch absent until its input file is read */
export function findStatus(record: BatchRecord, batch: ClientBatch | undefined): OpenAiStatus {
  if (record.failedAt !== undefined) return "failed";
  if (record.cancelledAt !== undefined) return "cancelled";
  if (batch?.endedAt === undefined) {
    if (record.cancellingAt !== undefined || batch?.cancelledAt !== undefined) return "cancelling";
    if (batch === undefined) return "validating";
    return record.finalizingAt === undefined ? "in_progress" : "finalizing";
  }
  if (batch.cancelledAt !== undefined) return "cancelled";
  return (batch.counts?.expired ?? 0) > 0 ? "expired" : "completed";
}

const daySeconds = 24 * 60 * 60;

/** A batch as clients see it. */
export async function viewBatch({ workspace, worker }: ServeContext, record: BatchRecord): Promise<object> {
  const batch = findBatch(workspace, record.id);
  const status = findStatus(record, batch);
  const endedAt = batch?.endedAt === undefined ? null : Math.floor(batch.endedAt / 1000);
  const { done, failed } = batch === undefined ? { done: 0, failed: 0 } : await countProgress(worker, batch);
  const { problems, usage } = record;
  const at = (wanted: OpenAiStatus): number | null => (status === wanted ? endedAt : null);
  return {
    id: record.id,
    object: "batch",
    endpoint: record.endpoint,
    model: record.model ?? null,
    errors:
      problems === undefined
        ? null
        : {
            object: "list",
            data: problems.map(({ code, message, line }) => ({ code, message, line: line ?? null, param: null })),
          },
    input_file_id: record.inputFileId,
    completion_window: record.completionWindow,
    status,
    output_file_id: record.outputFileId ?? null,
    error_file_id: record.errorFileId ?? null,
    created_at: record.createdAt,
    in_progress_at: record.inProgressAt ?? null,
    expires_at: record.createdAt + daySeconds,
    finalizing_at: record.finalizingAt ?? null,
    completed_at: at("completed"),
    failed_at: record.failedAt ?? null,
    expired_at: at("expired"),
    cancelling_at: record.cancellingAt ?? null,
    cancelled_at: record.cancelledAt ?? at("cancelled"),
    request_counts: { total: batch?.requestCount ?? 0, completed: done, failed },
    ...(usage === undefined
      ? {}
      : {
          usage: {
            input_tokens: usage.inputTokens,
            input_tokens_details: { cached_tokens: 0 },
            output_tokens: usage.outputTokens,
            output_tokens_details: { reasoning_tokens: 0 },
            total_tokens: usage.inputTokens + usage.outputTokens,
          },
        }),
    metadata: record.metadata,
  };
}
