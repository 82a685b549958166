import { join } from "node:path";
import { nameWorkspace } from "../../config/read-config.ts";
import { findDiskError } from "../../foundation/disk-error.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { follow } from "../../jobs/follow.ts";
import type { JobRun } from "../../jobs/job-run.ts";
import type { PassResult } from "../../jobs/reconcile.ts";
import { reconcile } from "../../jobs/reconcile.ts";
import { stopJobs } from "../../jobs/stop-jobs.ts";
import { lookAtRuns } from "../../ledger/look-at-runs.ts";
import type { Ledger } from "../../ledger/open-ledger.ts";
import type { RunRow } from "../../ledger/runs.ts";
import { findRun, recordRunState } from "../../ledger/runs.ts";
import type { ShardRow } from "../../ledger/shards.ts";
import { readShards, reopenRefused } from "../../ledger/shards.ts";
import { checkSpending } from "../../workspace/check-spending.ts";
import { fetchRun, publishRun } from "../../workspace/fetch-run.ts";
import type { RunFile } from "../../workspace/run-file.ts";
import { isLost, isWhole, readPlanFile, readRunFile, refuseDamaged, runPaths } from "../../workspace/run-folder.ts";
import type { RunLease } from "../../workspace/run-lease.ts";
import { acquireLease, isBusy, tryLease, waitForRun } from "../../workspace/run-lease.ts";
import { openWorkspace, type Session } from "../../workspace/session.ts";
import { makeUnknownError } from "../clients/ask-jobs.ts";
import type { OpenClients } from "../clients/open-clients.ts";
import { openClients } from "../clients/open-clients.ts";
import { type FinishedRun, finishRun, readFinished } from "../finish/finish-run.ts";
import { beginNextRound } from "../retry/next-round.ts";
import { awaitRound, findOpenAwaits } from "./await-rounds.ts";
import { checkOrigin } from "./check-origin.ts";
import type { GivenUp } from "./give-up-run.ts";
import { giveUpRun } from "./give-up-run.ts";
import { makeMover } from "./move-in-time.ts";
import { pollMs } from "./poll-times.ts";
import { findOutrightRefusal } from "./refused-outright.ts";
import { renewPlace } from "./renew-place.ts";
import { runCanary } from "./run-canary.ts";
import { toJobRun } from "./to-job-run.ts";

/** How far a run is worked on. */
export type DriveMode =
  /** Until the table is written. */
  | "follow"
  /** One pass: fetch what ended, start what slots allow. */
  | "once"
  /** Ask the service to stop the jobs, then collect what there is. */
  | "stop"
  /** Until the table of its present round is written, for a run that waits for it; nothing at all where another process works on it. */
  | "round";

/** What work on a run came to. */
export interface DrivenRun {
  /** Undefined where jobs are still under way. */
  readonly finished: FinishedRun | undefined;
  readonly pass: PassResult;
  /** Why a further round, which the run was allowed, was not begun. */
  readonly notRetried?: HalfpriceError;
  /** The run had ended before: nothing was done, and no file was written. */
  readonly wasOver?: true;
  /** The run was given up, since nothing else could be done with it. */
  readonly givenUp?: GivenUp;
}

/**
 * Resumes a run from wherever it is: the same for the process that started it and for any later one. Where another process
 * works on it, `follow` shows what that does until it has ended the run, and goes on in its place when it is gone.
 * @throws WRONG_ORIGIN, RUN_BUSY, SERVICE_REFUSED, UNREACHABLE, CREDENTIALS_REFUSED, DISK
 */
export async function driveRun(session: Session, id: string, mode: DriveMode): Promise<DrivenRun> {
  const { config } = session;
  const ledger = await openWorkspace(config);
  const paths = runPaths(config.workspace, id);
  try {
    const row = findRun(ledger, id);
    if (row === undefined) throw new HalfpriceError("UNKNOWN_RUN", { run: id, workspace: nameWorkspace(config) });
    await fetchRun(paths, "all");
    const records = join(paths.directory, "records.parquet");
    const isUnderWay = lookAtRuns(ledger, row.origin).get(id)?.isUnderWay === true;
    if (mode === "stop" && (isLost(paths) || (isUnderWay && !isWhole(records)))) {
      if (isUnderWay) await checkOrigin(session, row);
      const givenUp = await giveUpRun(session, ledger, row);
      return { finished: undefined, pass: { pendingCount: 0, shards: [], unknown: [], isAsking: false }, givenUp };
    }
    refuseDamaged(paths, !isUnderWay, [records]);
    if (isOver(row, isUnderWay, readShards(ledger, id), mode)) {
      const finished = await readFinished(session, ledger, id);
      const next = mode === "follow" && row.state === "done" ? await beginNextRound(session, finished) : "none";
      if (next !== "begun") return toWorked(finished, next);
    }
    await checkOrigin(session, row);
    const { inputTokens, costUsd } = readPlanFile(paths);
    const expectedCost = costUsd === undefined ? {} : { expectedCostUsd: costUsd.expected };
    const run = renewPlace(paths, config, readShards(ledger, id));
    await publishRun(paths, "run.json");
    if (mode !== "stop") await reopen(session, ledger, run);
    const jobRun = toJobRun(paths, run);
    const clients = await openClients(session, ledger, run, {
      expectedInputTokens: inputTokens.expected,
      ...expectedCost,
    });
    try {
      return await workWithLease({ session, ledger, row, mode, clients, jobRun });
    } finally {
      await clients.close();
    }
  } catch (error) {
    throw findDiskError(error) ?? error;
  } finally {
    ledger.close();
  }
}

/** Whether nothing is left to do: the table is written, and nothing can come any more. What was refused, a resume tries again. */
function isOver(
  { state, summary }: RunRow,
  isUnderWay: boolean,
  shards: readonly ShardRow[],
  mode: DriveMode,
): boolean {
  if (summary === undefined || isUnderWay || (state !== "done" && state !== "stopped")) return false;
  return mode === "stop" || shards.every(({ closed }) => closed === undefined || closed === "resent");
}

const toWorked = (finished: FinishedRun, next: "none" | HalfpriceError): DrivenRun => ({
  finished,
  pass: { pendingCount: 0, shards: finished.shards, unknown: [], isAsking: false },
  ...(next === "none" ? {} : { notRetried: next }),
  wasOver: true,
});

interface Work {
  readonly session: Session;
  readonly ledger: Ledger;
  readonly row: RunRow;
  readonly mode: DriveMode;
  readonly clients: OpenClients;
  readonly jobRun: JobRun;
}

/** What was refused is tried again, where there is still room for it. @throws MAX_COST */
async function reopen({ config }: Session, ledger: Ledger, run: RunFile): Promise<void> {
  await reopenRefused(ledger, run.id, () => checkSpending(config.workspace, ledger, run, 0));
}

/** Works on the run once it is this process's; follows while it is another's. */
async function workWithLease(work: Work): Promise<DrivenRun> {
  const { session, ledger, row, mode } = work;
  let owned: RunLease | undefined =
    mode === "once" ? await acquireLease(session, ledger, row.id) : await tryLease(session, ledger, row.id);
  if (owned === undefined && mode === "stop") return stopFollowed(work);
  if (owned === undefined && mode === "round") {
    return { finished: undefined, pass: { pendingCount: 1, shards: [], unknown: [], isAsking: false } };
  }
  for (;;) {
    try {
      if (owned === undefined) {
        const taken = await waitForRun(session, ledger, row.id, pollMs[row.origin.kind].aside);
        owned = taken;
        await fetchRun(runPaths(session.config.workspace, row.id), "all");
        if (taken.isOver) {
          // Whoever ended it may have done no more than what another run waited for.
          const ended = await readEnded(work);
          const next = await beginRound(work, ended.finished);
          if (next !== "begun") return { ...ended, ...(next === "none" ? {} : { notRetried: next }) };
        }
      }
      return await workOwned(work, owned);
    } catch (error) {
      // This machine slept, and another process took the run over meanwhile.
      if (mode !== "follow" || !isBusy(error)) throw error;
    } finally {
      await owned?.release();
    }
    owned = undefined;
  }
}

async function workOwned(work: Work, owned: RunLease): Promise<DrivenRun> {
  const { session, ledger, row, mode, clients, jobRun } = work;
  // Another process may have ended it before it was this one's.
  const isEndedSince = row.state !== "done" && findRun(ledger, row.id)?.state === "done";
  if (isEndedSince && (mode === "round" || mode === "once")) return readEnded(work);
  if (mode === "stop") {
    await recordRunState(ledger, row.id, "stopped", session.nowMs());
    await reconcile(jobRun, clients, { mayStart: false });
    await stopJobs(jobRun, clients);
  }
  const mayStart = (): boolean => findRun(ledger, row.id)?.state !== "stopped";
  const { shortest: shortestPollMs, longest: longestPollMs } = pollMs[row.origin.kind];
  if (mode !== "stop" && mayStart()) await runCanary(session, jobRun, clients);
  const { directory } = runPaths(session.config.workspace, row.id);
  let refusal: string | undefined;
  /** What refuses every record of one job would refuse the others': they are stopped, and what there is is collected. */
  const stopWhereRefused = async (): Promise<void> => {
    if (refusal !== undefined || !mayStart()) return;
    const shards = readShards(ledger, row.id);
    refusal = findOutrightRefusal(readRunFile(runPaths(session.config.workspace, row.id)), directory, shards);
    if (refusal === undefined || shards.every(({ state }) => state === "collected")) return;
    await recordRunState(ledger, row.id, "stopped", session.nowMs());
    await stopJobs(jobRun, clients);
  };
  const moveInTime = makeMover(work, () => mode !== "stop" && mayStart());
  for (;;) {
    const pass =
      mode === "once"
        ? await reconcile(jobRun, clients, { mayStart: mayStart() })
        : await follow(jobRun, clients, {
            sleep: session.sleep,
            shortestPollMs,
            longestPollMs,
            mayStart,
            onPass: async () => {
              await owned.claim();
              await stopWhereRefused();
              await moveInTime();
            },
            onTrouble: session.onTrouble,
            onWait: () => clients.showLoad(pollMs[row.origin.kind].aside),
            renew: () => clients.renew(),
          });
    if (mode !== "stop") await stopWhereRefused();
    // Jobs that were stopped in time have ended without an answer: what they had is asked before the table is written.
    if (await moveInTime()) continue;
    if (pass.pendingCount > 0) return { finished: undefined, pass };
    if (pass.unknown.length > 0 && mayStart()) throw makeUnknownError(session, row, pass.unknown);
    const waiting = mayStart() ? await findOpenAwaits(session, ledger, row.id) : [];
    if (waiting.length > 0 && mode === "once") {
      return { finished: undefined, pass: { ...pass, pendingCount: waiting.length } };
    }
    for (const other of waiting) {
      await awaitRound(session, ledger, other, {
        pollMs: ({ origin }) => pollMs[origin.kind].aside,
        mayWait: mayStart,
        work: (id) => driveRun(session, id, "round"),
      });
      await owned.claim();
    }
    const finished = await finishRun(session, ledger, row.id);
    if (refusal !== undefined) {
      const { label } = finished.run.model;
      const sent = finished.shards.filter(({ attempt }) => attempt?.jobArn !== undefined);
      throw new HalfpriceError("STRUCTURED_REFUSED", {
        runId: row.id,
        model: label,
        message: refusal,
        jobCount: sent.length,
      });
    }
    const next = await beginRound(work, finished);
    if (next !== "begun") return { finished, pass, ...(next === "none" ? {} : { notRetried: next }) };
  }
}

/** Begins a further round where this process is to, and the run may. */
async function beginRound(
  { session, ledger, row, mode }: Work,
  finished: FinishedRun | undefined,
): Promise<"begun" | "none" | HalfpriceError> {
  if (finished === undefined || mode === "stop" || mode === "round") return "none";
  if (findRun(ledger, row.id)?.state === "stopped") return "none";
  // One pass sends what other runs were to answer and did not; the rounds of a run that may try more than once are for `follow`.
  const run = mode === "once" ? { ...finished.run, maxAttempts: 1 } : finished.run;
  return beginNextRound(session, { ...finished, run });
}

/** Stops the jobs of a run that another process works on: that one starts nothing more, and collects what there is. */
async function stopFollowed({ session, ledger, row, clients, jobRun }: Work): Promise<DrivenRun> {
  await recordRunState(ledger, row.id, "stopped", session.nowMs());
  await stopJobs(jobRun, clients);
  const shards = readShards(ledger, row.id);
  return {
    finished: undefined,
    pass: {
      pendingCount: shards.filter(({ state, closed }) => state === "submitted" && closed === undefined).length,
      shards,
      unknown: [],
      isAsking: false,
    },
  };
}

/** The run as another process has ended it. */
async function readEnded({ session, ledger, row }: Work): Promise<DrivenRun> {
  const finished = await readFinished(session, ledger, row.id);
  return { finished, pass: { pendingCount: 0, shards: finished.shards, unknown: [], isAsking: false } };
}
