import { nameWorkspace } from "../config/read-config.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import type { Origin, Outcome } from "../foundation/types/index.ts";
import type { RunState } from "../ledger/runs.ts";
import { hasLedger } from "../workspace/session.ts";
import { findRunRow, listRuns as readRuns, showRun } from "../workspace/show-run.ts";
import { type ListedRun, type OriginTotal, totalMoney } from "../workspace/total-money.ts";
import type { SessionOptions } from "./batch-options.ts";
import { type BatchMoney, toBatchMoney } from "./batch-run/batch-money.ts";
import { BatchRun } from "./batch-run/batch-run.ts";
import { inWorkspace } from "./library-session.ts";
import { refuseUnknownOptions } from "./option-names.ts";

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
  return inWorkspace(options, async (config) => {
    const shown = await showRun({ config }, wanted);
    return new BatchRun<Row, Output>(options, config, shown);
  });
}

/**
 * The id of a run, from the ledger alone: its files may be gone.
 * @param wanted the run's id, the start of one, or its name; where it is undefined, the latest that is under way, else the latest of all
 * @throws UNKNOWN_RUN, AMBIGUOUS_RUN
 */
export async function findRunId(wanted: string | undefined, options: SessionOptions = {}): Promise<string> {
  refuseUnknownOptions(options, [], "findRunId");
  return inWorkspace(options, async (config) => {
    if (wanted !== undefined) return (await findRunRow({ config }, wanted)).id;
    const runs = await readRuns({ config });
    const found =
      runs.find(({ state }) => state === "running" || state === "prepared" || state === "collected") ?? runs[0];
    if (found !== undefined) return found.id;
    throw new HalfpriceError("UNKNOWN_RUN", { run: "to watch", workspace: nameWorkspace(config) });
  });
}

/** All runs of a workspace, and what they come to. */
export interface RunTotals {
  /** The newest first. */
  readonly runs: readonly ListedRun[];
  /** Origin by origin: a simulated run never adds to what was really paid. */
  readonly totals: readonly OriginTotal[];
}

/** What all runs of the workspace have cost and saved, origin by origin, and what may still be paid for each. */
export async function totalRuns(options: SessionOptions = {}): Promise<RunTotals> {
  refuseUnknownOptions(options, [], "totalRuns");
  return inWorkspace(options, (config) => totalMoney({ config }));
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
  const rows = await inWorkspace(options, async (config) => (hasLedger(config) ? readRuns({ config }) : []));
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
