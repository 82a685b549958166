import { HalfpriceError } from "../../foundation/errors/index.ts";
import type { BelowMinimum } from "../../foundation/types/index.ts";
import type { Ledger } from "../../ledger/open-ledger.ts";
import { readParts, readSummedParts, recordReopened } from "../../ledger/parts.ts";
import { findRun, recordOutputPath } from "../../ledger/runs.ts";
import { filesOf } from "../../workspace/files/shared-workspace.ts";
import type { RunFile } from "../../workspace/run-file.ts";
import { readRunFile, runPaths, writeRunFile } from "../../workspace/run-folder.ts";
import { acquireLease } from "../../workspace/run-lease.ts";
import { openWorkspace, type Session } from "../../workspace/session.ts";
import { attemptsFile, readAttempts, writeAttempts } from "./part-attempts.ts";
import { changeRequest } from "./saved-request.ts";

/** A part that is tried once more. */
export interface PartToRetry {
  readonly part: number;
  /** From 2. */
  readonly attempt: number;
  /** Records that can still get a good answer. */
  readonly recordCount: number;
}

/**
 * The parts that have records which can still get a good answer.
 * @param maxAttempts how often a part is tried at most
 */
export function findPartsToRetry(ledger: Ledger, run: Pick<RunFile, "id">, maxAttempts: number): PartToRetry[] {
  const tries = new Map<number, { count: number; recordCount: number }>();
  for (const { part = 0, summary } of readSummedParts(ledger, run.id)) {
    const count = (tries.get(part)?.count ?? 0) + 1;
    tries.set(part, { count, recordCount: summary?.retry?.recordCount ?? 0 });
  }
  return [...tries].flatMap(([part, { count, recordCount }]) =>
    recordCount > 0 && count < maxAttempts ? [{ part, attempt: count + 1, recordCount }] : [],
  );
}

/**
 * Has parts prepared, sent and joined once more: what is answered is taken, the rest is sent, and the part's results take the place of
 * those before. Called by whoever drives the run.
 */
export async function retryParts(
  session: Session,
  ledger: Ledger,
  { id }: Pick<RunFile, "id">,
  parts: readonly PartToRetry[],
): Promise<void> {
  const { workspace } = session.config;
  const attempts = new Map(readAttempts(workspace, id));
  for (const { part, attempt } of parts) attempts.set(part, attempt);
  writeAttempts(workspace, id, attempts);
  await filesOf(workspace).publish(attemptsFile(id));
  await recordReopened(ledger, id, session.nowMs());
}

/** What a person allows a further try. */
export interface PartsRetryOptions {
  readonly maxAttempts?: number;
  readonly maxCostUsd?: number;
  readonly belowMinimum?: BelowMinimum;
  readonly maxTokens?: number;
  readonly outputPath?: string;
}

/** What a further try of a run in parts would do. */
export interface PartsRetry {
  readonly runId: string;
  /** Parts that have records to be sent again. */
  readonly parts: readonly PartToRetry[];
  readonly recordCount: number;
  /** Parts that were never joined, since the run was stopped: they are done as well. */
  readonly unjoinedCount: number;
}

/**
 * Finds what of a run in parts can still get a good answer. Changes nothing.
 * @throws RUN_UNFINISHED while the run is under way; BAD_OPTIONS for other tokens: they would make other requests of all rows
 */
export async function planPartsRetry(
  session: Session,
  id: string,
  { maxAttempts, maxTokens }: PartsRetryOptions,
): Promise<PartsRetry> {
  if (maxTokens !== undefined) {
    const problems = [
      "--max-tokens does not go with parts: begin the run anew with it, and what is answered is not sent again",
    ];
    throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice retry" });
  }
  const ledger = await openWorkspace(session.config);
  try {
    const row = findRun(ledger, id);
    if (row?.summary === undefined || (row.state !== "done" && row.state !== "stopped"))
      throw new HalfpriceError("RUN_UNFINISHED", { runId: id, state: `${row?.state}` });
    const parts = findPartsToRetry(ledger, { id }, maxAttempts ?? Infinity);
    const joined = new Set(readParts(ledger, id).map(({ part }) => part));
    return {
      runId: id,
      parts,
      recordCount: parts.reduce((sum, { recordCount }) => sum + recordCount, 0),
      unjoinedCount: (row.partCount ?? 0) - joined.size,
    };
  } finally {
    ledger.close();
  }
}

/** Whether anything would come of a further try. */
export const isPartsRetryWorthwhile = ({ parts, unjoinedCount }: PartsRetry): boolean =>
  parts.length + unjoinedCount > 0;

/**
 * Begins a further try: from here on the run is under way again, and whoever resumes it has the parts prepared, sent and joined.
 * @throws RUN_BUSY
 */
export async function startPartsRetry(
  session: Session,
  { runId, parts }: PartsRetry,
  { maxAttempts, maxCostUsd, belowMinimum, outputPath }: PartsRetryOptions,
): Promise<void> {
  const { workspace } = session.config;
  const ledger = await openWorkspace(session.config);
  try {
    const owned = await acquireLease(session, ledger, runId);
    try {
      const paths = runPaths(workspace, runId);
      const allowed = {
        ...(maxAttempts === undefined ? {} : { maxAttempts }),
        ...(maxCostUsd === undefined ? {} : { maxCostUsd }),
      };
      writeRunFile(paths, { ...readRunFile(paths), ...allowed });
      if (belowMinimum !== undefined) changeRequest(paths, { belowMinimum });
      await filesOf(workspace).publish(`runs/${runId}`);
      if (outputPath !== undefined) await recordOutputPath(ledger, runId, outputPath, session.nowMs());
      await retryParts(session, ledger, { id: runId }, parts);
    } finally {
      await owned.release();
    }
  } finally {
    ledger.close();
  }
}
