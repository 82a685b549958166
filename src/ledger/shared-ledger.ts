import { randomUUID } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { crashPoint } from "../foundation/crash-point.ts";
import { HalfpriceError, isError } from "../foundation/errors/index.ts";
import { changeDatabase, type Ledger, type LedgerDatabase, openDatabase } from "./open-ledger.ts";

/** Where a shared ledger is kept: one object that is read whole, and put back where nobody else was faster. */
export interface LedgerObject {
  /** `same` where it is still the one of that tag; undefined where there is none. */
  read(knownEtag: string | undefined): Promise<{ readonly bytes: Buffer; readonly etag: string } | "same" | undefined>;
  /** @returns its new tag; undefined where it is not the known one any more */
  write(bytes: Uint8Array, knownEtag: string | undefined): Promise<string | undefined>;
  /** As a person writes it. */
  readonly shown: string;
}

/** The shared ledger, as this process works with it. */
export interface SharedLedger extends Omit<Ledger, "close"> {
  /** Sees what others have written. @returns whether there was something */
  refresh(): Promise<boolean>;
  close(): void;
}

/** What happens around the reads and tries of a shared ledger. */
export interface SharedLedgerHooks {
  /** Is given each state that others have written, before anything is decided on it. */
  readonly onRead?: (ledger: Pick<Ledger, "prepare">) => Promise<void>;
  /** Waits between two tries. */
  readonly pause?: (ms: number) => Promise<void>;
}

/** How often a change is decided anew before it is given up: each time another process was faster. */
const tries = 60;
/** A pause between two tries is a random share of this, which doubles up to the longest. */
const firstPauseMs = 20;
const longestPauseMs = 2_000;

/** Changes are told apart by name, so that a write whose answer was lost is known again; older names are not asked for any more. */
const namesKept = 2_000;
const changesTable =
  "CREATE TABLE IF NOT EXISTS changes (number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE) STRICT";
const insertChange = "INSERT INTO changes (name) VALUES (?)";
const dropChanges = "DELETE FROM changes WHERE number <= (SELECT max(number) FROM changes) - ?";
const selectChange = "SELECT name FROM changes WHERE name >= ? AND name < ?";

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/**
 * Opens a ledger that several machines share. This process has a copy. A change is made in the copy and put back with `If-Match`; where
 * another process was faster, its ledger is read and the change is decided again. What was put is on S3, so it survives this machine.
 * @param path where the copy is, a file of this process alone
 * @throws NEWER_FILE, LEDGER_DAMAGED, SERVICE_REFUSED, UNREACHABLE
 */
export async function openSharedLedger(
  object: LedgerObject,
  path: string,
  hooks: SharedLedgerHooks = {},
): Promise<SharedLedger> {
  const ledger = new ObjectLedger(object, path, hooks);
  try {
    await ledger.refresh();
  } catch (error) {
    ledger.close();
    throw error;
  }
  return ledger;
}

class ObjectLedger implements SharedLedger {
  readonly #object: LedgerObject;
  readonly #path: string;
  readonly #hooks: Required<SharedLedgerHooks>;
  #database: LedgerDatabase;
  #etag: string | undefined;
  /** Changes of this process come one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(object: LedgerObject, path: string, hooks: SharedLedgerHooks) {
    this.#object = object;
    this.#hooks = { onRead: () => Promise.resolve(), pause: (ms) => setTimeout(ms), ...hooks };
    this.#path = path;
    rmSync(path, { force: true });
    this.#database = this.#open();
  }

  #open(): LedgerDatabase {
    const database = openDatabase(this.#path, this.#object.shown, "own");
    database.exec(changesTable);
    return database;
  }

  prepare(sql: string): ReturnType<Ledger["prepare"]> {
    return this.#database.prepare(sql);
  }

  exec(sql: string): void {
    this.#database.exec(sql);
  }

  refresh(): Promise<boolean> {
    return this.#inTurn(() => this.#pull());
  }

  change<Result>(name: string, action: () => Result): Promise<Result> {
    return this.#inTurn(() => this.#change(name, action));
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
    rmSync(this.#path, { force: true });
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #pull(): Promise<boolean> {
    const found = await this.#object.read(this.#etag);
    if (found === "same") return false;
    if (found === undefined) {
      if (this.#etag === undefined) return false;
      throw new HalfpriceError("LEDGER_DAMAGED", {
        path: this.#object.shown,
        reason: "it was there a moment ago, and is not any more",
        workspace: this.#object.shown,
      });
    }
    await this.#replace(found.bytes);
    await this.#hooks.onRead(this);
    this.#etag = found.etag;
    return true;
  }

  /** Works with another state from here on. */
  async #replace(bytes: Buffer): Promise<void> {
    let plain: Buffer;
    try {
      plain = await decompress(bytes);
    } catch (cause) {
      const reason = `it cannot be unpacked: ${(cause as Error).message}`;
      const path = this.#object.shown;
      throw new HalfpriceError("LEDGER_DAMAGED", { path, reason, workspace: path }, { cause });
    }
    this.#database.close();
    writeFileSync(this.#path, plain, { mode: 0o600 });
    this.#database = this.#open();
  }

  /** Forgets what was changed in the copy: the last state that was put or read is taken again. */
  async #reset(): Promise<void> {
    this.#etag = undefined;
    const isThere = await this.#pull();
    if (isThere) return;
    this.#database.close();
    rmSync(this.#path, { force: true });
    this.#database = this.#open();
  }

  async #change<Result>(name: string, action: () => Result): Promise<Result> {
    const id = randomUUID();
    /** What each try came to: one whose answer was lost may turn out to have been made. */
    const results: Result[] = [];
    let pauseMs = firstPauseMs;
    for (;;) {
      const before = this.#countChanges();
      let result: Result;
      try {
        result = changeDatabase(this.#database, name, () => {
          const decided = action();
          if (this.#countChanges() > before) this.#name(`${id} ${results.length}`);
          return decided;
        });
      } catch (error) {
        // It may have been decided on what is not true any more.
        if (await this.#pull()) continue;
        throw error;
      }
      if (this.#countChanges() === before) {
        if (await this.#pull()) continue;
        return result;
      }
      results.push(result);
      if (await this.#put()) {
        crashPoint(`ledger: ${name} put`);
        return result;
      }
      await this.#reset();
      const made = this.#findMade(id);
      if (made !== undefined) return results[made] as Result;
      if (results.length >= tries) throw new HalfpriceError("LEDGER_BUSY", { ledger: this.#object.shown, tries });
      await this.#hooks.pause(Math.random() * pauseMs);
      pauseMs = Math.min(longestPauseMs, pauseMs * 2);
    }
  }

  /** @returns false where the state on S3 is another one, or it is not known whether this one was put */
  async #put(): Promise<boolean> {
    const bytes = await compress(readFileSync(this.#path), { level: 1 });
    try {
      const etag = await this.#object.write(bytes, this.#etag);
      if (etag === undefined) return false;
      this.#etag = etag;
      return true;
    } catch (error) {
      if (isUncertain(error)) return false;
      await this.#reset().catch(() => undefined);
      throw error;
    }
  }

  #name(name: string): void {
    this.#database.prepare(insertChange).run(name);
    this.#database.prepare(dropChanges).run(namesKept);
  }

  /** Which try of a change is in the state that was just read. */
  #findMade(id: string): number | undefined {
    const [row] = this.#database.prepare(selectChange).all(id, `${id}!`) as { name: string }[];
    return row === undefined ? undefined : Number(row.name.slice(id.length + 1));
  }

  #countChanges(): number {
    const row = this.#database.prepare("SELECT total_changes() AS count").get() as { count: number };
    return Number(row.count);
  }
}

/** The answer was lost, or the service had a trouble of its own: the write may have been made all the same. */
function isUncertain(error: unknown): boolean {
  if (!isError(error)) return false;
  return error.code === "UNREACHABLE" || (error.code === "SERVICE_REFUSED" && error.details.status >= 500);
}
