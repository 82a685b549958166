import { endStates, type ListedJob } from "../aws/bedrock.ts";
import { isRefusal } from "../aws/wrap-error.ts";
import { isError } from "../foundation/errors/index.ts";
import { recordLook, type SeenShard } from "../ledger/seen-jobs.ts";
import { readShards, recordClosed, type ShardRow } from "../ledger/shards.ts";
import { askShards } from "./ask-shard.ts";
import { countInFlight } from "./count-in-flight.ts";
import { fetchOutput } from "./fetch-output.ts";
import { findUnknown } from "./find-unknown.ts";
import type { Clients, JobRun } from "./job-run.ts";
import { submitShard } from "./submit-shard.ts";

/*
 * One pass over a run's jobs: look, fetch, start. Everything that a run does after its first submission is a repetition of
 * this pass, in this process or another; it takes the ledger's word for what was announced and the service's for what is.
 *
 *   1. look    one List call tells the state of every job of the run, and finds those whose creation was announced but
 *              never confirmed; what it does not have is asked for by itself, several times
 *   2. fetch   the output of every job that has ended
 *   3. start   upload and submit what waits, as long as there are slots
 *   4. ask     some of what goes on demand; the next pass goes on with it
 */

/** What one pass over a run's jobs came to. */
export interface PassResult {
  /** Shards whose job is under way or still to come. */
  readonly pendingCount: number;
  readonly shards: readonly ShardRow[];
  /** Shards whose jobs the service does not know. */
  readonly unknown: readonly ShardRow[];
  /** Records on demand are left that could be asked at once. */
  readonly isAsking: boolean;
}

/** What a pass does and leaves. */
export interface PassOptions {
  /** False where a run was stopped: what waits stays where it is. @defaultValue true */
  readonly mayStart?: boolean;
  /** False where the output of jobs stays with the service, for whoever joins it. @defaultValue true */
  readonly isFetching?: boolean;
}

/** Makes a pass. @throws SERVICE_REFUSED, UNREACHABLE, CREDENTIALS_REFUSED */
export async function reconcile(
  run: JobRun,
  clients: Clients,
  { mayStart = true, isFetching = true }: PassOptions = {},
): Promise<PassResult> {
  await look(run, clients, mayStart);
  if (isFetching) await fetchAll(run, clients);
  if (mayStart) await start(run, clients);
  const isAsking = mayStart && (await askShards(run, clients));
  const shards = readShards(clients.ledger, run.runId);
  clients.onProgress({ shards });
  const isPending = ({ state, closed, attempt }: ShardRow): boolean =>
    state !== "collected" &&
    (isFetching || state !== "ended") &&
    closed === undefined &&
    (mayStart || attempt?.jobArn !== undefined);
  const unknown = shards.filter(({ closed }) => closed === "unknown");
  return { pendingCount: shards.filter(isPending).length, shards, unknown, isAsking };
}

async function look(run: JobRun, clients: Clients, mayStart: boolean): Promise<void> {
  const { ledger, jobs, nowMs, onProgress } = clients;
  const waiting = readShards(ledger, run.runId).filter(
    ({ state, closed }) =>
      (state === "submitting" || state === "submitted") && closed !== "gone" && closed !== "resent",
  );
  if (waiting.length === 0) return;
  const listed = await jobs.list({ nameContains: run.runId });
  const byName = new Map(listed.map((job) => [job.jobName, job]));
  // What was announced and never confirmed is made when the run goes on; of a run that was stopped it has to be known.
  const missing = waiting.filter(
    ({ state, attempt }) => !byName.has(attempt?.jobName ?? "") && (state === "submitted" || !mayStart),
  );
  const { found, unknown } = await findUnknown(run, clients, missing);
  for (const { index, closed } of unknown) {
    if (closed === undefined) await recordClosed(ledger, { runId: run.runId, index }, "unknown", nowMs());
  }
  const seen: SeenShard[] = [];
  for (const { index, state, attempt } of waiting) {
    const listedJob = attempt === undefined ? undefined : (byName.get(attempt.jobName) ?? found.get(index));
    if (attempt === undefined || listedJob === undefined) continue;
    // The list does not say why a job failed.
    const isOver = endStates.includes(listedJob.status);
    const job = isOver && listedJob.status !== "Completed" ? await jobs.get(listedJob.jobArn) : listedJob;
    const key = { runId: run.runId, index, attempt: attempt.attempt };
    const foundArn = state === "submitting" ? job.jobArn : undefined;
    seen.push({ key, foundArn, seen: { ...job, endedAt: findEnd(job, nowMs()) } });
  }
  await recordLook(ledger, seen, nowMs());
  onProgress({ shards: readShards(ledger, run.runId) });
}

/** Whether the service has said no, and would again: no trouble of its own, and no limit that passes. */
function isFinal(error: unknown): boolean {
  if (!isError(error, "SERVICE_REFUSED")) return false;
  const { status } = error.details;
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}

/** When a job ended; an Expired job's own end time is minutes after its start (seen 2025-01), which is when it was queued. */
function findEnd(job: ListedJob, nowMs: number): number | undefined {
  return endStates.includes(job.status) ? (job.endedAt ?? nowMs) : undefined;
}

async function fetchAll(run: JobRun, clients: Clients): Promise<void> {
  for (const shard of readShards(clients.ledger, run.runId)) {
    if (shard.state === "ended") await fetchOutput(run, clients, shard);
  }
}

/**
 * Starts one shard after the other, each with its upload before it, so that calls never come in a burst. What finds no slot
 * waits for a later pass: slots free up when a job ends, minutes from now.
 */
async function start(run: JobRun, clients: Clients): Promise<void> {
  const shards = readShards(clients.ledger, run.runId);
  const startable = shards.filter(
    ({ lane, state, closed }) =>
      lane === "batch" &&
      closed === undefined &&
      (state === "waiting" || state === "uploading" || state === "submitting"),
  );
  if (startable.length === 0) return;
  let inFlight = await countInFlight(run, clients, shards);
  for (const shard of startable) {
    if (inFlight >= run.maxJobsInFlight) return;
    try {
      await submitShard(run, clients, shard);
      inFlight += 1;
    } catch (error) {
      // Somebody else took the slot; or the SDK has waited and tried several times. At once it would be refused again.
      if (isRefusal(error, "ServiceQuotaExceededException", "ThrottlingException")) return;
      // Nothing is reserved for what is refused for good; resuming the run tries it again.
      if (isFinal(error))
        await recordClosed(clients.ledger, { runId: run.runId, index: shard.index }, "refused", clients.nowMs());
      throw error;
    }
  }
}
