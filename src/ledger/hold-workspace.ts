import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { hostname } from "node:os";
import { join } from "node:path";
import { commitText, makeFolder } from "../foundation/commit-file.ts";

/** The package is loaded with the first hold. */
const require = createRequire(import.meta.url);
const loadSqlite = () => require("@photostructure/sqlite") as typeof import("@photostructure/sqlite");

/** What this process holds. A database that nothing refers to is closed when memory is collected, and its lock goes with it. */
const held = new Set<InstanceType<ReturnType<typeof loadSqlite>["DatabaseSync"]>>();

/** Who holds a workspace for a piece of work that only one process may do. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Where it can be reached. */
  readonly url?: string;
}

/** A hold on a workspace. */
export interface Hold {
  /** Writes down where the holder can be reached, for whoever comes second. */
  setUrl(url: string): void;
  release(): void;
}

/**
 * Holds a workspace until it is released or the process ends, in whatever way: the system gives the lock back by itself, so that none is ever
 * left behind.
 * @param what the work, a word: it names the files
 * @returns the hold, or who has it
 * @throws DISK; nothing is held then
 */
export function holdWorkspace(workspace: string, what: string): Hold | { readonly holder: Holder | undefined } {
  makeFolder(workspace);
  const about = join(workspace, `${what}.json`);
  const { DatabaseSync } = loadSqlite();
  const lock = new DatabaseSync(join(workspace, `${what}.lock`));
  try {
    // In a database that nobody writes, the lock of its file is all that this is for.
    lock.exec("PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (error) {
    lock.close();
    if (!/locked|busy/i.test((error as Error).message)) throw error;
    return { holder: existsSync(about) ? readHolder(about) : undefined };
  }
  held.add(lock);
  const release = (): void => {
    held.delete(lock);
    lock.exec("ROLLBACK");
    lock.close();
  };
  const holder: Holder = { pid: process.pid, host: hostname() };
  const describe = (more?: Pick<Holder, "url">): void =>
    commitText(about, `${JSON.stringify({ ...holder, ...more })}\n`, 0o600);
  try {
    describe();
  } catch (error) {
    release();
    throw error;
  }
  return { setUrl: (url) => describe({ url }), release };
}

function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Holder;
  } catch {
    // It is just being written: who it is, is not worth waiting for.
    return undefined;
  }
}
