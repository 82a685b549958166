import { defined } from "../../foundation/defined.ts";
import { isError } from "../../foundation/errors/index.ts";
import { formatNumberOf } from "../../foundation/format.ts";
import { isSameOrigin } from "../../foundation/origin.ts";
import { reconcile } from "../../jobs/reconcile.ts";
import { stopJobs } from "../../jobs/stop-jobs.ts";
import type { Ledger } from "../../ledger/open-ledger.ts";
import { findRun, type RunRow, readRuns } from "../../ledger/runs.ts";
import { isPending, readShards, type ShardRow } from "../../ledger/shards.ts";
import { fetchRun } from "../../workspace/fetch-run.ts";
import { readPlanFile, readRunFile, refuseDamaged, runPaths } from "../../workspace/run-folder.ts";
import { isBusy, tryLease } from "../../workspace/run-lease.ts";
import { identify, openWorkspace, type Session, toOrigin } from "../../workspace/session.ts";
import { openClients } from "../clients/open-clients.ts";
import { passParts } from "../parts/pass-parts.ts";
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
    /** What was to be done could not be: see `problem`. */
    | "waiting";
  /** Shards, by their states. */
  readonly shards: Readonly<Record<string, number>>;
  /** Jobs that failed before their first record, and are sent again. */
  readonly retriedCount: number;
  /** Records that go on demand from here on, to be there in time. */
  readonly movedCount: number;
  readonly problem?: RunProblem;
}

/** What went wrong with a run; the next pass tries again. */
export interface RunProblem {
  readonly message: string;
  /** The service was asked too much: that passes by itself. */
  readonly isPassing: boolean;
}

/** How long a pass may take. */
export interface PassLimits {
  /** No further work is begun after it, in the session's milliseconds since 1970. */
  readonly untilMs: number;
}

/** Between two stretches of asking on demand, where the service takes no more for now. */
const throttledMs = 5_000;

/**
 * One pass over every run of the workspace that is under way in this account and region, as a function makes it that nobody watches: looks at the
 * jobs, sends again what failed before it began, moves what is stuck on demand in time, and starts what slots allow. What goes on demand is asked
 * as long as there is time, after every run had its turn. It needs no engine and fetches no answers of jobs; a run whose jobs have ended is
 * joined by whoever resumes it. What breaks off is done by the next pass.
 * @throws SERVICE_REFUSED, UNREACHABLE, CREDENTIALS_REFUSED where the workspace or the caller cannot be read
 */
export async function passRuns(session: Session, { untilMs }: PassLimits): Promise<readonly RunPass[]> {
  const ledger = await openWorkspace(session.config);
  try {
    const origin = toOrigin(await identify(session));
    // The oldest first: it waits for slots the longest.
    const rows = readRuns(ledger)
      .filter(({ state, origin: own }) => (state === "prepared" || state === "running") && isSameOrigin(own, origin))
      .reverse();
    const passes = new Map<string, RunPass>();
    const isTime = (): boolean => session.nowMs() < untilMs;
    let left = rows;
    while (left.length > 0) {
      const again: RunRow[] = [];
      let isPausing = true;
      for (const row of left) {
        if (!isTime()) return [...passes.values()];
        const { pass, next } = await passRun(session, ledger, row, untilMs);
        passes.set(row.id, addPasses(passes.get(row.id), pass));
        if (next !== "none") again.push(row);
        if (next === "at once") isPausing = false;
      }
      left = again;
      if (left.length > 0 && isPausing && isTime()) await session.sleep(throttledMs);
    }
    return [...passes.values()];
  } finally {
    ledger.close();
  }
}

const addPasses = (before: RunPass | undefined, pass: RunPass): RunPass => ({
  ...pass,
  retriedCount: pass.retriedCount + (before?.retriedCount ?? 0),
  movedCount: pass.movedCount + (before?.movedCount ?? 0),
});

/** A pass over one run, and whether there is more to do as long as there is time. */
interface OnePass {
  readonly pass: RunPass;
  readonly next: "none" | "at once" | "soon";
}

async function passRun(session: Session, ledger: Ledger, row: RunRow, untilMs: number): Promise<OnePass> {
  const nothing = { runId: row.id, shards: {}, retriedCount: 0, movedCount: 0 };
  try {
    const owned = await tryLease(session, ledger, row.id);
    if (owned === undefined) return { pass: { ...nothing, state: "busy" }, next: "none" };
    try {
      return await (row.partCount === undefined ? work : workOnParts)(session, ledger, row, untilMs);
    } finally {
      await owned.release();
    }
  } catch (error) {
    // Another process took it over meanwhile.
    if (isBusy(error)) return { pass: { ...nothing, state: "busy" }, next: "none" };
    // One run's trouble is not the others'.
    return { pass: { ...nothing, state: "waiting", problem: toProblem(error) }, next: "none" };
  }
}

function toProblem(error: unknown): RunProblem {
  if (!isError(error)) return { message: error instanceof Error ? error.message : String(error), isPassing: false };
  const isPassing = error.code === "SERVICE_REFUSED" && error.details.status === 429;
  return { message: `${error.code}: ${error.message}`, isPassing };
}

async function work(session: Session, ledger: Ledger, row: RunRow, untilMs: number): Promise<OnePass> {
  const { workspace } = session.config;
  const paths = runPaths(workspace, row.id);
  await fetchRun(paths, "description");
  refuseDamaged(paths, false);
  const [run, plan] = [readRunFile(paths), readPlanFile(paths)];
  if (run.canary !== undefined && run.canary.isPassed !== true) {
    const problem = { message: `its canary was not judged yet: halfprice resume ${row.id}`, isPassing: false };
    const nothing = { runId: row.id, shards: {}, retriedCount: 0, movedCount: 0 };
    return { pass: { ...nothing, state: "waiting", problem }, next: "none" };
  }
  // What another machine has asked is here before it would be asked again.
  if (readShards(ledger, row.id).some(isOpenOnDemand)) await fetchRun(paths, "asked");
  const jobRun = toJobRun(paths, run);
  const clients = await openClients(session, ledger, run, {});
  const isStopped = (): boolean => findRun(ledger, row.id)?.state === "stopped";
  const mayStart = (): boolean => !isStopped() && session.nowMs() < untilMs;
  try {
    const { isAsking } = await reconcile(jobRun, clients, { mayStart: mayStart(), isFetching: false });
    const kept = mayStart() ? await keepDeadline(workspace, { run, plan }, jobRun, clients) : undefined;
    const retriedCount = mayStart() ? await retryJobs(workspace, run, jobRun, clients) : 0;
    const movedCount = kept?.movedCount ?? 0;
    // Whoever stopped the run has stopped the jobs that there were: those that this pass has made since are stopped as well.
    if (isStopped()) await stopJobs(jobRun, clients);
    const shards = readShards(ledger, row.id);
    const problem = kept?.refusal === undefined ? findClosed(row.id, shards) : toProblem(kept.refusal);
    const isAtOnce = isAsking || movedCount > 0 || retriedCount > 0;
    return {
      pass: {
        ...{ runId: row.id, retriedCount, movedCount },
        state: shards.some(isPending) ? "working" : problem === undefined ? "ended" : "waiting",
        shards: countStates(shards),
        ...defined({ problem }),
      },
      next: isAtOnce ? "at once" : shards.some(isOpenOnDemand) ? "soon" : "none",
    };
  } finally {
    await clients.close();
  }
}

/** Of a run in parts it submits what is prepared; preparing and joining is for engines, or for whoever resumes the run. */
async function workOnParts(session: Session, ledger: Ledger, row: RunRow, untilMs: number): Promise<OnePass> {
  const paths = runPaths(session.config.workspace, row.id);
  await fetchRun(paths, "description");
  refuseDamaged(paths, false);
  const run = readRunFile(paths);
  const clients = await openClients(session, ledger, run, {});
  const mayStart = (): boolean => findRun(ledger, row.id)?.state !== "stopped" && session.nowMs() < untilMs;
  try {
    const { states, shards, barred, isAsking } = await passParts({ session, ledger, clients, run, mayStart });
    const problem = barred === undefined ? findClosed(row.id, shards) : toProblem(barred);
    const isOver = states.every(({ step }) => step === "done" || step === "join" || step === "prepare");
    return {
      pass: {
        ...{ runId: row.id, retriedCount: 0, movedCount: 0 },
        state: problem !== undefined ? "waiting" : isOver ? "ended" : "working",
        shards: countStates(shards),
        ...defined({ problem }),
      },
      next: isAsking ? "at once" : "none",
    };
  } finally {
    await clients.close();
  }
}

const isOpenOnDemand = ({ lane, state, closed }: ShardRow): boolean =>
  lane === "on_demand" && closed === undefined && state !== "collected";

/** What the service has refused for good, or does not know, waits until a person has fixed the cause. */
function findClosed(runId: string, shards: readonly ShardRow[]): RunProblem | undefined {
  const count = (end: ShardRow["closed"]): number => shards.filter(({ closed }) => closed === end).length;
  const [refused, unknown] = [count("refused"), count("unknown")];
  const parts = [
    ...(refused === 0 ? [] : [`refused ${formatNumberOf(refused, "job")}`]),
    ...(unknown === 0 ? [] : [`does not know ${formatNumberOf(unknown, "job")}`]),
  ];
  if (parts.length === 0) return undefined;
  const message = `the service ${parts.join(" and ")}; once that is fixed: halfprice resume ${runId}`;
  return { message, isPassing: false };
}

function countStates(shards: readonly ShardRow[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { state } of shards) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}
