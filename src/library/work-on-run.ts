import { resolve } from "node:path";
import { defined } from "../foundation/defined.ts";
import { isError } from "../foundation/errors/index.ts";
import { isObjectUri } from "../foundation/object-uri.ts";
import { exportRun } from "../run/finish/finish-run.ts";
import { type DriveMode, type DrivenRun, driveRun } from "../run/start-and-resume/drive-run.ts";
import type { Session } from "../workspace/session.ts";
import { findRunRow, showRun } from "../workspace/show-run.ts";
import type { SessionOptions } from "./batch-options.ts";
import { BatchRun } from "./batch-run/batch-run.ts";
import type { RunWork } from "./batch-run/run-work.ts";

/**
 * Works on a run, and tells what came of it.
 * @param output where this call was told to write the table, whatever another one was told
 */
export async function workOnRun<Row extends object, Output>(
  session: Session,
  options: SessionOptions,
  id: string,
  mode: DriveMode,
  output?: string,
): Promise<BatchRun<Row, Output>> {
  const driven = await driveRun(session, id, mode);
  const { finished, givenUp } = driven;
  const work = toRunWork(driven);
  if (givenUp !== undefined)
    return new BatchRun(options, session.config, { row: await findRunRow(session, id), shards: [] }, work);
  // Another process that works on the run has written its table to where that one was told.
  const isElsewhere =
    finished !== undefined && output !== undefined && toAbsolute(output) !== toAbsolute(finished.outputPath ?? "");
  if (isElsewhere) {
    await exportRun(finished.paths, output, { connection: session.connection });
  }
  const shown = await showRun(session, id);
  return new BatchRun(
    options,
    session.config,
    isElsewhere ? { ...shown, row: { ...shown.row, outputPath: output } } : shown,
    work,
  );
}

/** One pass; where another process works on the run, it is left to that one. */
export async function passOverRun<Row extends object, Output>(
  session: Session,
  options: SessionOptions,
  id: string,
  output?: string,
): Promise<BatchRun<Row, Output>> {
  try {
    return await workOnRun(session, options, id, "once", output);
  } catch (busy) {
    if (!isError(busy, "RUN_BUSY")) throw busy;
    const work = { isFinished: false, pendingCount: 0, unknownJobs: [], busy };
    return new BatchRun(options, session.config, await showRun(session, id), work);
  }
}

/** A run as it is now. */
export async function readRun<Row extends object, Output>(
  session: Session,
  options: SessionOptions,
  id: string,
): Promise<BatchRun<Row, Output>> {
  return new BatchRun(options, session.config, await showRun(session, id));
}

function toRunWork({ finished, pass, wasOver, notRetried, givenUp }: DrivenRun): RunWork {
  return {
    isFinished: finished !== undefined,
    pendingCount: pass.pendingCount,
    unknownJobs: pass.unknown.map(({ index }) => index),
    ...defined({ wasOver, notRetried, givenUp }),
  };
}

const toAbsolute = (path: string): string => (isObjectUri(path) ? path : resolve(path));
