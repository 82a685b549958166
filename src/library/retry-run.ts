import { defined } from "../foundation/defined.ts";
import { HalfpriceError, isError } from "../foundation/errors/index.ts";
import type { Estimate, LanePlan, Origin } from "../foundation/types/index.ts";
import type { RunRow } from "../ledger/runs.ts";
import { findOutputFormat } from "../results/export-table.ts";
import { isPartsRetryWorthwhile, type PartsRetry, planPartsRetry, startPartsRetry } from "../run/parts/retry-parts.ts";
import {
  dropRetry,
  isWorthwhile,
  planRetry as plan,
  type RetryOptions,
  type RetryPlan,
} from "../run/retry/plan-retry.ts";
import { checkRetry, startRetry } from "../run/retry/start-retry.ts";
import type { RowFilter } from "../table-view/row-filter.ts";
import { RunTable } from "../table-view/run-table.ts";
import { needTable } from "../workspace/fetch-run.ts";
import type { Session } from "../workspace/session.ts";
import { findRunRow, showRun } from "../workspace/show-run.ts";
import type { SessionOptions } from "./batch-options.ts";
import type { BatchRun } from "./batch-run/batch-run.ts";
import { inLibrarySession } from "./library-session.ts";
import { refuseUnknownOptions } from "./option-names.ts";
import { readRun, workOnRun } from "./work-on-run.ts";

/** Within which bounds records without a good answer are sent again. */
export interface PlanRetryOptions extends SessionOptions {
  /** Rounds follow until a record was sent n times in all, 2 to 10. @defaultValue one more round */
  readonly maxAttempts?: number;
  /** Tokens of an answer, at most, of what was cut off. @defaultValue twice what it was */
  readonly maxTokens?: number;
  /** The highest cost of the whole run, all rounds together, in US dollars. */
  readonly maxCostUsd?: number;
  readonly belowMinimum?: "on-demand" | "fail";
  /** Only of the rows of its table that match; all without a good answer where it is left out. */
  readonly rows?: RowFilter;
  /** Output file from now on. */
  readonly output?: string;
  readonly overwrite?: boolean;
}

/** How records without a good answer are sent again. */
export interface RetryRunOptions extends PlanRetryOptions {
  /** Is told what would be sent, before what stops it. */
  readonly onPlan?: (plan: PlannedRetry) => void;
  /** Asked before anything is sent; not asked where nothing is. `false` leaves it unsent, and rejects with DECLINED. */
  readonly confirm?: (plan: PlannedRetry) => boolean | Promise<boolean>;
  /** Is told the plan that was made anew because another run has begun or ended meanwhile. */
  readonly onReplan?: (plan: PlannedRetry) => void;
}

/** What a retry would do and cost. */
export interface PlannedRetry {
  readonly runId: string;
  readonly runName: string;
  readonly origin: Origin;
  /** From 1. */
  readonly round: number;
  /** Nothing could get a good answer where it is false. */
  readonly isWorthwhile: boolean;
  /** What is sent again, and how; the most first. */
  readonly sent: RetryPlan["sent"];
  /** What is not sent again, and why. */
  readonly left: RetryPlan["left"];
  readonly recordCount: number;
  /** Of what is sent, records that were never sent before. */
  readonly unsentCount: number;
  /** Records whose answers another run has by now. */
  readonly earlierCount: number;
  /** Records that other runs have in flight. */
  readonly awaited: RetryPlan["awaited"];
  readonly lanes: readonly LanePlan[];
  /** Jobs of the batch lane. */
  readonly jobCount: number;
  /** The least that a job takes. */
  readonly minRecordsPerJob: number;
  /** Absent where the price is not known. */
  readonly costUsd?: Estimate;
  /** Of a run in parts: how many parts have records that are sent again, and how many were never joined, which are done as well. */
  readonly parts?: { readonly count: number; readonly unjoinedCount: number };
}

/** The run whose records are sent again. */
export interface BegunRetry {
  readonly runId: string;
  /** Another process has begun a retry of it meanwhile, which is joined. */
  readonly isJoined: boolean;
  /** Undefined where nothing is sent: there is nothing that could get a good answer. */
  readonly plan: PlannedRetry | undefined;
}

/**
 * What would be sent again of a run, and what that costs. Sends nothing, and keeps nothing.
 * @param wanted the run's id, the start of one, or its name
 * @throws UNKNOWN_RUN, AMBIGUOUS_RUN, RUN_UNFINISHED, RUN_CLEANED, BAD_OPTIONS
 */
export async function planRetry(wanted: string, options: PlanRetryOptions = {}): Promise<PlannedRetry> {
  refuseUnknownOptions(options, boundNames, "planRetry");
  const bounds = await toRetryOptions(options, "planRetry");
  return inLibrarySession(options, async (session) => {
    const row = await findRunRow(session, wanted);
    const { id } = row;
    if (row.partCount !== undefined) {
      refuseRows(options);
      return toPlannedPartsRetry(row, await planPartsRetry(session, id, bounds));
    }
    const retry = await plan(session, id, await withRows(session, id, bounds, options));
    await dropRetry(session, retry);
    return toPlannedRetry(retry, isWorthwhile(retry));
  });
}

/**
 * Begins to send the records of a run that have no good answer again: from here on any process can resume the run. Nothing is sent yet.
 * @param wanted the run's id, the start of one, or its name
 * @throws what `retryRun` throws before it sends anything
 */
export async function beginRetry(wanted: string, options: RetryRunOptions = {}): Promise<BegunRetry> {
  refuseUnknownOptions(options, retryNames, "beginRetry");
  const bounds = await toRetryOptions(options, "beginRetry");
  return inLibrarySession(options, (session) => begin(session, wanted, bounds, options));
}

/**
 * Sends the records of a run that have no good answer again, and follows it to its end. Where there are none, the run resolves as it is.
 * @param wanted the run's id, the start of one, or its name
 * @throws UNKNOWN_RUN, AMBIGUOUS_RUN, RUN_UNFINISHED, RUN_CLEANED; TOO_FEW_RECORDS, MAX_COST, PRICE_UNKNOWN, DECLINED; BAD_OUTPUT,
 * OUTPUT_IS_INPUT, OUTPUT_EXISTS
 */
export async function retryRun<Row extends object = Record<string, unknown>, Output = unknown>(
  wanted: string,
  options: RetryRunOptions = {},
): Promise<BatchRun<Row, Output>> {
  refuseUnknownOptions(options, retryNames, "retryRun");
  const bounds = await toRetryOptions(options, "retryRun");
  return inLibrarySession(options, async (session) => {
    const { runId, plan, isJoined } = await begin(session, wanted, bounds, options);
    if (plan === undefined && !isJoined) return readRun(session, options, runId);
    return workOnRun(session, options, runId, "follow", { output: options.output });
  });
}

const boundNames = ["rows", "maxAttempts", "maxTokens", "maxCostUsd", "belowMinimum", "output", "overwrite"];
const retryNames = [...boundNames, "onPlan", "confirm", "onReplan"];

async function begin(
  session: Session,
  wanted: string,
  bounds: RetryOptions,
  options: RetryRunOptions,
): Promise<BegunRetry> {
  const { onPlan, confirm, onReplan } = options;
  const view = (retry: RetryPlan): PlannedRetry => toPlannedRetry(retry, isWorthwhile(retry));
  const row = await findRunRow(session, wanted);
  const { id: runId } = row;
  if (row.partCount !== undefined) return beginPartsRetry(session, row, bounds, options);
  const retry = await plan(session, runId, await withRows(session, runId, bounds, options));
  try {
    onPlan?.(view(retry));
    if (!isWorthwhile(retry)) {
      await dropRetry(session, retry);
      return { runId, isJoined: false, plan: undefined };
    }
    await checkRetry(session, retry);
    // With nothing to send there is nothing to ask.
    const isAsked = confirm !== undefined && retry.recordCount > 0;
    if (isAsked && !(await confirm(view(retry)))) throw new HalfpriceError("DECLINED", {});
    const begun = await startRetry(session, retry, (next) => onReplan?.(view(next)));
    return { runId, isJoined: false, plan: view(begun ?? retry) };
  } catch (error) {
    await dropRetry(session, retry);
    // It had ended when the retry was planned, and is under way by now.
    if (!isError(error, "RUN_UNFINISHED")) throw error;
    return { runId, isJoined: true, plan: undefined };
  }
}

/** The condition of the rows that are meant, by the columns that the run's table has. @throws UNKNOWN_COLUMN, NO_RESULTS, RUN_CLEANED */
async function withRows(
  session: Session,
  runId: string,
  bounds: RetryOptions,
  { rows }: PlanRetryOptions,
): Promise<RetryOptions> {
  if (rows === undefined) return bounds;
  const { paths } = await showRun(session, runId);
  await needTable(paths);
  const table = await RunTable.open(paths);
  try {
    return { ...bounds, rows: table.conditionOf(rows) };
  } finally {
    await table.close();
  }
}

/** Each part with something to be sent again is prepared, sent and joined once more. */
async function beginPartsRetry(
  session: Session,
  row: RunRow,
  bounds: RetryOptions,
  options: RetryRunOptions,
): Promise<BegunRetry> {
  const { onPlan, confirm } = options;
  refuseRows(options);
  const retry = await planPartsRetry(session, row.id, bounds);
  const plan = toPlannedPartsRetry(row, retry);
  onPlan?.(plan);
  if (!plan.isWorthwhile) return { runId: row.id, isJoined: false, plan: undefined };
  if (confirm !== undefined && !(await confirm(plan))) throw new HalfpriceError("DECLINED", {});
  await startPartsRetry(session, retry, bounds);
  return { runId: row.id, isJoined: false, plan };
}

/** @throws BAD_OPTIONS */
function refuseRows({ rows }: PlanRetryOptions): void {
  if (rows === undefined) return;
  const problems = ["a run in parts is sent again by parts: rows cannot be chosen"];
  throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice retry" });
}

/** What is sent, and what it costs, is known of each part once it is prepared again. */
function toPlannedPartsRetry({ id: runId, name: runName, origin }: RunRow, retry: PartsRetry): PlannedRetry {
  const { parts, recordCount, unjoinedCount } = retry;
  return {
    ...{ runId, runName, origin, recordCount, isWorthwhile: isPartsRetryWorthwhile(retry) },
    round: Math.max(1, ...parts.map(({ attempt }) => attempt - 1)),
    ...{
      sent: [],
      left: [],
      unsentCount: 0,
      earlierCount: 0,
      awaited: [],
      lanes: [],
      jobCount: 0,
      minRecordsPerJob: 0,
    },
    parts: { count: parts.length, unjoinedCount },
  };
}

function toPlannedRetry(retry: RetryPlan, isWorthwhile: boolean): PlannedRetry {
  const { run, plan, round, sent, left, recordCount, unsentCount, earlierCount, awaited, lanes, shards } = retry;
  return {
    ...{ runId: run.id, runName: run.name, origin: run.origin, round, isWorthwhile, sent, left },
    ...{ recordCount, unsentCount, earlierCount, awaited, lanes },
    jobCount: shards.filter(({ lane }) => lane === "batch").length,
    minRecordsPerJob: plan.limits.minRecordsPerJob,
    ...defined({ costUsd: retry.costUsd }),
  };
}

/** @throws BAD_OPTIONS, BAD_OUTPUT */
async function toRetryOptions(
  { maxAttempts, maxTokens, maxCostUsd, belowMinimum, output, overwrite }: PlanRetryOptions,
  command: string,
): Promise<RetryOptions> {
  const isWithin = (value: number | undefined, least: number, most: number): boolean =>
    value === undefined || (Number.isInteger(value) && value >= least && value <= most);
  const problems = [
    ...(isWithin(maxAttempts, 2, 10)
      ? []
      : [`maxAttempts is ${maxAttempts}; it has to be a whole number from 2 to 10`]),
    ...(isWithin(maxTokens, 1, Infinity) ? [] : [`maxTokens is ${maxTokens}; it has to be a whole number from 1`]),
    ...(maxCostUsd === undefined || maxCostUsd >= 0
      ? []
      : [`maxCostUsd is ${maxCostUsd}; it has to be a number of dollars`]),
  ];
  if (problems.length > 0) throw new HalfpriceError("BAD_OPTIONS", { problems, command });
  if (output !== undefined) {
    findOutputFormat(output);
  }
  const mayOverwrite = overwrite === true ? (true as const) : undefined;
  return defined({ maxAttempts, maxTokens, maxCostUsd, belowMinimum, outputPath: output, mayOverwrite });
}
