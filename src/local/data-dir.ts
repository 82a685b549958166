/**
 * The one owner of a data directory. Two services that wrote the same files would lose each other's work, so whoever is
 * second is told where the first one listens.
 */
import { randomUUID } from "node:crypto";
import { link, mkdir, readFile, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";

export interface Owner {
  readonly pid: number;
  /** Where it listens; undefined while it is starting. */
  readonly url: string | undefined;
  /** When it took the directory, in milliseconds since 1970. */
  readonly takenAtMs: number;
}

/** Thrown to the second one that asks for a directory. */
export class DataDirInUse extends Error {
  override readonly name = "DataDirInUse";
  readonly code = "DATA_DIR_IN_USE";
  readonly dataDir: string;
  readonly owner: Owner;
  constructor(dataDir: string, owner: Owner) {
    const where = owner.url === undefined ? "is starting" : `listens on ${owner.url}`;
    super(`${dataDir} belongs to another local service: process ${owner.pid}, which ${where}.`);
    this.dataDir = dataDir;
    this.owner = owner;
  }
}

export interface DataDirLock {
  /** Writes down where the owner can be reached. */
  setUrl(url: string): Promise<void>;
  release(): Promise<void>;
}

const lockFile = (dataDir: string): string => join(dataDir, "owner.json");
/** A start takes well under a second: an owner without an address that is older than this died while starting. */
const longestStartMs = 30_000;
const longestTurnMs = 10_000;

/** The live owner of a directory, or undefined. */
export async function findOwner(dataDir: string): Promise<Owner | undefined> {
  const owner = await readOwner(lockFile(dataDir));
  return owner !== undefined && (await isAlive(owner)) ? owner : undefined;
}

/**
 * Makes the directory where it is missing and takes it.
 * @throws DataDirInUse where a live process has it
 */
export async function takeDataDir(dataDir: string): Promise<DataDirLock> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const path = lockFile(dataDir);
  const mine = `${path}.${process.pid}.${randomUUID()}`;
  let owner: Owner = { pid: process.pid, url: undefined, takenAtMs: Date.now() };
  await writeFile(mine, JSON.stringify(owner));
  try {
    for (;;) {
      // A hard link is made whole or not at all, and never over another: no reader sees half a lock.
      const isMine = await link(mine, path).then(
        () => true,
        (error: NodeJS.ErrnoException) => {
          if (error.code === "EEXIST") return false;
          throw error;
        },
      );
      if (isMine) break;
      const other = await readOwner(path);
      if (other !== undefined && (await isAlive(other))) throw new DataDirInUse(dataDir, other);
      await removeStale(path);
    }
  } finally {
    await rm(mine, { force: true });
  }
  return {
    async setUrl(url) {
      owner = { ...owner, url };
      await writeFile(mine, JSON.stringify(owner));
      await rename(mine, path);
    },
    release: () => rm(path, { force: true }),
  };
}

/**
 * Removes a dead owner's lock, one taker at a time: whoever removed it on what it read a moment ago might remove the lock
 * of a taker that was faster.
 */
async function removeStale(path: string): Promise<void> {
  const turn = `${path}.turn`;
  try {
    await mkdir(turn);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const { mtimeMs } = await stat(turn).catch(() => ({ mtimeMs: Date.now() }));
    // A turn takes milliseconds: this one's taker is dead, too.
    if (Date.now() - mtimeMs > longestTurnMs) await rmdir(turn).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 5));
    return;
  }
  try {
    const text = await readLock(path);
    // Where there is none any more, the next one that appears is a live taker's.
    if (text === undefined) return;
    const other = parseOwner(text);
    if (other === undefined || !(await isAlive(other))) await rm(path, { force: true });
  } finally {
    await rmdir(turn);
  }
}

async function readOwner(path: string): Promise<Owner | undefined> {
  const text = await readLock(path);
  return text === undefined ? undefined : parseOwner(text);
}

function readLock(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}

/** @returns undefined where it is not a lock that this program wrote: nobody can be behind it */
function parseOwner(text: string): Owner | undefined {
  try {
    const { pid, url, takenAtMs } = JSON.parse(text) as Partial<Owner>;
    return typeof pid === "number" && typeof takenAtMs === "number" ? { pid, url, takenAtMs } : undefined;
  } catch {
    return undefined;
  }
}

/** A process number may have gone to a stranger since: an owner that has an address must also answer there. */
async function isAlive(owner: Owner): Promise<boolean> {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  if (owner.url === undefined) return Date.now() - owner.takenAtMs < longestStartMs;
  const { hostname, port } = new URL(owner.url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) });
    const settle = (isOpen: boolean): void => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once("connect", () => settle(true));
    socket.once("error", () => settle(false));
    socket.setTimeout(2000, () => settle(true));
  });
}
