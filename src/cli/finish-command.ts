import { HalfpriceError } from "../errors.ts";
import {
  countWithoutAnswer,
  type FinishedRun,
  type Session,
  type WorkedRun,
  type WorkMode,
  workRun,
} from "../index.ts";
import { type CommandSession, printJson } from "./open-session.ts";
import { printFinished } from "./print-run.ts";

/** How a command that works on a run ends: the table and the money line, then whatever is not as it should be. */
export async function finishCommand(
  { session, terminal, progress }: CommandSession,
  runId: string,
  mode: WorkMode,
  isJson: boolean,
): Promise<void> {
  const { finished, pass, notRetried, wasOver }: WorkedRun = await workInterruptibly(session, runId, mode);
  progress.end();
  if (finished === undefined) {
    if (isJson) printJson(terminal, { runId, state: "running", pendingCount: pass.pendingCount });
    throw new HalfpriceError("STILL_RUNNING", { runId, waiting: pass.pendingCount });
  }
  const { summary, paths, outputPath } = finished;
  if (wasOver === true) terminal.note(sayOver(finished, mode));
  if (isJson) {
    const { warnings = [] } = finished.run.model;
    const files = { results: paths.results, output: outputPath ?? null };
    printJson(terminal, { runId, state: "done", ...summary, warnings, ...files });
  } else printFinished(terminal, finished);
  if (notRetried !== undefined) terminal.note(`Nothing more was sent again: ${notRetried.message}`);
  if (mode !== "stop") refuseUnsound(finished);
}

/** A run that had ended before stays as it is, and so does its output: the user may have edited it since. */
function sayOver({ run, outputPath }: FinishedRun, mode: WorkMode): string {
  const done = mode === "stop" ? "there is nothing to stop" : "there is nothing left to do";
  const table = outputPath ?? "answers.csv";
  return `The run ${run.id} has already ended; ${done}, and no file was written. To write its table again: halfprice export ${run.id} -o ${table}`;
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

/** Ctrl-C leaves the jobs running and says how to take the run up; only `stop` stops a job. */
async function workInterruptibly(session: Session, runId: string, mode: WorkMode): Promise<WorkedRun> {
  const onInterrupt = (): void => {
    const goesOn =
      session.connection.dummyCredentials === undefined
        ? "The jobs go on without this process."
        : "What was done is kept.";
    process.stderr.write(
      `\ninterrupted. ${goesOn} To take the run up:\n  halfprice resume ${runId}${session.connection.dummyCredentials === undefined ? "" : " --local"}\n`,
    );
    process.exit(130);
  };
  process.once("SIGINT", onInterrupt);
  try {
    return await workRun(session, runId, mode);
  } finally {
    process.removeListener("SIGINT", onInterrupt);
  }
}
