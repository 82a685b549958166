import type { Origin, Outcome } from "../foundation/types/index.ts";
import type { RunState } from "../ledger/runs.ts";
import { hasLedger, makeSession } from "../workspace/session.ts";
import { listRuns as readRuns, showRun } from "../workspace/show-run.ts";
import { type BatchMoney, toBatchMoney } from "./batch-money.ts";
import { refuseUnknownOptions, type SessionOptions } from "./batch-options.ts";
import { BatchRun } from "./batch-run.ts";
import { readLibraryConfig } from "./library-session.ts";

/**
 * A run of the workspace as it is now, from its files alone: nobody is asked. Give it the types of its batch to have its rows typed.
 * @param wanted the run's id, the start of one, or its name
 * @throws UNKNOWN_RUN, AMBIGUOUS_RUN, RUN_DAMAGED, RUN_CLEANED
 */
export async function openRun<Row extends object = Record<string, unknown>, Output = unknown>(
  wanted: string,
  options: SessionOptions = {},
): Promise<BatchRun<Row, Output>> {
  refuseUnknownOptions(options, [], "openRun");
  const config = await readLibraryConfig(options);
  return new BatchRun<Row, Output>(config.workspace, await showRun({ config }, wanted));
}

/** A run in a list. */
export interface ListedBatchRun {
  readonly id: string;
  readonly name: string;
  /** `done` and `stopped` have ended. */
  readonly state: RunState;
  readonly createdAt: Date;
  /** When the ledger was last told something of it. */
  readonly updatedAt: Date;
  readonly origin: Origin;
  readonly model: string;
  readonly rowCount: number;
  readonly recordCount: number;
  /** Absent until the run has ended. */
  readonly outcomes?: Readonly<Record<Outcome, number>>;
  readonly money: BatchMoney;
}

/** All runs of the workspace, the newest first; none where there is no workspace yet. */
export async function listRuns(options: SessionOptions = {}): Promise<ListedBatchRun[]> {
  refuseUnknownOptions(options, [], "listRuns");
  const config = await readLibraryConfig(options);
  if (!hasLedger(config)) return [];
  const rows = await readRuns(makeSession(config));
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    state: row.state,
    createdAt: new Date(row.createdAt),
    updatedAt: new Date(row.updatedAt),
    origin: row.origin,
    model: row.modelLabel,
    rowCount: row.rowCount,
    recordCount: row.recordCount,
    ...(row.summary === undefined ? {} : { outcomes: row.summary.outcomeCounts }),
    money: toBatchMoney(row),
  }));
}
