import { countWithoutAnswer } from "../foundation/counts.ts";
import { defined } from "../foundation/defined.ts";
import { HalfpriceError, isError } from "../foundation/errors/index.ts";
import { formatNumberOf } from "../foundation/format.ts";
import { hideSecrets } from "../foundation/secrets.ts";
import {
  type BatchRun,
  collectRun,
  type Notify,
  type RunWork,
  resumeRun,
  sendNotices,
  showRun,
  stopRun,
} from "../index.ts";
import { describeCost, describeSummary } from "./json/describe-money.ts";
import { endJson } from "./json/json-document.ts";
import { printJson } from "./json/print-json.ts";
import { type CommandSession } from "./open-session.ts";
import { adviseHere } from "./print-error.ts";
import { type FinishedView, printFinished } from "./print-run.ts";

/** How far a command works on a run: to its end, one pass, or until its jobs are stopped. */
export type WorkMode = "follow" | "once" | "stop";

/**
 * How a command that works on a run ends: the table and the money line, then whatever is not as it should be.
 * @param output where this command was told to write the table, whatever another one was told
 */
export async function finishCommand(
  opened: CommandSession,
  runId: string,
  mode: WorkMode,
  isJson: boolean,
  output?: string,
  notify: readonly Notify[] = [],
  workers?: number,
): Promise<void> {
  const { options, terminal, progress } = opened;
  const worked = await workInterruptibly(opened, runId, mode, defined({ output, workers }));
  const { work, origin } = worked;
  progress.end();
  if (work?.busy !== undefined) throw work.busy;
  const now = { origin, ...describeCost(origin, undefined) };
  if (work?.givenUp !== undefined) {
    if (isJson) printJson(terminal, { runId, state: "stopped", givenUp: work.givenUp, ...now });
    else terminal.print(sayGivenUp(runId, work.givenUp));
    return;
  }
  if (work?.isFinished !== true) {
    const { pendingCount = 0, unknownJobs = [] } = work ?? {};
    if (isJson) printJson(terminal, { runId, state: "running", pendingCount, ...now });
    if (unknownJobs.length > 0) {
      const jobs = unknownJobs.map((index) => `job ${index + 1}`).join(", ");
      terminal.note(
        adviseHere(`The service does not know ${jobs}; the others go on. halfprice show ${runId} says more.`),
      );
    }
    throw new HalfpriceError("STILL_RUNNING", { runId, waiting: pendingCount });
  }
  const finished = await viewFinished(opened, worked);
  const { summary, run, plan, paths, outputPath } = finished;
  if (work.wasOver === true) terminal.note(adviseHere(sayOver(finished, mode)));
  if (isJson) {
    const { warnings = [] } = run.model;
    const files = { results: paths.results, output: outputPath ?? null };
    printJson(terminal, {
      ...{ runId, state: "done", ...describeSummary(summary, run.origin), warnings, ...files },
      ...defined({ pack: plan.pack }),
    });
    // What the answers are like cannot be told: the table is written, and the run is over.
  } else printFinished(terminal, finished, sayService(opened), await worked.profile(3).catch(() => undefined));
  // A run that had ended before has been told about.
  if (work.wasOver !== true) for (const problem of await sendNotices(worked, notify, options)) terminal.note(problem);
  if (work.notRetried !== undefined) terminal.note(`Nothing more was sent again: ${work.notRetried.message}`);
  if (mode !== "stop") refuseUnsound(finished);
}

/**
 * How a command ends that leaves its run to a function: after one pass, which asks and judges its canary, it says who goes on. What has ended by
 * then is shown as it is.
 */
export async function handOver(
  opened: CommandSession,
  runId: string,
  { json, output }: { readonly json?: boolean; readonly output?: string },
): Promise<void> {
  const { terminal, settings } = opened;
  try {
    return await finishCommand(opened, runId, "once", json === true, output);
  } catch (error) {
    if (!isError(error, "STILL_RUNNING", "RUN_BUSY")) throw error;
    // The function has taken it up already.
    if (error.code === "RUN_BUSY" && json === true) printJson(terminal, { runId, state: "running" });
  }
  for (const line of [
    `The run ${runId} goes on without this machine: the function of halfprice deploy works on it in ${settings.workspaceName}.`,
    `See    ${adviseHere(`halfprice show ${runId}`)}`,
    `Stop   ${adviseHere(`halfprice stop ${runId}`)}`,
    `Table  ${adviseHere(`halfprice resume ${runId}`)}, when its jobs have ended, from any machine`,
  ])
    terminal.note(line);
}

/** A run that has ended, with all that is shown of it. */
export async function viewFinished(
  { options }: CommandSession,
  { id, files }: BatchRun<object>,
): Promise<FinishedView> {
  const { row, run, plan, paths, shards } = await showRun(id, options);
  if (row.summary === undefined) throw new HalfpriceError("NO_RESULTS", { runId: id, state: row.state });
  return { summary: row.summary, run, plan, paths, shards, outputPath: files.output };
}

/** A run that had ended before stays as it is, and so does its output: the user may have edited it since. */
function sayOver({ run, outputPath }: FinishedView, mode: WorkMode): string {
  const done = mode === "stop" ? "there is nothing to stop" : "there is nothing left to do";
  const table = outputPath ?? "answers.csv";
  return `The run ${run.id} has already ended; ${done}, and no file was written. To write its table again: halfprice export ${run.id} -o ${table}`;
}

/** The option that leads a further command to the same service, with a space before it: a run is not continued at another one. */
function sayService({ options, settings }: CommandSession): string {
  if (options.local === true) return " --local";
  const isGiven = process.argv.some((word) => word.startsWith("--endpoint-url"));
  return isGiven ? ` --endpoint-url ${hideSecrets(settings.endpointUrl ?? "")}` : "";
}

/** What became of a run that could not be worked on any more. */
function sayGivenUp(runId: string, { damage, stoppedCount, sentCount }: NonNullable<RunWork["givenUp"]>): string {
  const why = damage?.problem === "unreadable" ? `its files cannot be read (${damage.path})` : "its files are gone";
  const jobs =
    stoppedCount === 0
      ? ""
      : ` ${formatNumberOf(stoppedCount, "job")} of it ${stoppedCount === 1 ? "was" : "were"} asked to stop.`;
  const sent =
    sentCount === 0
      ? ""
      : ` What was answered of ${formatNumberOf(sentCount, "record")} that were sent is paid, and lost.`;
  return `The run ${runId} is given up: ${why}.${jobs}${sent} Nothing is reserved for it any more; the same command begins it anew.`;
}

/** What is not as it should be, after the table is written. @throws JOB_FAILED, MISSING_ANSWERS */
export function refuseUnsound({ run, summary, shards }: FinishedView): void {
  const missing = countWithoutAnswer(summary);
  const failed = shards.flatMap(({ index, attempt }) =>
    attempt?.status === undefined || attempt.status === "Completed"
      ? []
      : [`job ${index + 1} ended ${attempt.status}${attempt.message === undefined ? "" : `: ${attempt.message}`}`],
  );
  // What a job lost a later round may have got.
  if (failed.length > 0 && missing > 0) {
    const explanation = summary.jobEnds?.find(({ status }) => status !== "Completed")?.explanation;
    throw new HalfpriceError("JOB_FAILED", { runId: run.id, failed, explanation });
  }
  if (missing > run.allowMissing) {
    const explanation = summary.causes[0]?.explanation;
    throw new HalfpriceError("MISSING_ANSWERS", { runId: run.id, missing, allowed: run.allowMissing, explanation });
  }
}

/** Ctrl-C leaves the jobs running and says how to resume the run; only `stop` stops a job. */
async function workInterruptibly(
  { options }: CommandSession,
  runId: string,
  mode: WorkMode,
  work: { readonly output?: string; readonly workers?: number },
): Promise<BatchRun<object>> {
  const onInterrupt = (): void => {
    const goesOn = options.local === true ? "What was done is kept." : "The jobs go on without this process.";
    process.stderr.write(`\ninterrupted. ${goesOn} To resume the run:\n  ${adviseHere(`halfprice resume ${runId}`)}\n`);
    const document = endJson({ error: { code: "INTERRUPTED", message: `interrupted. ${goesOn}` } });
    if (document === undefined) process.exit(130);
    process.stdout.write(`${document}\n`, () => process.exit(130));
  };
  process.once("SIGINT", onInterrupt);
  try {
    if (mode === "stop") return await stopRun(runId, options);
    const told = { ...options, ...work };
    return await (mode === "once" ? collectRun(runId, told) : resumeRun(runId, told));
  } finally {
    process.removeListener("SIGINT", onInterrupt);
  }
}
