import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { ObjectStorage } from "../aws/s3.ts";
import { openObjectStorage } from "../aws/s3.ts";
import { commitText } from "../foundation/commit-file.ts";
import { findAwaiting, lookAtRuns } from "../ledger/look-at-runs.ts";
import type { Ledger } from "../ledger/open-ledger.ts";
import { findRun } from "../ledger/runs.ts";
import { publishRun } from "./fetch-run.ts";
import { filesOf } from "./files/shared-workspace.ts";
import type { CleanPlan } from "./plan-clean.ts";
import { tryLease } from "./run-lease.ts";
import { openWorkspace, type Session } from "./session.ts";

/** What became of a clean-up. */
export interface CleanedRuns {
  /** Ids of runs whose leftovers are gone. */
  readonly removed: readonly string[];
  /** Runs that were left alone: they have come under way since, or have changed. */
  readonly left: readonly { readonly runId: string; readonly reason: string }[];
}

/**
 * Removes what was planned, and nothing else: first in S3, then on disk, so that what was interrupted can be done again. It works on
 * a run as no other process does meanwhile, and looks at it again before it removes anything.
 * @throws SERVICE_REFUSED where the caller may not delete; what is left is then still planned the next time
 */
export async function cleanRuns(session: Session, plans: readonly CleanPlan[]): Promise<CleanedRuns> {
  const { config, connection, onStep } = session;
  const ledger = await openWorkspace(config);
  const storage = openObjectStorage(connection);
  const removed: string[] = [];
  const left: { runId: string; reason: string }[] = [];
  try {
    for (const plan of plans) {
      const { runId } = plan;
      const owned = await tryLease(session, ledger, runId);
      if (owned === undefined) {
        left.push({ runId, reason: "another process works on it" });
        continue;
      }
      try {
        const reason = await findChange(ledger, plan);
        if (reason === undefined) {
          onStep(`cleaning ${runId}`);
          await removeLeftovers(storage, plan, config.workspace);
          removed.push(runId);
        } else left.push({ runId, reason });
      } finally {
        await owned.release();
      }
    }
    return { removed, left };
  } finally {
    storage.close();
    ledger.close();
  }
}

/** What has come up since the plan was made and stands against it. */
async function findChange(ledger: Ledger, { runId, updatedAt, files }: CleanPlan): Promise<string | undefined> {
  const row = findRun(ledger, runId);
  if (row === undefined || lookAtRuns(ledger, row.origin).get(runId)?.isUnderWay !== false) {
    return "it has come under way since";
  }
  if (row.updatedAt !== updatedAt) return "it has changed since";
  const isTableGone = files.some(({ name }) => name.endsWith("results.parquet"));
  return isTableGone && findAwaiting(ledger, runId).length > 0 ? "another run waits for its answers since" : undefined;
}

async function removeLeftovers(storage: ObjectStorage, plan: CleanPlan, workspace: string): Promise<void> {
  const { bucket, accountId, objects, uploads, directory, files, keepsResults } = plan;
  if (bucket !== undefined) {
    for (const upload of uploads) await storage.giveUpUpload(bucket, upload, accountId);
    await storage.remove(
      bucket,
      objects.map(({ name: key, versionId }) => ({ key, versionId })),
      accountId,
    );
  }
  const own = filesOf(workspace);
  for (const { name } of files) await own.remove(relative(workspace, name).split(sep).join("/"));
  if (!keepsResults && forgetSamples(directory)) await publishRun({ directory }, "plan.json");
  if (!existsSync(directory)) return;
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (entry.isDirectory()) removeEmpty(join(directory, entry.name));
  }
}

/** What stays of a plan says what a run has cost, and nothing of the table. @returns whether there was one */
function forgetSamples(directory: string): boolean {
  const path = join(directory, "plan.json");
  if (!existsSync(path)) return false;
  let plan: Record<string, unknown>;
  try {
    plan = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
  } catch {
    // A plan that cannot be read has nothing to say either.
    rmSync(path, { force: true });
    return true;
  }
  commitText(path, `${JSON.stringify({ ...plan, samples: [] }, null, 2)}\n`);
  return true;
}

/** Folders that hold nothing any more, the inner ones first. */
function removeEmpty(folder: string): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeEmpty(join(folder, entry.name));
  }
  if (readdirSync(folder).length === 0) rmSync(folder, { recursive: true });
}
