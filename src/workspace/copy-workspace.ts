import { cpSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Config, nameWorkspace } from "../config/read-config.ts";
import { makeFolder, syncTree } from "../foundation/commit-file.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { findOwner } from "../ledger/claim-run.ts";
import { readRuns } from "../ledger/runs.ts";
import { openFiles } from "./files/shared-workspace.ts";
import { isOwnName } from "./files/workspace-files.ts";
import { self } from "./session.ts";

/** A workspace that was copied. */
export interface CopiedWorkspace {
  readonly runCount: number;
  readonly fileCount: number;
  readonly sizeBytes: number;
}

/**
 * Copies a workspace into one that has no runs yet, a folder or a place on S3: its runs with their files, and the ledger last, which says what
 * is there. Done again after it broke off, it goes on. Data of the local service are not copied.
 * @throws WORKSPACE_IN_USE where the target has runs, or a process works on a run of the source; SERVICE_REFUSED, UNREACHABLE, DISK
 */
export async function copyWorkspace(from: Config, to: Config): Promise<CopiedWorkspace> {
  const [source, target] = [openFiles(from), openFiles(to)];
  const ledger = await source.openLedger();
  const copy = join(from.workspace, `copied-${process.pid}.db`);
  try {
    const runs = readRuns(ledger);
    for (const { id } of runs) {
      const owner = findOwner(ledger, id, self, Date.now());
      if (owner === undefined) continue;
      const reason = `process ${owner.pid} on ${owner.host} works on its run ${id}`;
      throw new HalfpriceError("WORKSPACE_IN_USE", { workspace: nameWorkspace(from), reason });
    }
    await refuseRuns(to);
    await source.fetch("");
    const files = (await source.list("")).filter(({ path }) => !isOwnName(path));
    for (const { path } of files) {
      makeFolder(join(to.workspace, path, ".."), 0o700);
      cpSync(join(from.workspace, path), join(to.workspace, path), { preserveTimestamps: true });
    }
    syncTree(to.workspace);
    await target.publish("");
    rmSync(copy, { force: true });
    ledger.exec(`VACUUM INTO '${copy.replaceAll("'", "''")}'`);
    if (!(await target.putLedger(copy))) await refuseRuns(to, true);
    const sizeBytes = files.reduce((sum, each) => sum + each.sizeBytes, 0);
    return { runCount: runs.length, fileCount: files.length, sizeBytes };
  } finally {
    ledger.close();
    if (existsSync(copy)) rmSync(copy);
  }
}

/** @param isKnown somebody else has made the ledger meanwhile */
async function refuseRuns(to: Config, isKnown = false): Promise<void> {
  const ledger = await openFiles(to).openLedger();
  try {
    const [first] = readRuns(ledger);
    if (first === undefined && !isKnown) return;
    const reason = first === undefined ? "another process has begun it meanwhile" : `it has runs, ${first.id} is one`;
    throw new HalfpriceError("WORKSPACE_IN_USE", { workspace: nameWorkspace(to), reason });
  } finally {
    ledger.close();
  }
}
