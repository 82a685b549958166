import fs, { readdirSync, statSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { onTestFinished } from "vitest";
import { watchPoints } from "../../src/foundation/crash-point.ts";

/** What would be left of a folder if the power were cut now, and what was done to the disk until now. */
export interface WatchedDisk {
  /** Each in its order: `fsync NAME`, `fsync folder NAME`, `rename NAME`, and the points of the work (ledger, calls). */
  readonly events: readonly string[];
  /** What a power cut could take: files whose bytes, and names whose folder, were not flushed since they changed. */
  findUnsafe(directory: string, isLeftOut?: (path: string) => boolean): string[];
  /** Does some work under the disk's eyes. @param onPoint is told each point of the work, as it comes to it */
  during<Result>(work: () => Promise<Result>, onPoint: (point: string) => void): Promise<Result>;
}

/**
 * Watches what this process flushes and renames: Node's own functions are taken by ones that note what they did, until the test
 * ends.
 * @param isForgotten a flush that is done, and not noted: as if the code had left it out
 */
export function watchDisk(isForgotten: (event: string) => boolean = () => false): WatchedDisk {
  const events: string[] = [];
  const paths = new Map<number, string>();
  /** Inode → how the file was when it was flushed. */
  const files = new Map<number, string>();
  /** Inode → which names the folder had when it was flushed. */
  const folders = new Map<number, ReadonlySet<string>>();
  const own = { openSync: fs.openSync, fsyncSync: fs.fsyncSync, fdatasync: fs.fdatasync, renameSync: fs.renameSync };
  const describe = (path: string): string => {
    const { ino, size, mtimeMs } = statSync(path);
    return `${ino} ${size} ${mtimeMs}`;
  };
  const namesOf = (folder: string): string[] =>
    readdirSync(folder).map((name) => `${name} ${statSync(join(folder, name), { throwIfNoEntry: false })?.ino}`);
  const note = (file: number): void => {
    const path = paths.get(file);
    if (path === undefined) return;
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return;
    const event = stat.isDirectory() ? `fsync folder ${basename(path)}` : `fsync ${basename(path)}`;
    if (isForgotten(event)) return;
    events.push(event);
    if (stat.isDirectory()) folders.set(stat.ino, new Set(namesOf(path)));
    else files.set(stat.ino, describe(path));
  };
  const restore = (): void => {
    Object.assign(fs, own);
    syncBuiltinESMExports();
  };
  Object.assign(fs, {
    openSync(...args: Parameters<typeof own.openSync>) {
      const file = own.openSync(...args);
      paths.set(file, resolve(String(args[0])));
      return file;
    },
    fsyncSync(file: number) {
      own.fsyncSync(file);
      note(file);
    },
    fdatasync(file: number, done: (error: NodeJS.ErrnoException | null) => void) {
      // What is written while it flushes is not flushed.
      const path = paths.get(file) ?? "";
      const before = statSync(path, { throwIfNoEntry: false });
      own.fdatasync(file, (error) => {
        if (error === null && before !== undefined && !isForgotten(`fsync ${basename(path)}`)) {
          events.push(`fsync ${basename(path)}`);
          files.set(before.ino, `${before.ino} ${before.size} ${before.mtimeMs}`);
        }
        done(error);
      });
    },
    renameSync(from: string, to: string) {
      own.renameSync(from, to);
      events.push(`rename ${basename(to)}`);
    },
  });
  syncBuiltinESMExports();
  onTestFinished(restore);
  return {
    events,
    findUnsafe(directory, isLeftOut = () => false) {
      const problems: string[] = [];
      const visit = (path: string): void => {
        if (isLeftOut(path)) return;
        const { ino } = statSync(path);
        const parent = dirname(path);
        if (folders.get(statSync(parent).ino)?.has(`${basename(path)} ${ino}`) !== true) {
          problems.push(`name of ${path.slice(directory.length + 1) || basename(path)}`);
        }
        if (statSync(path).isDirectory()) for (const name of readdirSync(path)) visit(join(path, name));
        else if (files.get(ino) !== describe(path)) problems.push(`bytes of ${path.slice(directory.length + 1)}`);
      };
      visit(directory);
      return problems;
    },
    during: (work, onPoint) =>
      watchPoints((point) => {
        events.push(point);
        onPoint(point);
      }, work),
  };
}
