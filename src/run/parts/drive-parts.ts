import { findDiskError } from "../../foundation/disk-error.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { describeOrigin, isSameOrigin } from "../../foundation/origin.ts";
import { isCredentials, isPassing } from "../../jobs/follow.ts";
import { stopJobs } from "../../jobs/stop-jobs.ts";
import { readParts, recordPartsState } from "../../ledger/parts.ts";
import { findRun, type RunRow } from "../../ledger/runs.ts";
import { isPending, readShards, reopenRefused } from "../../ledger/shards.ts";
import { checkSpending } from "../../workspace/check-spending.ts";
import { readPlanFile, readRunFile, refuseDamaged, runPaths } from "../../workspace/run-folder.ts";
import { acquireLease, isBusy, type RunLease, tryLease, waitForRun } from "../../workspace/run-lease.ts";
import { identify, openWorkspace, type Session, toOrigin } from "../../workspace/session.ts";
import { makeUnknownError } from "../clients/ask-jobs.ts";
import { openClients } from "../clients/open-clients.ts";
import { readFinished } from "../finish/finish-run.ts";
import type { DriveMode, DrivenRun } from "../start-and-resume/drive-run.ts";
import { pollMs } from "../start-and-resume/poll-times.ts";
import { finishParts } from "./finish-parts.ts";
import type { PartWorkers } from "./part-tasks.ts";
import { type PartsPass, type PartsWork, passParts, toPartJobRun } from "./pass-parts.ts";
import { findPartsToRetry, retryParts } from "./retry-parts.ts";
import { openTaskBoard, type TaskBoard } from "./task-board.ts";

/** Who prepares and joins the parts, once it is this process that drives the run. */
export type OpenWorkers = (run: PartsWork["run"]) => PartWorkers | Promise<PartWorkers>;

/**
 * Resumes a run in parts from wherever it is: the one process that submits. It records what is prepared and joined, makes jobs, and
 * has workers prepare and join what is to be done; anybody else may do that as well.
 * @throws UNKNOWN_RUN, WRONG_ORIGIN, RUN_BUSY, RUN_DAMAGED; MAX_COST, PART_FAILED where something is left that cannot be done; what a pass
 * throws
 */
export async function driveParts(
  session: Session,
  id: string,
  mode: DriveMode,
  openWorkers: OpenWorkers,
): Promise<DrivenRun> {
  const { config } = session;
  const ledger = await openWorkspace(config);
  try {
    const row = findRun(ledger, id);
    if (row === undefined) throw new HalfpriceError("UNKNOWN_RUN", { run: id, workspace: config.workspace });
    const paths = runPaths(config.workspace, id);
    const isOver = row.summary !== undefined && (row.state === "done" || row.state === "stopped");
    refuseDamaged(paths, isOver);
    if (isOver) return toOver(await readFinished(session, ledger, id), true);
    const origin = toOrigin(await identify(session));
    if (!isSameOrigin(origin, row.origin)) {
      const details = { runId: id, runOrigin: describeOrigin(row.origin), origin: describeOrigin(origin) };
      throw new HalfpriceError("WRONG_ORIGIN", details);
    }
    const run = readRunFile(paths);
    const { inputTokens, costUsd } = readPlanFile(paths);
    const clients = await openClients(session, ledger, run, {
      expectedInputTokens: inputTokens.expected,
      ...(costUsd === undefined ? {} : { expectedCostUsd: costUsd.expected }),
    });
    try {
      const mayStart = (): boolean => findRun(ledger, id)?.state !== "stopped";
      // Progress is of all parts together, and not of the one that a pass is just at.
      const quiet = Object.create(clients, { onProgress: { value: () => undefined } }) as typeof clients;
      const work = { session, ledger, clients: quiet, run, mayStart };
      return await workWithLease(work, row, mode, openWorkers);
    } finally {
      await clients.close();
    }
  } catch (error) {
    throw findDiskError(error) ?? error;
  } finally {
    ledger.close();
  }
}

async function workWithLease(
  work: PartsWork,
  row: RunRow,
  mode: DriveMode,
  openWorkers: OpenWorkers,
): Promise<DrivenRun> {
  const { session, ledger, run } = work;
  let owned: RunLease | undefined =
    mode === "once" ? await acquireLease(session, ledger, run.id) : await tryLease(session, ledger, run.id);
  if (owned === undefined && mode === "stop") {
    await stopAll(work);
    return toPending(await countPending(work));
  }
  for (;;) {
    try {
      if (owned === undefined) {
        const taken = await waitForRun(session, ledger, run.id, pollMs[row.origin.kind].aside);
        owned = taken;
        if (taken.isOver) return toOver(await readFinished(session, ledger, run.id), false);
      }
      return await workOwned(work, owned, mode, openWorkers);
    } catch (error) {
      if (mode !== "follow" || !isBusy(error)) throw error;
    } finally {
      await owned?.release();
    }
    owned = undefined;
  }
}

async function workOwned(
  work: PartsWork,
  owned: RunLease,
  mode: DriveMode,
  openWorkers: OpenWorkers,
): Promise<DrivenRun> {
  const { session, ledger, run, mayStart } = work;
  const { workspace } = session.config;
  if (mode === "stop") await stopAll(work);
  else if (mayStart()) await reopenAll(work);
  const workers = await openWorkers(run);
  const board = openTaskBoard(workers, session, run, readPlanFile(runPaths(workspace, run.id)));
  try {
    for (;;) {
      const pass = await workUntilStill(work, owned, board, mode);
      if (pass === "later") return toPending(await countPending(work));
      refuseLeft(work, board, pass);
      const again = mayStart() ? findPartsToRetry(ledger, run, run.maxAttempts ?? 1) : [];
      if (again.length === 0) break;
      await retryParts(session, ledger, run, again);
    }
    const row = findRun(ledger, run.id);
    if (row === undefined) throw new Error(`the run ${run.id} is gone`);
    return toOver(await finishParts(session, ledger, row), false);
  } finally {
    await workers.close();
  }
}

/**
 * Passes over the parts, and hands out what is to be prepared and joined, until nothing is left that can be done.
 * @returns `later` where one pass was asked for, and jobs are under way
 */
async function workUntilStill(
  work: PartsWork,
  owned: RunLease,
  board: TaskBoard,
  mode: DriveMode,
): Promise<PartsPass | "later"> {
  const { session, run, mayStart, clients } = work;
  const { shortest, longest, aside } = pollMs[run.origin.kind];
  let waitMs: number = shortest;
  let lookedAt = -Infinity;
  let before = "";
  for (;;) {
    await owned.claim();
    const isDue = session.nowMs() - lookedAt >= waitMs;
    const pass = await passTolerantly(work, isDue, longest);
    if (pass === undefined) continue;
    if (isDue) {
      const now = pass.shards.map(({ state, attempt }) => `${state} ${attempt?.status}`).join();
      waitMs = now === before ? Math.min(longest, waitMs * 1.5) : shortest;
      before = now;
      lookedAt = session.nowMs();
    }
    board.handOut(pass.states, mayStart());
    const isNews = pass.states.some(
      ({ isNews: news, runId }) => news && (runId !== undefined || pass.barred === undefined),
    );
    if (isNews && mayStart()) continue;
    const isWaiting = pass.states.some(({ step }) => step === "wait" || step === "submit");
    const isUnderWay = isWaiting && (pass.shards.some(isPending) || pass.isAsking);
    const isLeftToOthers = board.workerCount === 0 && mayStart() && pass.states.some(({ step }) => step !== "done");
    if (board.isIdle() && !isUnderWay && !isLeftToOthers) return pass;
    if (pass.isAsking) continue;
    // With one pass to make, what can be done now is done, and what runs is left to itself.
    if (mode === "once" && board.isIdle()) return "later";
    if (board.isIdle()) await clients.showLoad(aside);
    await Promise.race([session.sleep(waitMs), board.nextEnd()]);
  }
}

/** @returns undefined after trouble that passes by itself */
async function passTolerantly(work: PartsWork, isDue: boolean, retryMs: number): Promise<PartsPass | undefined> {
  const { session, clients } = work;
  try {
    return await passParts(work, isDue);
  } catch (error) {
    if (!isPassing(error)) throw error;
    if (isCredentials(error)) await clients.renew();
    session.onTrouble(error, retryMs);
    await session.sleep(retryMs);
    return undefined;
  }
}

/** Says what keeps a run from its end, after all else is done. @throws PART_FAILED, MAX_COST, JOBS_UNKNOWN */
function refuseLeft({ session, ledger, run, mayStart }: PartsWork, board: TaskBoard, pass: PartsPass): void {
  const failure = board.failure();
  if (failure !== undefined) throw failure;
  if (!mayStart()) return;
  if (pass.barred !== undefined) throw pass.barred;
  const row = findRun(ledger, run.id);
  if (pass.unknown.length > 0 && row !== undefined) throw makeUnknownError(session, row, pass.unknown);
}

/** Stops the run and its parts; jobs under way are asked to end. */
async function stopAll(work: PartsWork): Promise<void> {
  const { session, ledger, clients, run } = work;
  await recordPartsState(ledger, run.id, "stopped", session.nowMs());
  for (const { runId, isJoined } of readParts(ledger, run.id)) {
    if (!isJoined) await stopJobs(toPartJobRun(work, runId), clients);
  }
}

/** What was refused is tried again, where there is still room for it. @throws MAX_COST */
async function reopenAll({ session, ledger, run }: PartsWork): Promise<void> {
  for (const { runId, isJoined } of readParts(ledger, run.id)) {
    if (isJoined) continue;
    await reopenRefused(ledger, runId, () => checkSpending(session.config.workspace, ledger, run, 0));
  }
}

/** How many jobs are under way or still to come, by the ledger. */
async function countPending({ ledger, run }: PartsWork): Promise<number> {
  const open = readParts(ledger, run.id).filter(({ isJoined }) => !isJoined);
  return open.flatMap(({ runId }) => readShards(ledger, runId)).filter(isPending).length;
}

const toPending = (pendingCount: number): DrivenRun => ({
  finished: undefined,
  pass: { pendingCount: Math.max(1, pendingCount), shards: [], unknown: [], isAsking: false },
});

const toOver = (finished: NonNullable<DrivenRun["finished"]>, wasOver: boolean): DrivenRun => ({
  finished,
  pass: { pendingCount: 0, shards: [], unknown: [], isAsking: false },
  ...(wasOver ? { wasOver: true as const } : {}),
});
