import type { JobCounts, JobStatus, Lane } from "../foundation/types/index.ts";
import { refuseTaken } from "./claim-run.ts";
import { change, type Ledger } from "./open-ledger.ts";

/** The states of a shard; migrations.ts says what each means. */
export type ShardState = "waiting" | "asking" | "uploading" | "submitting" | "submitted" | "ended" | "collected";

/** Why a shard ended before it was collected; what each means is said with the ledger's tables. */
export type ShardEnd = "refused" | "unknown" | "gone" | "resent";

/** A shard with its latest attempt. */
export interface ShardRow {
  readonly index: number;
  readonly state: ShardState;
  readonly recordCount: number;
  readonly sizeBytes: number;
  /** How its records are answered: by a job, or one by one at the full price. */
  readonly lane: Lane;
  /** 0 as planned; from 1 for what is sent again. */
  readonly round: number;
  /** Where its lines are, below the run's directory: `input/records.jsonl` for what was planned. */
  readonly file: string;
  /** Where in that file they begin. */
  readonly fromByte: number;
  /** The most that it may cost; undefined where the price is not known. Reserved until it is paid. */
  readonly estimateHighUsd: number | undefined;
  /** On demand: when its first record was announced, and when its last answer was on disk. */
  readonly askedAt: number | undefined;
  readonly answeredAt: number | undefined;
  /** Why nothing more is expected of it, although it was not collected; undefined while it is open. */
  readonly closed: ShardEnd | undefined;
  /** Undefined until something was announced for it. */
  readonly attempt: AttemptRow | undefined;
}

/** Whether something may still come of a shard without a person's doing: it waits, or is under way. */
export const isPending = ({ state, closed }: Pick<ShardRow, "state" | "closed">): boolean =>
  closed === undefined && state !== "collected" && state !== "ended";

/** One try at a shard: one job, or what was to become one. */
export interface AttemptRow {
  /** From 1. */
  readonly attempt: number;
  readonly jobName: string;
  readonly clientToken: string;
  readonly inputUri: string;
  readonly outputUri: string;
  readonly announcedAt: number;
  readonly jobArn: string | undefined;
  readonly status: JobStatus | undefined;
  readonly message: string | undefined;
  readonly submittedAt: number | undefined;
  readonly endedAt: number | undefined;
  readonly counts: JobCounts | undefined;
  /** The job's manifest as it was downloaded, JSON. */
  readonly manifest: string | undefined;
}

/** A shard that is to be. Its index is one that the run does not have yet, whatever its round. */
export interface NewShard extends Pick<ShardRow, "index" | "recordCount" | "sizeBytes" | "fromByte"> {
  /** @defaultValue "batch" */
  readonly lane?: Lane;
  /** @defaultValue 0 */
  readonly round?: number;
  /** @defaultValue "input/records.jsonl" */
  readonly file?: string;
  readonly estimateHighUsd?: number | undefined;
}

const insertShard = `INSERT INTO shards (run_id, shard_index, state, record_count, size_bytes, lane, round, file, from_byte,
  estimate_high_usd) VALUES (?, ?, 'waiting', ?, ?, ?, ?, ?, ?, ?)`;
const selectShards = `
  SELECT a.*, s.shard_index, s.state, s.record_count, s.size_bytes, s.lane, s.round, s.file, s.from_byte, s.estimate_high_usd,
    s.asked_at, s.answered_at, s.closed
  FROM shards s LEFT JOIN attempts a ON a.run_id = s.run_id AND a.shard_index = s.shard_index
    AND a.attempt = (SELECT max(attempt) FROM attempts l WHERE l.run_id = s.run_id AND l.shard_index = s.shard_index)
  WHERE s.run_id = ? ORDER BY s.shard_index`;
/** @internal Shared with what a look writes. */
export const updateClosed = `UPDATE shards SET closed = ? WHERE run_id = ? AND shard_index = ?`;
/** @internal */
export const updateShard = `UPDATE shards SET state = ?, closed = NULL WHERE run_id = ? AND shard_index = ?`;
const insertAttempt = `INSERT INTO attempts (run_id, shard_index, attempt, job_name, client_token, input_uri, output_uri,
  announced_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;
const selectAttempt = `SELECT 1 FROM attempts WHERE run_id = ? AND shard_index = ? AND attempt = ?`;
const updateManifest = `UPDATE attempts SET manifest = ? WHERE run_id = ? AND shard_index = ? AND attempt = ?`;
const updateEstimate = `UPDATE shards SET estimate_high_usd = ? WHERE run_id = ? AND shard_index = ?`;
const updateAsking = `UPDATE shards SET state = 'asking', asked_at = coalesce(asked_at, ?) WHERE run_id = ? AND shard_index = ?`;
const updateAnswered = `UPDATE shards SET state = 'collected', answered_at = ? WHERE run_id = ? AND shard_index = ?`;
/** @internal */
export const touchRun = `UPDATE runs SET updated_at = ?, state = CASE state WHEN 'prepared' THEN 'running' ELSE state END WHERE id = ?`;

/** Where the lines of all planned shards are, below the run's directory. */
export const plannedLines = "input/records.jsonl";

/** Names one attempt of a shard. */
export interface AttemptKey {
  readonly runId: string;
  readonly index: number;
  readonly attempt: number;
}

/** Adds shards to a run; called inside of a change. */
export function recordShards(ledger: Ledger, runId: string, shards: readonly NewShard[]): void {
  const statement = ledger.prepare(insertShard);
  for (const shard of shards) {
    const { index, recordCount, sizeBytes, fromByte, lane = "batch", round = 0, file = plannedLines } = shard;
    const { estimateHighUsd = null } = shard;
    statement.run(runId, index, recordCount, sizeBytes, lane, round, file, fromByte, estimateHighUsd);
  }
}

/** The shards of a run, in order, each with its latest attempt. */
export function readShards(ledger: Ledger, runId: string): ShardRow[] {
  return ledger.prepare(selectShards).all(runId).map(parseShard);
}

/**
 * Announces an upload and the job that is to follow it: name and token are fixed from here on.
 * @throws RUN_BUSY where another process has announced it, which works on the run although this one does
 */
export async function recordUploading(
  ledger: Ledger,
  key: AttemptKey,
  attempt: Pick<AttemptRow, "jobName" | "clientToken" | "inputUri" | "outputUri">,
  at: number,
): Promise<void> {
  await change(ledger, "shard uploading", () => {
    const { runId, index } = key;
    const { jobName, clientToken, inputUri, outputUri } = attempt;
    if (ledger.prepare(selectAttempt).get(runId, index, key.attempt) !== undefined) refuseTaken(ledger, runId);
    ledger.prepare(insertAttempt).run(runId, index, key.attempt, jobName, clientToken, inputUri, outputUri, at);
    ledger.prepare(updateShard).run("uploading", runId, index);
    ledger.prepare(touchRun).run(at, runId);
  });
}

/** Announces CreateModelInvocationJob: from here on the job may exist. */
export async function recordSubmitting(ledger: Ledger, { runId, index }: AttemptKey, at: number): Promise<void> {
  await change(ledger, "shard submitting", () => {
    ledger.prepare(updateShard).run("submitting", runId, index);
    ledger.prepare(touchRun).run(at, runId);
  });
}

/** Closes a shard before it was collected, or opens it again. */
export async function recordClosed(
  ledger: Ledger,
  { runId, index }: Pick<AttemptKey, "runId" | "index">,
  end: ShardEnd | undefined,
  at: number,
): Promise<void> {
  await change(ledger, `shard ${end ?? "open"}`, () => {
    ledger.prepare(updateClosed).run(end ?? null, runId, index);
    ledger.prepare(touchRun).run(at, runId);
  });
}

/**
 * Opens the shards again that were refused: whoever resumes a run has changed what they were refused for.
 * @param guard looks once more, while nobody else can write; what it throws leaves the ledger as it was
 */
export async function reopenRefused(ledger: Ledger, runId: string, guard: () => void): Promise<void> {
  if (!readShards(ledger, runId).some(({ closed }) => closed === "refused")) return;
  await change(ledger, "refused shards open", () => {
    ledger.prepare(`UPDATE shards SET closed = NULL WHERE run_id = ? AND closed = 'refused'`).run(runId);
    guard();
  });
}

/** The shard's output is in the run's directory. */
export async function recordCollected(
  ledger: Ledger,
  key: AttemptKey,
  manifest: string | undefined,
  at: number,
): Promise<void> {
  await change(ledger, "shard collected", () => {
    ledger.prepare(updateManifest).run(manifest ?? null, key.runId, key.index, key.attempt);
    ledger.prepare(updateShard).run("collected", key.runId, key.index);
    ledger.prepare(touchRun).run(at, key.runId);
  });
}

/**
 * Replaces what shards may cost at most, once more is known.
 * @param guard looks at the result while nobody else can write; what it throws leaves the ledger as it was
 */
export async function recordEstimates(
  ledger: Ledger,
  runId: string,
  shards: readonly Pick<ShardRow, "index" | "estimateHighUsd">[],
  guard: () => void,
): Promise<void> {
  await change(ledger, "estimates", () => {
    const statement = ledger.prepare(updateEstimate);
    for (const { index, estimateHighUsd = null } of shards) statement.run(estimateHighUsd, runId, index);
    guard();
  });
}

/** Announces that a shard's records are asked one by one: those without a whole line on disk may have been asked. */
export async function recordAsking(ledger: Ledger, runId: string, index: number, at: number): Promise<void> {
  await change(ledger, "shard asking", () => {
    ledger.prepare(updateAsking).run(at, runId, index);
    ledger.prepare(touchRun).run(at, runId);
  });
}

/** Every record of a shard on demand has its line on disk. */
export async function recordAnswered(ledger: Ledger, runId: string, index: number, at: number): Promise<void> {
  await change(ledger, "shard answered", () => {
    ledger.prepare(updateAnswered).run(at, runId, index);
    ledger.prepare(touchRun).run(at, runId);
  });
}

function parseShard(row: unknown): ShardRow {
  const cells = row as Record<string, string | number | null>;
  const text = (name: string): string | undefined => (cells[name] === null ? undefined : String(cells[name]));
  const number = (name: string): number | undefined => (cells[name] === null ? undefined : Number(cells[name]));
  const total = number("total_records");
  const attempt: AttemptRow | undefined =
    cells["attempt"] === null
      ? undefined
      : {
          attempt: Number(cells["attempt"]),
          jobName: text("job_name") ?? "",
          clientToken: text("client_token") ?? "",
          inputUri: text("input_uri") ?? "",
          outputUri: text("output_uri") ?? "",
          announcedAt: Number(cells["announced_at"]),
          jobArn: text("job_arn"),
          status: text("status") as JobStatus | undefined,
          message: text("message"),
          submittedAt: number("submitted_at"),
          endedAt: number("ended_at"),
          counts:
            total === undefined
              ? undefined
              : {
                  total,
                  processed: number("processed_records") ?? 0,
                  success: number("success_records") ?? 0,
                  error: number("error_records") ?? 0,
                },
          manifest: text("manifest"),
        };
  return {
    index: Number(cells["shard_index"]),
    state: text("state") as ShardState,
    recordCount: Number(cells["record_count"]),
    sizeBytes: Number(cells["size_bytes"]),
    lane: text("lane") as Lane,
    round: Number(cells["round"]),
    file: text("file") ?? plannedLines,
    fromByte: Number(cells["from_byte"]),
    estimateHighUsd: number("estimate_high_usd"),
    askedAt: number("asked_at"),
    answeredAt: number("answered_at"),
    closed: text("closed") as ShardEnd | undefined,
    attempt,
  };
}
