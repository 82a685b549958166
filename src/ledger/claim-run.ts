import { HalfpriceError } from "../foundation/errors/index.ts";
import { change, type Ledger } from "./open-ledger.ts";

const selectOwner = `SELECT owner_pid, owner_host, owner_seen_at FROM runs WHERE id = ?`;
const updateOwner = `UPDATE runs SET owner_pid = ?, owner_host = ?, owner_seen_at = ? WHERE id = ?`;
const clearOwner = `UPDATE runs SET owner_pid = NULL, owner_host = NULL, owner_seen_at = NULL
  WHERE id = ? AND owner_pid = ? AND owner_host = ?`;

/**
 * A process that was not seen for so long is taken to be gone: it is on another machine, or its number is another program's
 * now. It says every minute that it is there.
 */
const silenceMs = 10 * 60_000;

/** What was said so short a while ago is not said again: on S3 each change is a transfer. */
const freshMs = 30_000;

/** Who works on a run. */
export interface Claimant {
  readonly pid: number;
  readonly host: string;
  /** Whether a process of this machine is there. */
  readonly isAlive: (pid: number) => boolean;
}

interface OwnerRow {
  readonly owner_pid: number | null;
  readonly owner_host: string | null;
  readonly owner_seen_at: number | null;
}

const noOwner: OwnerRow = { owner_pid: null, owner_host: null, owner_seen_at: null };

const readOwner = (ledger: Ledger, runId: string): OwnerRow | undefined =>
  ledger.prepare(selectOwner).get(runId) as OwnerRow | undefined;

/** The other process that works on a run, or undefined. */
export function findOwner(
  ledger: Ledger,
  runId: string,
  { pid, host, isAlive }: Claimant,
  at: number,
): { readonly pid: number; readonly host: string } | undefined {
  const owner = readOwner(ledger, runId);
  if (owner === undefined || owner.owner_pid === null || owner.owner_host === null) return undefined;
  const isSelf = owner.owner_pid === pid && owner.owner_host === host;
  // Either way: a clock that was set back must not make an owner that is gone look present for as long.
  const isRecent = Math.abs(at - (owner.owner_seen_at ?? 0)) < silenceMs;
  const isThere = isRecent && (owner.owner_host !== host || isAlive(owner.owner_pid));
  return !isSelf && isThere ? { pid: owner.owner_pid, host: owner.owner_host } : undefined;
}

/**
 * Makes a process the one that works on a run; called again, it says that the process is still there.
 * @throws RUN_BUSY where another one works on it
 */
export async function claimRun(
  ledger: Ledger,
  runId: string,
  { pid, host, isAlive }: Claimant,
  at: number,
): Promise<void> {
  await change(ledger, "owner", () => {
    refuseOwned(ledger, runId, { pid, host, isAlive }, at);
    const { owner_pid: owner, owner_host: ownerHost, owner_seen_at: seenAt } = readOwner(ledger, runId) ?? noOwner;
    if (owner === pid && ownerHost === host && Math.abs(at - (seenAt ?? 0)) < freshMs) return;
    ledger.prepare(updateOwner).run(pid, host, at, runId);
  });
}

/** Stops what another process's work on the run stands against. @throws RUN_BUSY */
export function refuseOwned(ledger: Ledger, runId: string, claimant: Claimant, at: number): void {
  const owner = findOwner(ledger, runId, claimant, at);
  if (owner !== undefined) throw new HalfpriceError("RUN_BUSY", { runId, ...owner });
}

/** Stops a process that has lost a run to another one and did not know it yet. @throws RUN_BUSY */
export function refuseTaken(ledger: Ledger, runId: string): never {
  const { owner_pid: pid, owner_host: host } = readOwner(ledger, runId) ?? noOwner;
  throw new HalfpriceError("RUN_BUSY", { runId, pid: pid ?? 0, host: host ?? "another machine" });
}

/** Leaves the run to others. */
export async function releaseRun(
  ledger: Ledger,
  runId: string,
  { pid, host }: Pick<Claimant, "pid" | "host">,
): Promise<void> {
  await change(ledger, "no owner", () => ledger.prepare(clearOwner).run(runId, pid, host));
}
