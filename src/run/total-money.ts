import type { RunRow } from "../ledger/runs.ts";
import { type MoneyTotal, sumMoney } from "../report/sum-money.ts";
import type { Origin } from "../types.ts";
import { hasLedger, openWorkspace, type Session } from "./session.ts";

/** A run, and what may still be paid for it. */
export interface ListedRun extends RunRow {
  /** The upper estimates of what is not paid yet; undefined where one is not known. */
  readonly reservedUsd: number | undefined;
}

/** The runs of one account, or of the local service: a rehearsal never adds to what was really paid. */
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
  const ledger = await openWorkspace(config);
  try {
    const [{ readRuns }, { readCommitments }, { readSpending }] = await Promise.all([
      import("../ledger/runs.ts"),
      import("../ledger/commitments.ts"),
      import("./check-spending.ts"),
    ]);
    const rows = readRuns(ledger);
    const origins = [...new Map(rows.map(({ origin }) => [`${origin.kind} ${origin.accountId}`, origin])).values()];
    const reserved = new Map(
      origins.flatMap((origin) => readCommitments(ledger, origin).map((each) => [each.runId, each.reservedUsd])),
    );
    const totals = origins.map(({ kind, accountId, region }) => {
      const own = rows.filter(({ origin }) => origin.kind === kind && origin.accountId === accountId);
      const { reservedUsd } = readSpending(ledger, { kind, accountId, region });
      return { kind, accountId, reservedUsd, ...sumMoney(own) };
    });
    return { runs: rows.map((row) => ({ ...row, reservedUsd: reserved.get(row.id) })), totals };
  } finally {
    ledger.close();
  }
}
