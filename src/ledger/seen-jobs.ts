import type { JobCounts, JobStatus } from "../foundation/types/index.ts";
import { change, type Ledger } from "./open-ledger.ts";
import { type AttemptKey, touchRun, updateClosed, updateShard } from "./shards.ts";

const updateSubmitted = `UPDATE attempts SET job_arn = ?, status = 'Submitted', submitted_at = ?
  WHERE run_id = ? AND shard_index = ? AND attempt = ?`;

const updateStatus = `UPDATE attempts SET status = ?, message = ?, ended_at = ?, total_records = coalesce(?, total_records),
  processed_records = coalesce(?, processed_records), success_records = coalesce(?, success_records),
  error_records = coalesce(?, error_records) WHERE run_id = ? AND shard_index = ? AND attempt = ?`;

const selectSame = `SELECT count(*) AS same FROM attempts a JOIN shards s USING (run_id, shard_index)
  WHERE a.status IS ? AND a.message IS ? AND a.ended_at IS ? AND a.total_records IS coalesce(?, a.total_records)
    AND a.processed_records IS coalesce(?, a.processed_records) AND a.success_records IS coalesce(?, a.success_records)
    AND a.error_records IS coalesce(?, a.error_records) AND s.closed IS NULL AND (s.state = 'ended') = ?
    AND a.run_id = ? AND a.shard_index = ? AND a.attempt = ?`;

/** The service has the job. */
export async function recordSubmitted(ledger: Ledger, key: AttemptKey, jobArn: string, at: number): Promise<void> {
  await change(ledger, "shard submitted", () => writeSubmitted(ledger, key, jobArn, at));
}

function writeSubmitted(ledger: Ledger, key: AttemptKey, jobArn: string, at: number): void {
  ledger.prepare(updateSubmitted).run(jobArn, at, key.runId, key.index, key.attempt);
  ledger.prepare(updateShard).run("submitted", key.runId, key.index);
  ledger.prepare(touchRun).run(at, key.runId);
}

/** What the service said of a job when it was last looked at. */
export interface SeenStatus {
  readonly status: JobStatus;
  readonly message: string | undefined;
  readonly counts: JobCounts | undefined;
  /** Set where the job is over. */
  readonly endedAt: number | undefined;
}

/** A shard whose job a look has found. */
export interface SeenShard {
  readonly key: AttemptKey;
  /** Of a job that was announced, and is there. */
  readonly foundArn: string | undefined;
  readonly seen: SeenStatus;
}

/** What a look at the service has found, all of it as one change; what is as it was is not written. */
export async function recordLook(ledger: Ledger, found: readonly SeenShard[], at: number): Promise<void> {
  if (found.length === 0) return;
  await change(ledger, "shard status", () => {
    for (const { key, foundArn, seen } of found) {
      if (foundArn !== undefined) writeSubmitted(ledger, key, foundArn, at);
      writeStatus(ledger, key, seen, at);
    }
  });
}

function writeStatus(ledger: Ledger, key: AttemptKey, seen: SeenStatus, at: number): void {
  const { total, processed, success, error } = seen.counts ?? {};
  const counts = [total ?? null, processed ?? null, success ?? null, error ?? null];
  const ids = [key.runId, key.index, key.attempt];
  const cells = [seen.status, seen.message ?? null, seen.endedAt ?? null, ...counts];
  const isOver = seen.endedAt !== undefined;
  const { same } = ledger.prepare(selectSame).get(...cells, isOver ? 1 : 0, ...ids) as { same: number };
  if (same === 1) return;
  ledger.prepare(updateStatus).run(...cells, ...ids);
  if (isOver) ledger.prepare(updateShard).run("ended", key.runId, key.index);
  else ledger.prepare(updateClosed).run(null, key.runId, key.index);
  ledger.prepare(touchRun).run(at, key.runId);
}
