/** Puts files on the disk so that a power cut loses none: contents first, then the name, then the folder that has the name. */

import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { crashPoint } from "./crash-point.ts";
import { defined } from "./defined.ts";

/**
 * Commits a file that was written whole under a temporary name (`<path>.tmp` unless said): its bytes are flushed, it is renamed,
 * and its folder is flushed, without which a power cut may take the name back. So the name never stands for less than the
 * file, and what is written down later (the ledger) never speaks of a file that is not there.
 */
export function commitFile(path: string, temporary = `${path}.tmp`): void {
  syncFile(temporary);
  crashPoint(`${basename(path)} written`);
  renameSync(temporary, path);
  syncFolder(dirname(path));
  crashPoint(`${basename(path)} in place`);
}

/** Writes a text to a file, whole or not at all. */
export function commitText(path: string, text: string, mode?: number): void {
  writeFileSync(`${path}.tmp`, text, mode === undefined ? {} : { mode });
  commitFile(path);
}

/** Makes a folder and what is missing above it, on the disk when this returns. */
export function makeFolder(path: string, mode?: number): void {
  const first = mkdirSync(path, { recursive: true, ...defined({ mode }) });
  if (first === undefined) return;
  const top = dirname(resolve(first));
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    syncFolder(folder);
    if (folder === top || folder === dirname(folder)) return;
  }
}

/** Flushes a file's bytes. What was flushed already costs next to nothing. */
export function syncFile(path: string): void {
  const file = openSync(path, "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Flushes which names a folder has. Where the system cannot (Windows, some network disks), it does so by itself or not at all. */
export function syncFolder(path: string): void {
  let folder: number;
  try {
    folder = openSync(path, "r");
  } catch (error) {
    if (isUnable(error)) return;
    throw error;
  }
  try {
    fsyncSync(folder);
  } catch (error) {
    if (!isUnable(error)) throw error;
  } finally {
    closeSync(folder);
  }
}

/** Flushes a folder with everything in it, and the folder that it is in. */
export function syncTree(path: string): void {
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) visit(join(folder, entry.name));
      else if (entry.isFile()) syncFile(join(folder, entry.name));
    }
    syncFolder(folder);
  };
  visit(path);
  syncFolder(dirname(path));
}

const isUnable = (error: unknown): boolean =>
  /^(EISDIR|EPERM|EINVAL|ENOTSUP|ENOSYS)$/.test((error as NodeJS.ErrnoException).code ?? "");
