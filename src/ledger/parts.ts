import type { RunSummary } from "../foundation/types/index.ts";
import { change, type Ledger } from "./open-ledger.ts";
import { parseRun, type RunRow, type RunState } from "./runs.ts";

const selectParts = `SELECT id, part, state, summary IS NOT NULL AS is_summed FROM runs WHERE part_of = ? ORDER BY part, created_at, id`;
const selectSummed = `SELECT * FROM runs WHERE part_of = ? AND summary IS NOT NULL ORDER BY part, created_at, id`;
const selectJobs = `SELECT a.job_arn FROM runs r JOIN shards s ON s.run_id = r.id
  JOIN attempts a ON a.run_id = s.run_id AND a.shard_index = s.shard_index
  WHERE r.part_of = ? AND s.state = 'submitted' AND s.closed IS NULL AND a.job_arn IS NOT NULL`;
const updateManifest = `UPDATE attempts SET manifest = ? WHERE run_id = ? AND shard_index = ? AND attempt = ?`;
const updateCollected = `UPDATE shards SET state = 'collected', closed = NULL WHERE run_id = ? AND shard_index = ?`;
const updateJoined = `UPDATE runs SET state = CASE state WHEN 'stopped' THEN 'stopped' ELSE 'done' END, updated_at = ?, summary = ? WHERE id = ?`;
const updateStates = `UPDATE runs SET state = ?, updated_at = ?
  WHERE (id = ? OR part_of = ?) AND state IN ('prepared', 'running', 'collected', 'stopped') AND summary IS NULL`;
const reopenParent = `UPDATE runs SET state = 'running', updated_at = ?, summary = NULL WHERE id = ?`;

/** The run of a part, in short: a run may have thousands of them. */
export interface PartRow {
  readonly runId: string;
  /** From 1. */
  readonly part: number;
  readonly state: RunState;
  /** What it came to is known: its rows are joined. */
  readonly isJoined: boolean;
}

/** The runs of all parts of a run, part by part; where a part was tried again, the latest one last. */
export function readParts(ledger: Ledger, parentId: string): PartRow[] {
  return ledger
    .prepare(selectParts)
    .all(parentId)
    .map((row) => {
      const cells = row as Record<string, string | number>;
      return {
        runId: String(cells["id"]),
        part: Number(cells["part"]),
        state: cells["state"] as RunState,
        isJoined: cells["is_summed"] === 1,
      };
    });
}

/** The joined parts of a run one by one, with what each came to; in the order of `readParts`. */
export function* readSummedParts(ledger: Ledger, parentId: string): Generator<RunRow, void, undefined> {
  for (const row of ledger.prepare(selectSummed).iterate(parentId)) yield parseRun(row);
}

/** The ARNs of the jobs of all parts that the service is at work on, as far as the ledger knows. */
export function readPartJobs(ledger: Ledger, parentId: string): Set<string> {
  const rows = ledger.prepare(selectJobs).all(parentId) as { job_arn: string }[];
  return new Set(rows.map(({ job_arn: arn }) => arn));
}

/** A job whose output was read by whoever joined a part. */
export interface JoinedShard {
  readonly index: number;
  /** Its latest; absent on demand. */
  readonly attempt?: number;
  readonly manifest?: string;
}

/** A part is joined: its jobs are collected, and its summary is there, in one change. */
export async function recordJoinedPart(
  ledger: Ledger,
  runId: string,
  shards: readonly JoinedShard[],
  summary: RunSummary,
  at: number,
): Promise<void> {
  await change(ledger, "part joined", () => {
    for (const { index, attempt, manifest = null } of shards) {
      if (attempt !== undefined) ledger.prepare(updateManifest).run(manifest, runId, index, attempt);
      ledger.prepare(updateCollected).run(runId, index);
    }
    ledger.prepare(updateJoined).run(at, JSON.stringify(summary), runId);
  });
}

/** Stops a run and those of its parts that are not joined, or lets them go on. */
export async function recordPartsState(
  ledger: Ledger,
  parentId: string,
  state: "running" | "stopped",
  at: number,
): Promise<void> {
  await change(ledger, `parts ${state}`, () => ledger.prepare(updateStates).run(state, at, parentId, parentId));
}

/** A run whose parts were all joined runs again. */
export async function recordReopened(ledger: Ledger, parentId: string, at: number): Promise<void> {
  await change(ledger, "run reopened", () => ledger.prepare(reopenParent).run(at, parentId));
}
