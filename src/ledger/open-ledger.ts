import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { DatabaseSync } from "@photostructure/sqlite";
import { makeFolder } from "../foundation/commit-file.ts";
import { crashPoint } from "../foundation/crash-point.ts";
import { findDiskError } from "../foundation/disk-error.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { ledgerFile, refuseFile } from "./ledger-file.ts";
import { migrations } from "./migrations.ts";

/** The package is loaded with the first ledger that is opened: what only reads settings never needs it. */
const require = createRequire(import.meta.url);

/** The database that a ledger is. */
export type LedgerDatabase = InstanceType<typeof DatabaseSync>;

/** The ledger of a workspace, open: read in one step, changed by `change` alone. */
export interface Ledger extends Pick<LedgerDatabase, "prepare" | "exec"> {
  /**
   * Does several changes as one, or none of them. Where the ledger is shared, they are decided on what others have written before, and are
   * decided again where others were faster: so the action may be called more than once.
   * @param name what is written, for whoever watches
   */
  change<Result>(name: string, action: () => Result): Promise<Result>;
  close(): void;
}

/**
 * Opens the ledger of a workspace; makes both where there is none. The workspace holds people's data: it is readable by
 * its owner only, and git ignores it.
 * @throws BAD_WORKSPACE; NEWER_FILE where the ledger was written by a newer halfprice; LEDGER_DAMAGED; DISK
 */
export function openLedger(workspace: string): Ledger {
  const path = ledgerFile(workspace);
  try {
    makeWorkspace(workspace);
    const database = waitWhileLocked(() => openDatabase(path, workspace));
    return {
      prepare: (sql) => database.prepare(sql),
      exec: (sql) => database.exec(sql),
      change: async (name, action) => changeDatabase(database, name, action),
      close: () => database.close(),
    };
  } catch (error) {
    throw findDiskError(error, { path, workspace }) ?? error;
  }
}

/** Makes the folder of a workspace, readable by its owner only, which git ignores. @throws BAD_WORKSPACE */
export function makeWorkspace(workspace: string): void {
  refuseFile(workspace);
  makeFolder(workspace, 0o700);
  chmodSync(workspace, 0o700);
  const ignore = join(workspace, ".gitignore");
  if (!existsSync(ignore)) writeFileSync(ignore, "*\n");
}

/** How long the database's own lock is waited for. */
const lockWaitMs = 10_000;
const lockStepMs = 20;

/**
 * Tries again while another process has the database to itself. SQLite waits by itself for other writers, but not where the journal is
 * changed to WAL (two processes that make a workspace at once), nor where the log of a process that was killed is read back.
 */
function waitWhileLocked<Result>(open: () => Result): Result {
  const untilMs = Date.now() + lockWaitMs;
  for (;;) {
    try {
      return open();
    } catch (error) {
      const isLocked = isSqliteLock(error);
      if (!isLocked || Date.now() >= untilMs) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, lockStepMs);
    }
  }
}

/** SQLITE_BUSY and SQLITE_LOCKED, with whatever more they say in their upper bits. */
function isSqliteLock(error: unknown): boolean {
  const code = (error as { errcode?: number } | undefined)?.errcode ?? 0;
  return (code & 0xff) === 5 || (code & 0xff) === 6;
}

/** How the log of changes is kept, and when it is flushed. */
export type Journal = "shared" | "own";

const journals: Readonly<Record<Journal, string>> = {
  // Other processes read and write it too. FULL: what was announced survives a crash.
  shared: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;",
  // A copy that no other process sees, and that is fetched again: its file is whole after each change.
  own: "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;",
};

/** Opens the database of a ledger, and makes or renews its tables. @throws NEWER_FILE, LEDGER_DAMAGED */
export function openDatabase(path: string, workspace: string, journal: Journal = "shared"): LedgerDatabase {
  const { DatabaseSync } = require("@photostructure/sqlite") as typeof import("@photostructure/sqlite");
  const database = new DatabaseSync(path);
  try {
    // Other processes read and write it too: a short wait instead of an error.
    database.exec(`PRAGMA busy_timeout = ${lockWaitMs};`);
    refuseForeign(database, path, workspace);
    database.exec(journals[journal]);
    migrate(database);
    database.exec("PRAGMA foreign_keys = ON;");
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

const readVersion = (ledger: LedgerDatabase): number =>
  Number((ledger.prepare("PRAGMA user_version").get() as { user_version: number }).user_version);

/** Nothing is written into what a newer halfprice wrote, nor into a database that has tables and none of ours. */
function refuseForeign(ledger: LedgerDatabase, path: string, workspace: string): void {
  const version = readVersion(ledger);
  if (version > migrations.length) {
    throw new HalfpriceError("NEWER_FILE", { path, version: String(version), known: migrations.length });
  }
  const tables = ledger.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as { name: string }[];
  const isOwn = tables.some(({ name }) => name === "runs");
  if (isOwn || (version === 0 && tables.length === 0)) return;
  const reason = "it is the database of another program";
  throw new HalfpriceError("LEDGER_DAMAGED", { path, reason, workspace });
}

/** Brings the tables to the newest version: all of the way or not at all. Foreign keys are off while tables are made anew. */
function migrate(ledger: LedgerDatabase): void {
  if (readVersion(ledger) === migrations.length) return;
  ledger.exec("PRAGMA foreign_keys = OFF;");
  changeDatabase(ledger, "version", () => {
    // Another process may have done it while this one waited.
    for (const step of migrations.slice(readVersion(ledger))) ledger.exec(step);
    ledger.exec(`PRAGMA user_version = ${migrations.length};`);
  });
}

/** Changes a ledger: see `Ledger.change`. */
export function change<Result>(ledger: Ledger, name: string, action: () => Result): Promise<Result> {
  return ledger.change(name, action);
}

/** Does several changes of one database as one, or none of them. */
export function changeDatabase<Result>(database: LedgerDatabase, name: string, action: () => Result): Result {
  waitWhileLocked(() => database.exec("BEGIN IMMEDIATE"));
  let result: Result;
  try {
    result = action();
    crashPoint(`ledger: ${name} not written`);
    database.exec("COMMIT");
  } catch (error) {
    // A full disk ends the transaction by itself.
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
  crashPoint(`ledger: ${name} written`);
  return result;
}
