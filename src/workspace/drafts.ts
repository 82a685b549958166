import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Ledger } from "../ledger/open-ledger.ts";
import { findRun } from "../ledger/runs.ts";
import { isPreparedPart } from "./part-files.ts";
import { self } from "./session.ts";

/** A plan that no run was made of: a copy of its table, and its requests, below the workspace. */
export interface Draft {
  readonly id: string;
  readonly directory: string;
  readonly fileCount: number;
  readonly sizeBytes: number;
  /** A process is at work on it, or waits at its question. */
  readonly isInUse: boolean;
}

/** Who makes a draft; below its directory. */
export const draftOwnerFile = "draft.json";

/** The drafts of a workspace, the oldest first. */
export function listDrafts(workspace: string, ledger: Ledger): Draft[] {
  const folder = join(workspace, "runs");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((id) => findRun(ledger, id) === undefined && !isPreparedPart(workspace, id))
    .sort()
    .map((id) => {
      const directory = join(folder, id);
      const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter(
        (entry) => !entry.isDirectory(),
      );
      const sizes = files.map(
        (entry) => statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0,
      );
      const sizeBytes = sizes.reduce((sum, size) => sum + size, 0);
      return { id, directory, fileCount: files.length, sizeBytes, isInUse: isInUse(directory) };
    });
}

/** On a shared disk a process of another machine cannot be asked: its draft is left alone for a day, as any draft is. */
function isInUse(directory: string): boolean {
  try {
    const { pid, host } = JSON.parse(readFileSync(join(directory, draftOwnerFile), "utf8")) as {
      pid: number;
      host: string;
    };
    return host !== hostname() || (pid !== self.pid && self.isAlive(pid));
  } catch {
    return false;
  }
}

/** Removes drafts that no process is at work on. @returns those that are gone */
export function removeDrafts(workspace: string, ledger: Ledger): Draft[] {
  const idle = listDrafts(workspace, ledger).filter((draft) => !draft.isInUse);
  for (const { directory } of idle) rmSync(directory, { recursive: true, force: true });
  return idle;
}
