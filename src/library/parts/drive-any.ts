import { findRun } from "../../ledger/runs.ts";
import { exportRun, type FinishedRun } from "../../run/finish/finish-run.ts";
import { driveParts } from "../../run/parts/drive-parts.ts";
import { writePartsOutput } from "../../run/parts/finish-parts.ts";
import { workHere } from "../../run/parts/part-tasks.ts";
import { isFolder } from "../../run/parts/write-folder.ts";
import type { RunRequest } from "../../run/plan/choose-model.ts";
import { type DriveMode, type DrivenRun, driveRun } from "../../run/start-and-resume/drive-run.ts";
import { openWorkspace, type Session } from "../../workspace/session.ts";
import type { RunBatchOptions } from "../batch-options.ts";
import { openPartWorkers } from "./open-workers.ts";

/** How the parts of a run are worked on. */
export interface PartsWay {
  /** Processes that prepare and join parts. @defaultValue as many as the machine's cores and memory are good for */
  readonly workers?: number;
  /** What the run was asked to do, where its prompt is a function of this program. */
  readonly request?: RunRequest;
}

/** How the parts of a batch that a program has declared are worked on. */
export const toPartsWay = (request: RunRequest, { workers }: Pick<RunBatchOptions, "workers">): PartsWay => ({
  request,
  ...(workers === undefined ? {} : { workers }),
});

/**
 * Works on a run, whole or in parts, from wherever it is.
 * @throws what driveRun and driveParts throw
 */
export async function driveAny(
  session: Session,
  id: string,
  mode: DriveMode,
  { workers, request }: PartsWay = {},
): Promise<DrivenRun> {
  if (!(await isInParts(session, id))) return driveRun(session, id, mode);
  return driveParts(session, id, mode, (run) =>
    mode === "stop"
      ? workHere(session, id, request)
      : openPartWorkers(session, run, { ...(workers === undefined ? {} : { workers }), request }),
  );
}

async function isInParts({ config }: Session, id: string): Promise<boolean> {
  const ledger = await openWorkspace(config);
  try {
    return findRun(ledger, id)?.partCount !== undefined;
  } finally {
    ledger.close();
  }
}

/** Writes the table of a run that has ended elsewhere: into a file; of a run in parts into a folder too. @throws BAD_OUTPUT, OUTPUT_IS_INPUT, OUTPUT_EXISTS */
export async function exportAny(
  session: Session,
  { run, paths }: Pick<FinishedRun, "run" | "paths">,
  output: string,
): Promise<void> {
  if (isFolder(output) && run.partCount !== undefined) await writePartsOutput(session, { run, paths }, output);
  else await exportRun(paths, output, { connection: session.connection });
}
