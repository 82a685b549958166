import { HalfpriceError } from "../foundation/errors/index.ts";
import type { BatchSpec } from "../prompt/define-batch.ts";
import { findOutputFormat } from "../results/export-table.ts";
import { isPartsRetryWorthwhile, planPartsRetry, startPartsRetry } from "../run/parts/retry-parts.ts";
import { dropRetry, isWorthwhile, planRetry, type RetryOptions } from "../run/retry/plan-retry.ts";
import { checkRetry, startRetry } from "../run/retry/start-retry.ts";
import { approveCanary } from "../run/start-and-resume/run-canary.ts";
import type { Session } from "../workspace/session.ts";
import { findRunRow, showRun } from "../workspace/show-run.ts";
import { type RunBatchOptions, refuseUnknownOptions, type SessionOptions, toRunOptions } from "./batch-options.ts";
import { BatchRun } from "./batch-run.ts";
import { beginBatch, toBeginHooks } from "./begin-batch.ts";
import { inLibrarySession } from "./library-session.ts";
import { driveAny, exportAny, type PartsWay, toPartsWay } from "./parts/drive-any.ts";
import { readBatch } from "./read-batch.ts";

/**
 * Runs a batch to its end: plans it, checks the account, uploads the requests, makes the jobs, follows them, joins the answers to the
 * rows and writes the table. It may take hours; where the process ends before, the jobs go on, and the same call joins the run again.
 * Resolves when the run has ended, however its rows came out: `run.outcomes` counts them, `run.causes` says why rows have no answer.
 * @example
 * ```ts
 * const run = await runBatch(sentiment, { maxCostUsd: 5, output: "answers.parquet" });
 * for await (const row of run.rows()) if (row._halfprice_outcome === "answered") console.log(row.sentiment);
 * ```
 * @throws BAD_SPEC, BAD_OPTIONS; what makes a plan impossible, such as UNKNOWN_COLUMN; TOO_FEW_RECORDS, MAX_COST, PRICE_UNKNOWN; what a check
 * of the account fails with; BAD_OUTPUT, OUTPUT_IS_INPUT, OUTPUT_EXISTS; SERVICE_REFUSED, UNREACHABLE, CREDENTIALS_REFUSED; CANARY; DISK
 */
export async function runBatch<Row extends object, const Output = undefined>(
  spec: BatchSpec<Row, Output>,
  options: RunBatchOptions = {},
): Promise<BatchRun<Row, Output>> {
  const request = readBatch(spec, toRunOptions(options, "runBatch"));
  return inLibrarySession(options, async (session) => {
    const { runId } = await beginBatch(session, request, toBeginHooks(request, options));
    return followRun(session, runId, options.output, toPartsWay(request, options));
  });
}

/** What resuming takes besides where the run is. */
export interface ResumeOptions extends SessionOptions {
  /** Lets the rest follow a canary that was not as it should be. @defaultValue false */
  readonly approveCanary?: boolean;
  /** Of a run in parts: processes that prepare and join them; 0 leaves that to others, and only submits. @defaultValue as many as cores and memory are good for */
  readonly workers?: number;
}

/**
 * Follows a run to its end from wherever it is, whoever started it. One that has ended resolves as it is.
 * @param wanted the run's id, the start of one, or its name
 * @throws UNKNOWN_RUN, AMBIGUOUS_RUN, WRONG_ORIGIN, RUN_DAMAGED, CANARY; SERVICE_REFUSED, UNREACHABLE, CREDENTIALS_REFUSED, DISK
 */
export async function resumeRun<Row extends object = Record<string, unknown>, Output = unknown>(
  wanted: string,
  options: ResumeOptions = {},
): Promise<BatchRun<Row, Output>> {
  refuseUnknownOptions(options, ["approveCanary", "workers"], "resumeRun");
  return inLibrarySession(options, async (session) => {
    const { id } = await findRunRow(session, wanted);
    if (options.approveCanary === true) approveCanary(session, id);
    const { workers } = options;
    return followRun(session, id, undefined, workers === undefined ? {} : { workers });
  });
}

/**
 * Asks the service to stop a run's jobs and collects what was answered. One that has ended is left as it is.
 * @param wanted the run's id, the start of one, or its name
 * @returns the run; where another process works on it, as that one has it
 * @throws UNKNOWN_RUN, AMBIGUOUS_RUN, WRONG_ORIGIN; SERVICE_REFUSED, UNREACHABLE, CREDENTIALS_REFUSED
 */
export async function stopRun<Row extends object = Record<string, unknown>, Output = unknown>(
  wanted: string,
  options: SessionOptions = {},
): Promise<BatchRun<Row, Output>> {
  refuseUnknownOptions(options, [], "stopRun");
  return inLibrarySession(options, async (session) => {
    const { id } = await findRunRow(session, wanted);
    await driveAny(session, id, "stop");
    return readRun(session, id);
  });
}

/** How records without a good answer are sent again. */
export interface RetryRunOptions extends SessionOptions {
  /** Rounds follow until a record was sent n times in all, 2 to 10. @defaultValue one more round */
  readonly maxAttempts?: number;
  /** The highest cost of the whole run, all rounds together, in US dollars. */
  readonly maxCostUsd?: number;
  readonly belowMinimum?: "on-demand" | "fail";
  /** Output file from now on. */
  readonly output?: string;
  readonly overwrite?: boolean;
}

/**
 * Sends the records of a run that have no good answer again, and follows it to its end. Where there are none, the run resolves as it is.
 * @param wanted the run's id, the start of one, or its name
 * @throws UNKNOWN_RUN, AMBIGUOUS_RUN, RUN_UNFINISHED, RUN_CLEANED; TOO_FEW_RECORDS, MAX_COST, PRICE_UNKNOWN; BAD_OUTPUT, OUTPUT_IS_INPUT, OUTPUT_EXISTS
 */
export async function retryRun<Row extends object = Record<string, unknown>, Output = unknown>(
  wanted: string,
  options: RetryRunOptions = {},
): Promise<BatchRun<Row, Output>> {
  refuseUnknownOptions(options, ["maxAttempts", "maxCostUsd", "belowMinimum", "output", "overwrite"], "retryRun");
  const retryOptions = toRetryOptions(options);
  return inLibrarySession(options, async (session) => {
    const { id, partCount } = await findRunRow(session, wanted);
    if (partCount !== undefined) {
      const again = await planPartsRetry(session, id, retryOptions);
      if (!isPartsRetryWorthwhile(again)) return await readRun(session, id);
      await startPartsRetry(session, again, retryOptions);
      return followRun(session, id, options.output);
    }
    const retry = await planRetry(session, id, retryOptions);
    try {
      if (!isWorthwhile(retry)) {
        await dropRetry(session, retry);
        return await readRun(session, id);
      }
      await checkRetry(session, retry);
      await startRetry(session, retry);
    } catch (error) {
      await dropRetry(session, retry);
      throw error;
    }
    return followRun(session, id, options.output);
  });
}

/** @throws BAD_OPTIONS, BAD_OUTPUT */
function toRetryOptions({ maxAttempts, maxCostUsd, belowMinimum, output, overwrite }: RetryRunOptions): RetryOptions {
  const problems = [
    ...(maxAttempts === undefined || (Number.isInteger(maxAttempts) && maxAttempts >= 2 && maxAttempts <= 10)
      ? []
      : [`maxAttempts is ${maxAttempts}; it has to be a whole number from 2 to 10`]),
    ...(maxCostUsd === undefined || maxCostUsd >= 0
      ? []
      : [`maxCostUsd is ${maxCostUsd}; it has to be a number of dollars`]),
  ];
  if (problems.length > 0) throw new HalfpriceError("BAD_OPTIONS", { problems, command: "retryRun" });
  if (output !== undefined) findOutputFormat(output);
  return {
    ...(maxAttempts === undefined ? {} : { maxAttempts }),
    ...(maxCostUsd === undefined ? {} : { maxCostUsd }),
    ...(belowMinimum === undefined ? {} : { belowMinimum }),
    ...(output === undefined ? {} : { outputPath: output }),
    ...(overwrite === true ? { mayOverwrite: true as const } : {}),
  };
}

/** Follows a run to its end. @param output where this call was told to write the table, whatever another one was told */
export async function followRun<Row extends object, Output>(
  session: Session,
  runId: string,
  output: string | undefined,
  way: PartsWay = {},
): Promise<BatchRun<Row, Output>> {
  const { finished } = await driveAny(session, runId, "follow", way);
  if (finished !== undefined && output !== undefined && finished.outputPath !== output) {
    await exportAny(session, finished, output);
  }
  return readRun(session, runId);
}

async function readRun<Row extends object, Output>(session: Session, id: string): Promise<BatchRun<Row, Output>> {
  return new BatchRun<Row, Output>(session.config.workspace, await showRun(session, id));
}
