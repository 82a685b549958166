import { endStates, type ListedJob } from "../aws/bedrock.ts";
import { isRefusal } from "../aws/wrap-error.ts";
import { readShards, recordStatus, recordSubmitted, type ShardRow } from "../ledger/shards.ts";
import { askShards } from "./ask-shard.ts";
import { countInFlight } from "./count-in-flight.ts";
import { fetchOutput } from "./fetch-output.ts";
import type { JobRun, Outside } from "./job-run.ts";
import { submitShard } from "./submit-shard.ts";

/*
 * One pass over a run's jobs: look, fetch, start. Everything that a run does after its first submission is a repetition of
 * this pass, in this process or another; it takes the ledger's word for what was announced and the service's for what is.
 *
 *   1. look    one List call tells the state of every job of the run, and finds those whose creation was announced but
 *              never confirmed
 *   2. fetch   the output of every job that has ended
 *   3. start   upload and submit what waits, as long as there are slots
 *   4. ask     some of what goes on demand; the next pass goes on with it
 */

export interface PassResult {
  /** Shards whose job is under way or still to come. */
  readonly pendingCount: number;
  readonly shards: readonly ShardRow[];
  /** Records on demand are left that could be asked at once. */
  readonly isAsking: boolean;
}

/** @param mayStart false where a run was stopped: what waits stays where it is */
export async function advance(run: JobRun, outside: Outside, mayStart = true): Promise<PassResult> {
  await look(run, outside);
  await fetchAll(run, outside);
  if (mayStart) await start(run, outside);
  const isAsking = mayStart && (await askShards(run, outside));
  const shards = readShards(outside.ledger, run.runId);
  outside.onProgress({ shards });
  const isPending = ({ state, attempt }: ShardRow): boolean =>
    state !== "collected" && (mayStart || attempt?.jobArn !== undefined);
  return { pendingCount: shards.filter(isPending).length, shards, isAsking };
}

async function look(run: JobRun, { ledger, jobs, nowMs, onProgress }: Outside): Promise<void> {
  const waiting = readShards(ledger, run.runId).filter(({ state }) => state === "submitting" || state === "submitted");
  if (waiting.length === 0) return;
  const listed = await jobs.list({ nameContains: run.runId });
  const byName = new Map(listed.map((job) => [job.jobName, job]));
  for (const { index, state, attempt } of waiting) {
    const listedJob = attempt === undefined ? undefined : byName.get(attempt.jobName);
    if (attempt === undefined || listedJob === undefined) continue;
    // The list does not say why a job failed.
    const isOver = endStates.includes(listedJob.status);
    const job = isOver && listedJob.status !== "Completed" ? await jobs.get(listedJob.jobArn) : listedJob;
    const key = { runId: run.runId, index, attempt: attempt.attempt };
    if (state === "submitting") recordSubmitted(ledger, key, job.jobArn, nowMs());
    recordStatus(ledger, key, { ...job, endedAt: findEnd(job, nowMs()) }, nowMs());
  }
  onProgress({ shards: readShards(ledger, run.runId) });
}

/** When a job ended; an Expired job's own end time is minutes after its start (seen 2025-01), which is when it was queued. */
function findEnd(job: ListedJob, nowMs: number): number | undefined {
  return endStates.includes(job.status) ? (job.endedAt ?? nowMs) : undefined;
}

async function fetchAll(run: JobRun, outside: Outside): Promise<void> {
  for (const shard of readShards(outside.ledger, run.runId)) {
    if (shard.state === "ended") await fetchOutput(run, outside, shard);
  }
}

/**
 * Starts one shard after the other, each with its upload before it, so that calls never come in a burst. What finds no slot
 * waits for a later pass: slots free up when a job ends, minutes from now.
 */
async function start(run: JobRun, outside: Outside): Promise<void> {
  const shards = readShards(outside.ledger, run.runId);
  const startable = shards.filter(
    ({ lane, state }) => lane === "batch" && (state === "waiting" || state === "uploading" || state === "submitting"),
  );
  if (startable.length === 0) return;
  let inFlight = await countInFlight(run, outside, shards);
  for (const shard of startable) {
    if (inFlight >= run.maxJobsInFlight) return;
    try {
      await submitShard(run, outside, shard);
      inFlight += 1;
    } catch (error) {
      // Somebody else took the slot; or the SDK has waited and tried several times. At once it would be refused again.
      if (!isRefusal(error, "ServiceQuotaExceededException", "ThrottlingException")) throw error;
      return;
    }
  }
}
