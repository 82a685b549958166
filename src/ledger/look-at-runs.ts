import type { Origin } from "../foundation/types/index.ts";
import type { Ledger } from "./open-ledger.ts";

/*
 * Under way: prepared, running, collected; and stopped while a job that was sent before may still bring answers. A run that was
 * stopped asks nothing any more once no process works on it.
 */
const selectRuns = `
  SELECT r.id, r.state, r.updated_at, r.part_of, r.part, coalesce(max(s.round), 0) AS round,
    r.state IN ('prepared', 'running', 'collected') OR (r.state = 'stopped' AND coalesce(max(s.closed IS NULL AND (
      s.state IN ('submitting', 'submitted', 'ended') OR (s.state = 'asking' AND r.owner_pid IS NOT NULL))), 0)) AS is_under_way
  FROM runs r LEFT JOIN shards s ON s.run_id = r.id
  WHERE r.origin_kind = ? AND r.account_id = ? GROUP BY r.id`;

const insertAwait = `INSERT OR IGNORE INTO awaits (run_id, awaited_run_id, awaited_round) VALUES (?, ?, ?)`;
const selectAwaits = `SELECT awaited_run_id AS run_id, awaited_round AS round FROM awaits WHERE run_id = ?
  ORDER BY awaited_run_id, awaited_round`;

const selectAwaiting = `SELECT DISTINCT r.id FROM awaits a JOIN runs r ON r.id = a.run_id
  WHERE a.awaited_run_id = ? AND r.state IN ('prepared', 'running', 'collected') ORDER BY r.id`;

/** A run as it stood at a look. */
export interface SeenRun {
  readonly id: string;
  readonly isUnderWay: boolean;
  readonly isStopped: boolean;
  /** Its latest: 0 as planned, from 1 for what is sent again. */
  readonly round: number;
  /** The same as long as neither what the run sends nor the answers that it has have changed. */
  readonly mark: string;
  /** The run that this one does a part of, and which: its answers are among those of that run, and nobody waits for them. */
  readonly partOf?: string;
  readonly part?: number;
}

/** How all runs of an account, or of the local service, stood at one moment. What was found by it holds while it is the same. */
export type Look = ReadonlyMap<string, SeenRun>;

/** A round of a run, whose answers another run waits for. */
export interface AwaitedRound {
  readonly runId: string;
  readonly round: number;
}

/** One statement, so that all of it is of one moment. */
export function lookAtRuns(ledger: Ledger, { kind, accountId }: Pick<Origin, "kind" | "accountId">): Look {
  const rows = ledger.prepare(selectRuns).all(kind, accountId) as Record<string, string | number | null>[];
  return new Map(
    rows.map((row) => {
      const [id, round, isUnderWay] = [String(row["id"]), Number(row["round"]), row["is_under_way"] === 1];
      const mark = isUnderWay ? `under way ${round}` : `${row["state"]} ${round} ${row["updated_at"]}`;
      return [id, { id, isUnderWay, isStopped: row["state"] === "stopped", round, mark, ...partOf(row) }];
    }),
  );
}

const partOf = ({
  part_of: id = null,
  part = null,
}: Record<string, string | number | null>): Pick<SeenRun, "partOf" | "part"> =>
  id === null || part === null ? {} : { partOf: String(id), part: Number(part) };

/** The runs that have begun, begun a round, or ended between two looks. */
export function findChanged(before: Look, now: Look): SeenRun[] {
  return [...now.values()].filter(({ id, mark }) => before.get(id)?.mark !== mark);
}

/** Notes which rounds of other runs a run waits for; called inside of the change that begins the run, or its round. */
export function recordAwaits(ledger: Ledger, runId: string, awaited: readonly AwaitedRound[]): void {
  const statement = ledger.prepare(insertAwait);
  for (const each of awaited) statement.run(runId, each.runId, each.round);
}

/** The rounds of other runs that a run has begun to wait for, whether those have ended or not. */
export function readAwaits(ledger: Ledger, runId: string): AwaitedRound[] {
  return ledger
    .prepare(selectAwaits)
    .all(runId)
    .map((row) => {
      const cells = row as Record<string, string | number>;
      return { runId: String(cells["run_id"]), round: Number(cells["round"]) };
    });
}

/** The runs under way that wait, or have waited, for answers of a run. */
export function findAwaiting(ledger: Ledger, runId: string): string[] {
  return ledger
    .prepare(selectAwaiting)
    .all(runId)
    .map((row) => String((row as { id: string }).id));
}
