import { appendFileSync, closeSync, fdatasync, openSync } from "node:fs";
import { dirname } from "node:path";
import { makeFolder, syncFolder } from "../foundation/commit-file.ts";
import { crashPoint } from "../foundation/crash-point.ts";

/** A file of answers that grows line by line, each of which was paid for. */
export interface AnswerFile {
  /** Adds a line. Resolves when it is on the disk: the lines that came while it flushed are flushed together. */
  append(line: string): Promise<void>;
  close(): void;
}

/** Opens a file of answers, and makes it and its folder where they are missing: both are on the disk before anything is asked. */
export function openAnswerFile(path: string): AnswerFile {
  makeFolder(dirname(path));
  const file = openSync(path, "a");
  syncFolder(dirname(path));
  const flush = (): Promise<void> =>
    new Promise((resolve, reject) => {
      fdatasync(file, (error) => (error === null ? resolve() : reject(error)));
    });
  let running: Promise<void> = Promise.resolve();
  /** The flush that has not begun yet: it takes everything that is written until it does. */
  let next: Promise<void> | undefined;
  return {
    append(line) {
      appendFileSync(file, line);
      crashPoint("answer on disk");
      next ??= running.then(() => {
        next = undefined;
        running = flush();
        return running;
      });
      return next;
    },
    close: () => closeSync(file),
  };
}
