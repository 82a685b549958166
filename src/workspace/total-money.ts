import { addUsd } from "../foundation/money.ts";
import { type MoneyTotal, sumMoney } from "../foundation/sum-money.ts";
import type { Origin } from "../foundation/types/index.ts";
import { readCommitments } from "../ledger/commitments.ts";
import { readSummedParts } from "../ledger/parts.ts";
import type { RunRow } from "../ledger/runs.ts";
import { readRuns } from "../ledger/runs.ts";
import type { ShardRow } from "../ledger/shards.ts";
import { readShards } from "../ledger/shards.ts";
import { readSpending } from "./check-spending.ts";
import { findDamage, isLost, runPaths } from "./run-folder.ts";
import { hasLedger, openWorkspace, type Session } from "./session.ts";

/** Why a run that has not ended does not go on by itself. */
export type RunTrouble =
  /** Its folder was removed. */
  | "files gone"
  /** What was asked or planned is broken. */
  | "cannot be read"
  /** A newer halfprice began it, and goes on with it. */
  | "newer version"
  /** The service does not know a job of it. */
  | "job unknown"
  /** The service refused a job of it for good. */
  | "refused";

/** A run, and what may still be paid for it. */
export interface ListedRun extends RunRow {
  /** Absent where nothing stands in its way. */
  readonly trouble?: RunTrouble;
  /** The upper estimates of what is not paid yet; undefined where one is not known. */
  readonly reservedUsd: number | undefined;
}

/** The runs of one account, or of the local service: a simulated run never adds to what was really paid. */
export interface OriginTotal extends MoneyTotal {
  readonly kind: Origin["kind"];
  readonly accountId: string;
  readonly reservedUsd: number | undefined;
}

/** All runs of a workspace, the newest first, and what they come to, origin by origin. */
export async function totalMoney({
  config,
}: Pick<Session, "config">): Promise<{ readonly runs: readonly ListedRun[]; readonly totals: readonly OriginTotal[] }> {
  if (!hasLedger(config)) return { runs: [], totals: [] };
  const { workspace } = config;
  const ledger = await openWorkspace(config);
  try {
    const rows = readRuns(ledger);
    const origins = [...new Map(rows.map(({ origin }) => [`${origin.kind} ${origin.accountId}`, origin])).values()];
    const hasFiles = (id: string): boolean => !isLost(runPaths(workspace, id));
    const reserved = new Map<string, number | undefined>(rows.map(({ id }) => [id, 0]));
    // What the parts of a run may still cost is the run's.
    for (const each of origins.flatMap((origin) => readCommitments(ledger, origin, hasFiles))) {
      const id = each.partOf ?? each.runId;
      reserved.set(id, addUsd(reserved.get(id), each.reservedUsd));
    }
    const totals = origins.map(({ kind, accountId, region }) => {
      const own = rows.filter(({ origin }) => origin.kind === kind && origin.accountId === accountId);
      const { reservedUsd } = readSpending(workspace, ledger, { kind, accountId, region });
      // A run in parts that has not ended yet has paid for the parts that are joined.
      const joined = own.filter(({ partCount, summary }) => partCount !== undefined && summary === undefined);
      const parts = joined.flatMap(({ id }) => [...readSummedParts(ledger, id)]);
      const { runCount: _, ...sum } = sumMoney([...own, ...parts.map((part) => ({ ...part, estimateUsd: undefined }))]);
      return { kind, accountId, reservedUsd, runCount: own.length, ...sum };
    });
    const runs = rows.map((row) => {
      const trouble = findTrouble(workspace, row, readShards(ledger, row.id));
      return { ...row, reservedUsd: reserved.get(row.id), ...(trouble === undefined ? {} : { trouble }) };
    });
    return { runs, totals };
  } finally {
    ledger.close();
  }
}

const troubleOf = { gone: "files gone", unreadable: "cannot be read", newer: "newer version" } as const;

/** What stands in the way of a run; one that has ended needs nothing any more. */
function findTrouble(workspace: string, { id, state }: RunRow, shards: readonly ShardRow[]): RunTrouble | undefined {
  if (state === "done" || state === "stopped") return undefined;
  const damage = findDamage(runPaths(workspace, id));
  if (damage !== undefined) return troubleOf[damage.problem];
  if (shards.some(({ closed }) => closed === "unknown")) return "job unknown";
  return shards.some(({ closed }) => closed === "refused") ? "refused" : undefined;
}
