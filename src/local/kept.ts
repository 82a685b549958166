/** A small JSON document that outlives the process: read at the start, written whole at every change. */
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";

export interface Kept<T> {
  /** As it is on disk, or will be once the changes under way are. */
  readonly value: T;
  /** Changes it and resolves when the change is on disk. What `change` throws calls it off. */
  update(change: (value: T) => T): Promise<void>;
}

export async function openKept<T>(path: string, initial: T): Promise<Kept<T>> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  let value = text === undefined ? initial : (JSON.parse(text) as T);
  let writing: Promise<void> = Promise.resolve();
  return {
    get value() {
      return value;
    },
    update(change) {
      value = change(value);
      const written = writing.then(() => writeWhole(path, JSON.stringify(value)));
      writing = written.catch(() => undefined);
      return written;
    },
  };
}

async function writeWhole(path: string, text: string): Promise<void> {
  const handle = await open(`${path}.new`, "w", 0o600);
  await handle.writeFile(text);
  await handle.datasync();
  await handle.close();
  await rename(`${path}.new`, path);
}
