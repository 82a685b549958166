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
  claim(): void;
  release(): void;
}

/** The runs that this process works on, each by workspace and id: the ledger tells processes apart, and not the sessions of one. */
const held = new Set<string>();

/** @throws RUN_BUSY where another process, or another session of this one, works on the run */
export function acquireLease({ nowMs, config }: Session, ledger: Ledger, id: string): RunLease {
  const key = `${config.workspace}\n${id}`;
  if (held.has(key)) throw new HalfpriceError("RUN_BUSY", { runId: id, pid: self.pid, host: self.host });
  const claim = (): void => claimRun(ledger, id, self, nowMs());
  claim();
  held.add(key);
  const beat = setInterval(() => {
    try {
      claim();
    } catch {
      // The next pass claims it again, and says what is wrong.
    }
  }, beatMs);
  beat.unref();
  return {
    claim,
    release() {
      clearInterval(beat);
      held.delete(key);
      releaseRun(ledger, id, self);
    },
  };
}

/** Owns a run, or finds that another process works on it. */
export function tryLease(session: Session, ledger: Ledger, id: string): RunLease | undefined {
  try {
    return acquireLease(session, ledger, id);
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
    const owned = tryLease(session, ledger, id);
    if (owned === undefined) continue;
    const row = findRun(ledger, id);
    const isOver = row?.summary !== undefined && (row.state === "done" || row.state === "stopped");
    return { ...owned, isOver };
  }
}
