import type { Ledger } from "../../ledger/open-ledger.ts";
import { readSummedParts, recordReopened } from "../../ledger/parts.ts";
import { filesOf } from "../../workspace/files/workspace-files.ts";
import type { RunFile } from "../../workspace/run-file.ts";
import type { Session } from "../../workspace/session.ts";
import { attemptsFile, readAttempts, writeAttempts } from "./part-attempts.ts";

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
 * @param maxAttempts a part is tried at most so often
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
