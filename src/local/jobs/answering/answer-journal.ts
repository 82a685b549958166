/**
 * Answers of a real model, kept while a job runs: they take hours to make, and a process that is killed must not ask for them
 * again. Simulated answers are made anew faster than they could be read.
 */
import { createWriteStream, type WriteStream } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { Outcome } from "../../models/invoke.ts";

export interface AnswerJournal {
  /** What an earlier process was answered for a record. */
  find(index: number): Outcome | undefined;
  note(index: number, outcome: Outcome): void;
  /** Resolves when all that was noted is written. */
  close(): Promise<void>;
  /** Forgets it: the job's output has been written. */
  remove(): Promise<void>;
}

interface Entry {
  readonly index: number;
  readonly outcome: Outcome;
}

export async function openAnswerJournal(path: string): Promise<AnswerJournal> {
  await mkdir(dirname(path), { recursive: true });
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const known = new Map<number, Outcome>();
  // A line that a kill has cut is asked for again; what follows it begins on a line of its own.
  for (const line of text.split("\n")) {
    const entry = parseEntry(line);
    if (entry !== undefined) known.set(entry.index, entry.outcome);
  }
  const stream: WriteStream = createWriteStream(path, { flags: "a" });
  let failure: Error | undefined;
  stream.on("error", (error) => {
    failure = error;
  });
  if (text !== "" && !text.endsWith("\n")) stream.write("\n");
  const close = (): Promise<void> =>
    new Promise((resolve, reject) => {
      if (failure !== undefined) reject(failure);
      else stream.end(() => resolve());
    });
  return {
    find: (index) => known.get(index),
    note(index, outcome) {
      // An error may be gone at the next attempt.
      if (outcome.ok) stream.write(`${JSON.stringify({ index, outcome } satisfies Entry)}\n`);
    },
    close,
    async remove() {
      await close();
      await rm(path, { force: true });
    },
  };
}

function parseEntry(line: string): Entry | undefined {
  try {
    return JSON.parse(line) as Entry;
  } catch {
    return undefined; // empty, or cut in its middle
  }
}
