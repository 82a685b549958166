import { nameWorkspace } from "../config/read-config.ts";
import { defined } from "../foundation/defined.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { approveCanary as approve } from "../run/start-and-resume/run-canary.ts";
import { findRunRow } from "../workspace/show-run.ts";
import type { RunBatchOptions, SessionOptions } from "./batch-options.ts";
import type { BatchRun } from "./batch-run/batch-run.ts";
import { type BegunRun, beginRun, toBeginHooks } from "./begin-run.ts";
import { inLibrarySession, inWorkspace, readLibraryConfig } from "./library-session.ts";
import { refuseUnknownOptions } from "./option-names.ts";
import { toPartsWay } from "./parts/drive-any.ts";
import { type Batch, readBatch } from "./read-batch.ts";
import { passOverRun, readRun, type WorkOptions, workOnRun } from "./work-on-run.ts";

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
  spec: Batch<Row, Output>,
  options: RunBatchOptions = {},
): Promise<BatchRun<Row, Output>> {
  const request = await readBatch(spec, options, "runBatch");
  return inLibrarySession(options, async (session) => {
    const { runId } = await beginRun(session, request, toBeginHooks(request, options));
    return workOnRun(session, options, runId, "follow", { output: options.output, ...toPartsWay(request, options) });
  });
}

/**
 * Begins a batch, and sends nothing yet: from here on any process can resume the run, `resumeRun` to its end, `collectRun` a pass at a time.
 * The same run that is under way is joined instead.
 * @throws what `runBatch` throws before it sends anything
 */
export async function beginBatch<Row extends object, const Output = undefined>(
  spec: Batch<Row, Output>,
  options: RunBatchOptions = {},
): Promise<BegunRun> {
  const request = await readBatch(spec, options, "beginBatch");
  return inLibrarySession(options, (session) => beginRun(session, request, toBeginHooks(request, options)));
}

/** How a batch is submitted. */
export interface SubmitOptions extends RunBatchOptions {
  /** The run is left to a function that `deploy` of `halfprice/admin` has put up: its workspace has to be on S3. @defaultValue false */
  readonly unattended?: boolean;
}

/**
 * Begins a batch and returns: its jobs are made, as far as the account has room for them. `collectRun` asks how it goes, `resumeRun` follows
 * it to its end. What goes on demand is asked by `collectRun`, a little at a time.
 * @throws what `runBatch` throws before it sends anything; WORKSPACE_NOT_SHARED
 */
export async function submitBatch<Row extends object, const Output = undefined>(
  spec: Batch<Row, Output>,
  options: SubmitOptions = {},
): Promise<BatchRun<Row, Output>> {
  const request = await readBatch(spec, options, "submitBatch", ["unattended"]);
  if (options.unattended === true) await checkUnattended("submitBatch with unattended", options);
  return inLibrarySession(options, async (session) => {
    const { runId } = await beginRun(session, request, toBeginHooks(request, options));
    const begun = await readRun<Row, Output>(session, options, runId);
    const hasJobs = begun.partCount !== undefined || begun.jobs.some(({ lane }) => lane === "batch");
    return hasJobs ? passOverRun(session, options, runId, toPartsWay(request, options)) : begun;
  });
}

/**
 * Stops a run that nobody is to watch before anything is planned, where its workspace is a folder of this machine.
 * @param what as the error calls it @throws WORKSPACE_NOT_SHARED, BAD_OPTIONS
 */
export async function checkUnattended(what: string, options: SessionOptions = {}): Promise<void> {
  const config = await readLibraryConfig(options);
  if (config.shared === undefined)
    throw new HalfpriceError("WORKSPACE_NOT_SHARED", { workspace: nameWorkspace(config), what });
}

/** What resuming takes besides where the run is. */
export interface ResumeOptions extends SessionOptions {
  /** Lets the rest follow a canary that was not as it should be. @defaultValue false */
  readonly approveCanary?: boolean;
  /** Where this call writes the table, whatever another one was told. */
  readonly output?: string;
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
  refuseUnknownOptions(options, ["approveCanary", "output", "workers"], "resumeRun");
  if (options.approveCanary === true) await approveCanary(wanted, options);
  return inLibrarySession(options, async (session) => {
    const { id } = await findRunRow(session, wanted);
    return workOnRun(session, options, id, "follow", toWork(options));
  });
}

/**
 * Lets the rest of a run follow its canary, whatever that has shown: a person has looked at it. Sends nothing.
 * @param wanted the run's id, the start of one, or its name
 * @throws UNKNOWN_RUN, AMBIGUOUS_RUN
 */
export async function approveCanary(wanted: string, options: SessionOptions = {}): Promise<void> {
  await inWorkspace(options, async (config) => approve({ config }, (await findRunRow({ config }, wanted)).id));
}

const toWork = ({ output, workers }: CollectOptions): WorkOptions => defined({ output, workers });

/** What a pass takes besides where the run is. */
export interface CollectOptions extends SessionOptions {
  /** Of a run in parts: processes that prepare and join them; 0 leaves that to others, and only submits. @defaultValue as many as cores and memory are good for */
  readonly workers?: number;
  /** Where this call writes the table, where it ends the run. */
  readonly output?: string;
}

/**
 * One pass over a run, without waiting: fetches what has ended, starts what there is room for, asks some of what goes on demand, and writes
 * the table where nothing is left to do. Where another process works on the run, it is left to that one.
 * @param wanted the run's id, the start of one, or its name
 * @throws UNKNOWN_RUN, AMBIGUOUS_RUN, WRONG_ORIGIN, RUN_DAMAGED, CANARY; SERVICE_REFUSED, UNREACHABLE, CREDENTIALS_REFUSED, DISK
 */
export async function collectRun<Row extends object = Record<string, unknown>, Output = unknown>(
  wanted: string,
  options: CollectOptions = {},
): Promise<BatchRun<Row, Output>> {
  refuseUnknownOptions(options, ["output", "workers"], "collectRun");
  return inLibrarySession(options, async (session) => {
    const { id } = await findRunRow(session, wanted);
    return passOverRun(session, options, id, toWork(options));
  });
}

/**
 * Asks the service to stop a run's jobs and collects what was answered. One that has ended is left as it is; one whose files are gone or broken is given up.
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
    return workOnRun(session, options, id, "stop");
  });
}
