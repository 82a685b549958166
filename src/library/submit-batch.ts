import type { BatchSpec } from "../prompt/define-batch.ts";
import { isBusy } from "../workspace/run-lease.ts";
import { findRunRow, showRun } from "../workspace/show-run.ts";
import { type RunBatchOptions, refuseUnknownOptions, type SessionOptions, toRunOptions } from "./batch-options.ts";
import { BatchRun } from "./batch-run.ts";
import { beginBatch, toBeginHooks } from "./begin-batch.ts";
import { inLibrarySession } from "./library-session.ts";
import { driveAny, toPartsWay } from "./parts/drive-any.ts";
import { readBatch } from "./read-batch.ts";

/**
 * Begins a batch and returns: its jobs are made, as far as the account has room for them. `collectRun` asks how it goes, `resumeRun` follows
 * it to its end. What goes on demand is asked by `collectRun`, a little at a time.
 * @throws what `runBatch` throws before it sends anything
 */
export async function submitBatch<Row extends object, const Output = undefined>(
  spec: BatchSpec<Row, Output>,
  options: RunBatchOptions = {},
): Promise<BatchRun<Row, Output>> {
  const request = readBatch(spec, toRunOptions(options, "submitBatch"));
  return inLibrarySession(options, async (session) => {
    const { runId } = await beginBatch(session, request, toBeginHooks(request, options));
    const way = toPartsWay(request, options);
    const begun = await showRun(session, runId);
    if (begun.row.partCount !== undefined || begun.shards.some(({ lane }) => lane === "batch"))
      await passUnlessBusy(() => driveAny(session, runId, "once", way));
    return new BatchRun<Row, Output>(session.config.workspace, await showRun(session, runId));
  });
}

/**
 * One pass over a run, without waiting: fetches what has ended, starts what there is room for, asks some of what goes on demand, and writes
 * the table where nothing is left to do. Where another process works on the run, it is left to that one.
 * @param wanted the run's id, the start of one, or its name
 * @throws UNKNOWN_RUN, AMBIGUOUS_RUN, WRONG_ORIGIN, RUN_DAMAGED, CANARY; SERVICE_REFUSED, UNREACHABLE, CREDENTIALS_REFUSED, DISK
 */
export async function collectRun<Row extends object = Record<string, unknown>, Output = unknown>(
  wanted: string,
  options: SessionOptions = {},
): Promise<BatchRun<Row, Output>> {
  refuseUnknownOptions(options, [], "collectRun");
  return inLibrarySession(options, async (session) => {
    const { id } = await findRunRow(session, wanted);
    await passUnlessBusy(() => driveAny(session, id, "once"));
    return new BatchRun<Row, Output>(session.config.workspace, await showRun(session, id));
  });
}

async function passUnlessBusy(pass: () => Promise<unknown>): Promise<void> {
  try {
    await pass();
  } catch (error) {
    if (!isBusy(error)) throw error;
  }
}
