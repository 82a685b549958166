/**
 * A file of JSON lines that only grows: a change is done once its line is on the disk. Changes that come while a flush is
 * under way go together into the next one, so a hundred writers cost as much as one.
 */
import { type FileHandle, open, readFile, rename } from "node:fs/promises";

export interface Journal<T> {
  /** Resolves when the line is on the disk. `apply` runs then, before the next batch is decided. */
  append(entry: JournalEntry<T>): Promise<void>;
  /** Waits for what is under way and closes the file. */
  close(): Promise<void>;
}

export interface JournalEntry<T> {
  /** Entries that share a topic are decided one after the other, each knowing of the one before. */
  readonly topics: readonly string[];
  /** Decides, when its turn has come, what is written. What it throws goes to the caller, and nothing is written. */
  readonly decide: () => T;
  readonly apply: (line: T) => void;
}

/** The lines of a journal, oldest first; a last line that was cut off by a crash is dropped. */
export async function readJournal<T>(path: string): Promise<T[]> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return Buffer.alloc(0);
    throw error;
  });
  const entries: T[] = [];
  let start = 0;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
    try {
      entries.push(JSON.parse(bytes.toString("utf8", start, end)) as T);
    } catch (error) {
      throw new Error(`${path} is damaged at byte ${start}`, { cause: error });
    }
    start = end + 1;
  }
  if (start < bytes.byteLength) {
    const handle = await open(path, "r+");
    await handle.truncate(start);
    await handle.close();
  }
  return entries;
}

/** Writes a journal anew: under another name, flushed, then renamed. */
export async function rewriteJournal<T>(path: string, entries: Iterable<T>): Promise<void> {
  const handle = await open(`${path}.new`, "w", 0o600);
  let pending: string[] = [];
  for (const entry of entries) {
    pending.push(`${JSON.stringify(entry)}\n`);
    if (pending.length < 1000) continue;
    await handle.appendFile(pending.join(""));
    pending = [];
  }
  await handle.appendFile(pending.join(""));
  await handle.datasync();
  await handle.close();
  await rename(`${path}.new`, path);
}

interface Waiting<T> extends JournalEntry<T> {
  resolve(): void;
  reject(error: unknown): void;
}

export async function openJournal<T>(path: string): Promise<Journal<T>> {
  const handle = await open(path, "a", 0o600);
  let queue: Waiting<T>[] = [];
  let draining: Promise<void> | undefined;

  const drain = async (): Promise<void> => {
    // Entries that arrive in the same turn belong together.
    await Promise.resolve();
    while (queue.length > 0) {
      const topics = new Set<string>();
      const later: Waiting<T>[] = [];
      const batch: { waiting: Waiting<T>; line: T }[] = [];
      for (const waiting of queue) {
        if (waiting.topics.some((topic) => topics.has(topic))) {
          later.push(waiting);
          continue;
        }
        try {
          batch.push({ waiting, line: waiting.decide() });
          for (const topic of waiting.topics) topics.add(topic);
        } catch (error) {
          waiting.reject(error);
        }
      }
      queue = later;
      if (batch.length > 0) await flush(handle, batch);
    }
    draining = undefined;
  };

  return {
    append: (entry) =>
      new Promise<void>((resolve, reject) => {
        queue.push({ ...entry, resolve, reject });
        draining ??= drain();
      }),
    async close() {
      await draining;
      await handle.close();
    },
  };
}

async function flush<T>(handle: FileHandle, batch: readonly { waiting: Waiting<T>; line: T }[]): Promise<void> {
  const { size } = await handle.stat();
  try {
    await handle.appendFile(batch.map(({ line }) => `${JSON.stringify(line)}\n`).join(""));
    await handle.datasync();
  } catch (error) {
    // A disk that is full may have taken half a line.
    await handle.truncate(size).catch(() => undefined);
    for (const { waiting } of batch) waiting.reject(error);
    return;
  }
  for (const { waiting, line } of batch) {
    waiting.apply(line);
    waiting.resolve();
  }
}
