import { findOwner } from "../../ledger/claim-run.ts";
import type { AwaitedRound } from "../../ledger/look-at-runs.ts";
import { lookAtRuns, readAwaits } from "../../ledger/look-at-runs.ts";
import type { Ledger } from "../../ledger/open-ledger.ts";
import type { RunRow } from "../../ledger/runs.ts";
import { findRun } from "../../ledger/runs.ts";
import { readShards } from "../../ledger/shards.ts";
import { isLost, readPlanFile, runPaths } from "../../workspace/run-folder.ts";
import { tryLease } from "../../workspace/run-lease.ts";
import type { Session } from "../../workspace/session.ts";
import { self } from "../../workspace/session.ts";

/** The rounds of other runs that a run waits for and that are not over yet. */
export async function findOpenAwaits({ config }: Session, ledger: Ledger, id: string): Promise<AwaitedRound[]> {
  const { earlier } = readPlanFile(runPaths(config.workspace, id));
  // Runs of before ledger version 3 have it in their plan alone, and without a round.
  const old = (earlier?.awaited ?? []).flatMap(({ runId, round }) =>
    round === undefined ? [{ runId, round: 0 }] : [],
  );
  const open: AwaitedRound[] = [];
  for (const each of [...readAwaits(ledger, id), ...old]) {
    if (!(await isOver(config.workspace, ledger, each))) open.push(each);
  }
  return open;
}

/** Whether all that can come of a round is in the table of its run. */
async function isOver(workspace: string, ledger: Ledger, { runId, round }: AwaitedRound): Promise<boolean> {
  const row = findRun(ledger, runId);
  const seen = row === undefined ? undefined : lookAtRuns(ledger, row.origin).get(runId);
  if (row === undefined || seen === undefined || seen.round > round || row.state === "done") return true;
  if (row.state !== "stopped" || seen.isUnderWay) return false;
  // Stopped: its table may still be under way in the process that stopped it.
  if (isLost(runPaths(workspace, runId))) return true;
  return row.summary !== undefined && !findOwner(ledger, runId, self, Date.now());
}

/** How a run waits for another one's round. */
export interface AwaitOptions {
  readonly pollMs: (row: RunRow) => number;
  /** False once the run that waits was stopped. */
  readonly mayWait: () => boolean;
  /** Works on the other run until the table of its present round is written, unless another process does. */
  readonly work: (runId: string) => Promise<unknown>;
}

/**
 * Waits until a round of another run is over: shows what the process does that works on it, and goes on in its place where there is
 * none. A run only waits for rounds that were in the ledger before it, so this ends.
 */
export async function awaitRound(
  session: Session,
  ledger: Ledger,
  awaited: AwaitedRound,
  { pollMs, mayWait, work }: AwaitOptions,
): Promise<void> {
  const { runId } = awaited;
  session.onStep(`waiting for run ${runId}, which has some of these records in flight`);
  while (mayWait() && !(await isOver(session.config.workspace, ledger, awaited))) {
    const row = findRun(ledger, runId);
    if (row === undefined) return;
    const owned = await tryLease(session, ledger, runId);
    await owned?.release();
    if (owned !== undefined) await work(runId);
    else {
      session.onProgress({ shards: readShards(ledger, runId), isFollower: true });
      await session.sleep(pollMs(row));
    }
  }
}
