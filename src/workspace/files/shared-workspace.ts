import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Connection } from "../../aws/connection.ts";
import { openSharedObjects } from "../../aws/objects/shared-objects.ts";
import type { Config } from "../../config/read-config.ts";
import { type BucketFiles, ledgerCopy, openBucketFiles } from "./bucket-files.ts";
import { diskFiles, type WorkspaceFiles } from "./workspace-files.ts";

/** What says where a workspace is, and how S3 is reached if it is there. */
export type WorkspacePlace = Pick<Config, "workspace"> &
  Partial<Pick<Config, "shared" | "region" | "profile" | "endpointUrl">>;

/** The workspaces on S3 that this process works with, by the folder that has their copies. They stay open until it ends. */
const opened = new Map<string, BucketFiles>();

/** The files of a workspace, by its folder on this disk; those of one on S3 where `openFiles` has opened it. */
export function filesOf(workspace: string): WorkspaceFiles {
  return opened.get(workspace) ?? diskFiles(workspace);
}

/**
 * Opens the files of a workspace. One on S3 is opened once in a process, with the connection that comes first.
 * @param connection how S3 is reached; as the settings say where it is left out
 */
export function openFiles(place: WorkspacePlace, connection?: Connection): WorkspaceFiles {
  const { workspace, shared } = place;
  if (shared === undefined) return filesOf(workspace);
  const known = opened.get(workspace);
  if (known !== undefined) return known;
  const objects = openSharedObjects(connection ?? toConnection(place), shared.bucket);
  const files = openBucketFiles(objects, shared, workspace);
  removeStale(workspace);
  if (opened.size === 0) process.once("exit", removeOwn);
  opened.set(workspace, files);
  return files;
}

/** A process leaves no copy of a ledger behind. */
function removeOwn(): void {
  for (const workspace of opened.keys()) rmSync(join(workspace, ledgerCopy(process.pid)), { force: true });
}

/** Closes the files of a workspace on S3: the next that asks for them opens them anew. */
export function closeFiles(workspace: string): void {
  opened.get(workspace)?.close();
  opened.delete(workspace);
  if (opened.size === 0) process.off("exit", removeOwn);
}

function toConnection({ region, profile, endpointUrl }: WorkspacePlace): Connection {
  return {
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
    ...(endpointUrl === undefined ? {} : { endpointUrl }),
  };
}

/** Removes the copies of processes that were killed. */
function removeStale(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = Number(/^ledger-(\d+)\.db/.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(pid) || pid === process.pid) continue;
    try {
      process.kill(pid, 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ESRCH") rmSync(join(folder, name), { force: true });
    }
  }
}
