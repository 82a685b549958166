import { resolve } from "node:path";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { isObjectUri } from "../foundation/object-uri.ts";
import { hideSecrets } from "../foundation/secrets.ts";
import type { TableProfile } from "../foundation/types/index.ts";
import { driveAny, exportAny } from "../library/parts/drive-any.ts";
import type { Notify } from "../notify/parse-notify.ts";
import { type Notice, sendNotices } from "../notify/send-notices.ts";
import { formatNumberOf } from "../report/format.ts";
import { makeMoneyLines } from "../report/money-line.ts";
import type { FinishedRun } from "../run/finish/finish-run.ts";
import { profileTable } from "../run/finish/gather-report.ts";
import { countWithoutAnswer } from "../run/plan/check-run-plan.ts";
import type { DriveMode, DrivenRun } from "../run/start-and-resume/drive-run.ts";
import { type Session, withEngine } from "../workspace/session.ts";
import { findRunRow } from "../workspace/show-run.ts";
import { describeCost, describeSummary } from "./json/describe-money.ts";
import { endJson } from "./json/json-document.ts";
import { type CommandSession, printJson } from "./open-session.ts";
import { adviseHere } from "./print-error.ts";
import { printFinished } from "./print-run.ts";
import type { Terminal } from "./terminal.ts";

/**
 * How a command that works on a run ends: the table and the money line, then whatever is not as it should be.
 * @param output where this command was told to write the table, whatever another one was told
 */
export async function finishCommand(
  { session, terminal, progress }: CommandSession,
  runId: string,
  mode: DriveMode,
  isJson: boolean,
  output?: string,
  notify: readonly Notify[] = [],
  workers?: number,
): Promise<void> {
  const worked: DrivenRun = await workInterruptibly(session, runId, mode, workers);
  const { finished, pass, notRetried, givenUp, wasOver } = worked;
  progress.end();
  if (givenUp !== undefined) {
    if (isJson) printJson(terminal, { runId, state: "stopped", givenUp, ...(await describeNow(session, runId)) });
    else terminal.print(sayGivenUp(runId, givenUp));
    return;
  }
  if (finished === undefined) {
    if (isJson)
      printJson(terminal, {
        runId,
        state: "running",
        pendingCount: pass.pendingCount,
        ...(await describeNow(session, runId)),
      });
    if (pass.unknown.length > 0) {
      const jobs = pass.unknown.map(({ index }) => `job ${index + 1}`).join(", ");
      terminal.note(
        adviseHere(`The service does not know ${jobs}; the others go on. halfprice show ${runId} says more.`),
      );
    }
    throw new HalfpriceError("STILL_RUNNING", { runId, waiting: pass.pendingCount });
  }
  const { summary, paths } = finished;
  if (wasOver === true) terminal.note(adviseHere(sayOver(finished, mode)));
  // Another process that works on the run has written its table to where that one was told.
  const isElsewhere = output !== undefined && toAbsolute(output) !== toAbsolute(finished.outputPath ?? "");
  if (isElsewhere) await exportAny(session, finished, output);
  const outputPath = isElsewhere ? output : finished.outputPath;
  if (isJson) {
    const { warnings = [] } = finished.run.model;
    const files = { results: paths.results, output: outputPath ?? null };
    const { pack } = finished.plan;
    printJson(terminal, {
      ...{ runId, state: "done", ...describeSummary(summary, finished.run.origin), warnings, ...files },
      ...(pack === undefined ? {} : { pack }),
    });
  } else printFinished(terminal, { ...finished, outputPath }, sayService(session), await readProfile(finished));
  // A run that had ended before has been told about.
  if (wasOver !== true) await notifyAll(session, terminal, notify, { ...finished, outputPath });
  if (notRetried !== undefined) terminal.note(`Nothing more was sent again: ${notRetried.message}`);
  if (mode !== "stop") refuseUnsound(finished);
}

/** Tells that a run has ended; who cannot be told fails nothing. */
async function notifyAll(
  { connection }: Session,
  terminal: Terminal,
  ways: readonly Notify[],
  finished: FinishedRun,
): Promise<void> {
  if (ways.length === 0) return;
  const { run, summary, plan, paths, outputPath } = finished;
  const [line = ""] = makeMoneyLines({ summary, model: plan.model, origin: run.origin });
  const notice: Notice = {
    text: `${run.name}: ${line}`,
    runId: run.id,
    name: run.name,
    state: "done",
    rowCount: summary.rowCount,
    answeredCount: summary.outcomeCounts.answered,
    outcomeCounts: summary.outcomeCounts,
    paidUsd: run.origin.kind === "local" ? null : (summary.paidUsd ?? null),
    output: outputPath ?? null,
    report: paths.report,
  };
  for (const problem of await sendNotices(ways, notice, connection)) terminal.note(problem);
}

/** What the answers are like; undefined where that cannot be told: the table is written, and the run is over. */
async function readProfile({ run, paths }: FinishedRun): Promise<TableProfile | undefined> {
  return withEngine(paths, (engine) => profileTable(engine, run, paths, 3)).catch(() => undefined);
}

/** Of a run that has no results: where it is, and what was paid, as far as that is known. */
async function describeNow(session: Session, runId: string): Promise<object> {
  const { origin } = await findRunRow(session, runId);
  return { origin, ...describeCost(origin, undefined) };
}

const toAbsolute = (path: string): string => (isObjectUri(path) ? path : resolve(path));

/** A run that had ended before stays as it is, and so does its output: the user may have edited it since. */
function sayOver({ run, outputPath }: FinishedRun, mode: DriveMode): string {
  const done = mode === "stop" ? "there is nothing to stop" : "there is nothing left to do";
  const table = outputPath ?? "answers.csv";
  return `The run ${run.id} has already ended; ${done}, and no file was written. To write its table again: halfprice export ${run.id} -o ${table}`;
}

/** The option that leads a further command to the same service, with a space before it: a run is not continued at another one. */
function sayService({ connection }: Session): string {
  if (connection.dummyCredentials !== undefined) return " --local";
  const isGiven = process.argv.some((word) => word.startsWith("--endpoint-url"));
  return isGiven ? ` --endpoint-url ${hideSecrets(connection.endpointUrl ?? "")}` : "";
}

/** What became of a run that could not be worked on any more. */
function sayGivenUp(runId: string, { damage, stoppedCount, sentCount }: NonNullable<DrivenRun["givenUp"]>): string {
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
export function refuseUnsound({ run, summary, shards }: FinishedRun): void {
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
  session: Session,
  runId: string,
  mode: DriveMode,
  workers: number | undefined,
): Promise<DrivenRun> {
  const onInterrupt = (): void => {
    const goesOn =
      session.connection.dummyCredentials === undefined
        ? "The jobs go on without this process."
        : "What was done is kept.";
    process.stderr.write(`\ninterrupted. ${goesOn} To resume the run:\n  ${adviseHere(`halfprice resume ${runId}`)}\n`);
    const document = endJson({ error: { code: "INTERRUPTED", message: `interrupted. ${goesOn}` } });
    if (document === undefined) process.exit(130);
    process.stdout.write(`${document}\n`, () => process.exit(130));
  };
  process.once("SIGINT", onInterrupt);
  try {
    return await driveAny(session, runId, mode, workers === undefined ? {} : { workers });
  } finally {
    process.removeListener("SIGINT", onInterrupt);
  }
}
