import { isError } from "../../foundation/errors/index.ts";
import { isSameOrigin } from "../../foundation/origin.ts";
import { type PassResult, reconcile } from "../../jobs/reconcile.ts";
import type { Ledger } from "../../ledger/open-ledger.ts";
import { findRun, type RunRow, readRuns } from "../../ledger/runs.ts";
import { fetchRun } from "../../workspace/fetch-run.ts";
import { readPlanFile, readRunFile, refuseDamaged, runPaths } from "../../workspace/run-folder.ts";
import { tryLease } from "../../workspace/run-lease.ts";
import { identify, openWorkspace, type Session, toOrigin } from "../../workspace/session.ts";
import { openClients } from "../clients/open-clients.ts";
import { keepDeadline } from "../start-and-resume/keep-deadline.ts";
import { toJobRun } from "../start-and-resume/to-job-run.ts";
import { retryJobs } from "./retry-jobs.ts";

/** What a pass did for a run. */
export interface RunPass {
  readonly runId: string;
  readonly state: /** Jobs are under way, or wait for slots. */
    | "working"
    /** Everything was sent and has ended: `halfprice resume` writes the table. */
    | "ended"
    /** Another process works on it. */
    | "busy"
    /** It waits for a person: its canary, or what is said in `problem`. */
    | "waiting";
  /** Jobs, by the state of their shards. */
  readonly shards: Readonly<Record<string, number>>;
  /** Jobs that failed before their first record, and are sent again. */
  readonly retriedCount: number;
  /** Records that go on demand from here on, to be there in time. */
  readonly movedCount: number;
  /** What went wrong; the next pass tries again. */
  readonly problem?: string;
}

/** How long a pass may take. */
export interface PassLimits {
  /** No further work is begun after it, in the session's milliseconds since 1970. */
  readonly untilMs: number;
}

/**
 * One pass over every run of the workspace that is under way in this account and region, as a function makes it that nobody watches: looks at the
 * jobs, sends again what failed before it began, moves what is stuck on demand in time, and starts what slots allow. It needs no engine and
 * fetches no answers; a run whose jobs have ended is joined by whoever resumes it. What breaks off is done by the next pass.
 * @throws SERVICE_REFUSED, UNREACHABLE, CREDENTIALS_REFUSED where the workspace or the caller cannot be read
 */
export async function passRuns(session: Session, { untilMs }: PassLimits): Promise<readonly RunPass[]> {
  const ledger = await openWorkspace(session.config);
  try {
    const origin = toOrigin(await identify(session));
    const rows = readRuns(ledger).filter(
      ({ state, origin: own }) => (state === "prepared" || state === "running") && isSameOrigin(own, origin),
    );
    const passes: RunPass[] = [];
    // The oldest first: it waits for slots the longest.
    for (const row of rows.reverse()) {
      if (session.nowMs() >= untilMs) break;
      passes.push(await passRun(session, ledger, row, untilMs));
    }
    return passes;
  } finally {
    ledger.close();
  }
}

const noShards = { shards: {}, retriedCount: 0, movedCount: 0 };

async function passRun(session: Session, ledger: Ledger, row: RunRow, untilMs: number): Promise<RunPass> {
  const owned = await tryLease(session, ledger, row.id);
  if (owned === undefined) return { runId: row.id, state: "busy", ...noShards };
  try {
    return await work(session, ledger, row, untilMs);
  } catch (error) {
    if (!isError(error)) throw error;
    return { runId: row.id, state: "waiting", ...noShards, problem: `${error.code}: ${error.message}` };
  } finally {
    await owned.release();
  }
}

async function work(session: Session, ledger: Ledger, row: RunRow, untilMs: number): Promise<RunPass> {
  const { workspace } = session.config;
  const paths = runPaths(workspace, row.id);
  await fetchRun(paths, "description");
  refuseDamaged(paths, false);
  const [run, plan] = [readRunFile(paths), readPlanFile(paths)];
  if (run.canary !== undefined && run.canary.isPassed !== true)
    return {
      runId: row.id,
      state: "waiting",
      ...noShards,
      problem: `its canary was not judged yet: halfprice resume ${row.id}`,
    };
  const jobRun = toJobRun(paths, run);
  const clients = await openClients(session, ledger, run, {});
  const mayStart = (): boolean => findRun(ledger, row.id)?.state !== "stopped" && session.nowMs() < untilMs;
  try {
    let pass: PassResult;
    let [retriedCount, movedCount] = [0, 0];
    let refusal: Error | undefined;
    do {
      pass = await reconcile(jobRun, clients, { mayStart: mayStart(), isFetching: false });
      if (!mayStart()) break;
      const kept = await keepDeadline(workspace, { run, plan }, jobRun, clients);
      const retried = await retryJobs(workspace, run, jobRun, clients);
      movedCount += kept.movedCount;
      retriedCount += retried;
      refusal = kept.refusal;
      // What waits again is sent at once, and what is asked on demand is asked for as long as there is time.
      if (kept.movedCount + retried === 0 && !pass.isAsking) break;
    } while (mayStart());
    const isOver = pass.shards.every(
      ({ state, closed }) => state === "ended" || state === "collected" || closed !== undefined,
    );
    return {
      runId: row.id,
      state: isOver ? "ended" : "working",
      shards: countStates(pass),
      retriedCount,
      movedCount,
      ...(refusal === undefined ? {} : { problem: refusal.message }),
    };
  } finally {
    await clients.close();
  }
}

function countStates({ shards }: PassResult): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { state } of shards) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}
