import type { CostLimits } from "../foundation/types/index.ts";
import { readCommitments } from "../ledger/commitments.ts";
import type { Ledger } from "../ledger/open-ledger.ts";
import { type CostCap, checkCost, type Spending } from "../plan/check-cost.ts";
import type { RunFile } from "./run-file.ts";
import { isLost, runPaths } from "./run-folder.ts";

/** What runs of an origin have spent and reserved: of one run with all of its parts, or of all of the workspace. */
export function readSpending(workspace: string, ledger: Ledger, origin: RunFile["origin"], runId?: string): Spending {
  const hasFiles = (id: string): boolean => !isLost(runPaths(workspace, id));
  const found = readCommitments(ledger, origin, hasFiles).filter(
    (each) => runId === undefined || (each.partOf ?? each.runId) === runId,
  );
  const unknown = found.filter(({ reservedUsd }) => reservedUsd === undefined);
  return {
    spentUsd: found.reduce((sum, { paidUsd = 0 }) => sum + paidUsd, 0),
    reservedUsd: unknown.length > 0 ? undefined : found.reduce((sum, { reservedUsd = 0 }) => sum + reservedUsd, 0),
    unknownModels: [...new Set(unknown.map(({ modelLabel }) => modelLabel))],
    unpricedCount: found.filter(({ isUnpriced }) => isUnpriced).length,
  };
}

/** The limits of a run, with what counts against each now. */
export function readCaps(
  workspace: string,
  ledger: Ledger,
  { id, origin, maxCostUsd, maxCostTotalUsd }: Pick<RunFile, "id" | "origin"> & CostLimits,
): CostCap[] {
  const caps: CostCap[] = [];
  if (maxCostUsd !== undefined) {
    caps.push({ option: "--max-cost", maxUsd: maxCostUsd, spending: readSpending(workspace, ledger, origin, id) });
  }
  if (maxCostTotalUsd !== undefined) {
    caps.push({
      option: "--max-cost-total",
      maxUsd: maxCostTotalUsd,
      spending: readSpending(workspace, ledger, origin),
    });
  }
  return caps;
}

/**
 * Stops what would go over a limit of the run: before its first job, and before anything that is sent again. Called inside
 * of the change that reserves, so that two processes cannot both find room.
 * @param upperUsd the upper estimate of what is to be begun; undefined where the price is not known
 * @throws MAX_COST, PRICE_UNKNOWN
 */
export function checkSpending(workspace: string, ledger: Ledger, run: RunFile, upperUsd: number | undefined): void {
  checkCost(run.model.label, upperUsd, readCaps(workspace, ledger, run));
}
