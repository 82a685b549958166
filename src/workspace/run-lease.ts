import { HalfpriceError, isError } from "../foundation/errors/index.ts";
import { claimRun, releaseRun } from "../ledger/claim-run.ts";
import type { Ledger } from "../ledger/open-ledger.ts";
import { findRun } from "../ledger/runs.ts";
import { readShards } from "../ledger/shards.ts";
import { type Session, self } from "./session.ts";

/** While a process works on a run it says so at least this often: uploads and downloads take longer than a pass. */
const beatMs = 60_000;

/** A run that this process works on, and no other. */
export interface RunLease {
  /** Says that the process is still there. @throws RUN_BUSY where another one has taken the run over */
  claim(): Promise<void>;
  release(): Promise<void>;
}

/** The runs that this process works on, each by workspace and id: the ledger tells processes apart, and not the sessions of one. */
const held = new Set<string>();

/** @throws RUN_BUSY where another process, or another session of this one, works on the run */
export async function acquireLease({ nowMs, config }: Session, ledger: Ledger, id: string): Promise<RunLease> {
  const key = `${config.workspace}\n${id}`;
  if (held.has(key)) throw new HalfpriceError("RUN_BUSY", { runId: id, pid: self.pid, host: self.host });
  const claim = (): Promise<void> => claimRun(ledger, id, self, nowMs());
  held.add(key);
  try {
    await claim();
  } catch (error) {
    held.delete(key);
    throw error;
  }
  const beat = setInterval(() => {
    // Where it fails, the next pass claims the run again, and says what is wrong.
    claim().catch(() => undefined);
  }, beatMs);
  beat.unref();
  return {
    claim,
    async release() {
      clearInterval(beat);
      held.delete(key);
      await releaseRun(ledger, id, self);
    },
  };
}

/** Owns a run, or finds that another process works on it. */
export async function tryLease(session: Session, ledger: Ledger, id: string): Promise<RunLease | undefined> {
  try {
    return await acquireLease(session, ledger, id);
  } catch (error) {
    if (isBusy(error)) return undefined;
    throw error;
  }
}

/** Whether a run is not this process's, because another one works on it. */
export function isBusy(error: unknown): boolean {
  return isError(error, "RUN_BUSY");
}

/**
 * Shows what another process does with a run, from the ledger alone, until it has ended the run or is gone.
 * @returns the run, which is this process's now, and whether there is still something to do
 */
export async function waitForRun(
  session: Session,
  ledger: Ledger,
  id: string,
  pollMs: number,
): Promise<RunLease & { readonly isOver: boolean }> {
  for (;;) {
    session.onProgress({ shards: readShards(ledger, id), isFollower: true });
    await session.sleep(pollMs);
    const owned = await tryLease(session, ledger, id);
    if (owned === undefined) continue;
    const row = findRun(ledger, id);
    const isOver = row?.summary !== undefined && (row.state === "done" || row.state === "stopped");
    return { ...owned, isOver };
  }
}
