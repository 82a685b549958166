import { copyFileSync, linkSync, readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { commitFile, makeFolder, syncFile, syncFolder } from "../../foundation/commit-file.ts";
import { ledgerFile } from "../../ledger/ledger-file.ts";
import { type Ledger, openLedger } from "../../ledger/open-ledger.ts";
import { readRunIds } from "../../ledger/runs.ts";

/**
 * The files of a workspace, wherever they are kept. Every stage reads and writes them in a folder of this disk. Where that folder is the
 * workspace, they are everybody's at once; where the workspace is on S3, the folder has copies, which are fetched before they are read and
 * published after they were written. Paths are relative to the workspace, with slashes, and name a file or a folder.
 */
export interface WorkspaceFiles {
  /** The workspace as a person writes it: a folder, or `s3://bucket/prefix`. */
  readonly shown: string;
  openLedger(): Promise<Ledger>;
  /**
   * Brings what others have published below a path to this disk, and leaves alone what is here already.
   * @param wants which files are wanted, by their paths; all where it is left out
   */
  fetch(path: string, wants?: (path: string) => boolean): Promise<void>;
  /** Lets others see everything below a path as it is now; what they see already costs nothing. */
  publish(path: string): Promise<void>;
  /**
   * Puts a file in its place unless there is one, here or with others: of several processes that try, one is first.
   * @param temporary where the file was written, whole; it is gone afterwards
   * @returns whether this one was first; the file in place is the first one's either way
   */
  publishOnce(path: string, temporary: string): Promise<boolean>;
  /** Everything below a path, of everybody's: a copy that nobody else has seen is not of it where the workspace is on S3. */
  list(path: string): Promise<readonly ListedFile[]>;
  /**
   * Makes a database the ledger of a workspace that has none, or one without runs.
   * @param path of the database, which nobody has open
   * @returns false where there is a ledger with runs
   */
  putLedger(path: string): Promise<boolean>;
  /** Removes a file, or a folder with everything below it, for everybody. */
  remove(path: string): Promise<void>;
}

/** A file of a workspace. */
export interface ListedFile {
  /** Relative to the workspace, with slashes. */
  readonly path: string;
  readonly sizeBytes: number;
}

/** The files below a path on this disk; the path itself where it is a file. */
export function listFiles(workspace: string, path: string): ListedFile[] {
  const top = join(workspace, path);
  const found = statSync(top, { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (!found.isDirectory()) return [{ path, sizeBytes: found.size }];
  return readdirSync(top, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return [];
    const file = join(entry.parentPath, entry.name);
    const sizeBytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    return [{ path: relative(workspace, file).split(sep).join("/"), sizeBytes }];
  });
}

const ownNames =
  /(^|\/)(work|source|local|copies)(\/|$)|(^|\/)spill-|\.tmp$|(^|\/)draft\.json$|^ledger\b|^copied-|^serve\.(json|lock)|\.(lock|sock)$|^\.gitignore$/;

/** What is of one machine alone: temporary files, what an engine spilled, whose draft it is, the local service, the ledger's own file. */
export const isOwnName = (path: string): boolean => ownNames.test(path);

/** Files of a workspace that is a folder of this disk. */
export function diskFiles(workspace: string): WorkspaceFiles {
  const nothing = (): Promise<void> => Promise.resolve();
  return {
    shown: workspace,
    openLedger: async () => openLedger(workspace),
    fetch: nothing,
    publish: nothing,
    async publishOnce(path, temporary) {
      return linkOnce(join(workspace, path), temporary);
    },
    list: async (path) => listFiles(workspace, path),
    async putLedger(path) {
      const ledger = openLedger(workspace);
      const isEmpty = readRunIds(ledger).length === 0;
      ledger.close();
      if (!isEmpty) return false;
      for (const ending of ["-wal", "-shm"]) rmSync(`${ledgerFile(workspace)}${ending}`, { force: true });
      const temporary = `${ledgerFile(workspace)}.tmp`;
      copyFileSync(path, temporary);
      commitFile(ledgerFile(workspace), temporary);
      return true;
    },
    async remove(path) {
      rmSync(join(workspace, path), { recursive: true, force: true });
    },
  };
}

/** Gives a file a name that none has yet, on the disk when this returns. @returns false where the name is taken */
function linkOnce(path: string, temporary: string): boolean {
  makeFolder(dirname(path));
  syncFile(temporary);
  try {
    linkSync(temporary, path);
    syncFolder(dirname(path));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return false;
  } finally {
    rmSync(temporary, { force: true });
  }
}
