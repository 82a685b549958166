import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

/** A file as it was when it and its object were last the same. */
export interface CopyNote {
  readonly etag: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
}

/** Which objects the copies on this disk are of: a small file beside each, so that processes do not lose each other's. */
export interface CopyNotes {
  get(path: string): CopyNote | undefined;
  set(path: string, note: CopyNote): void;
  drop(path: string): void;
  /** The paths at or below a path that have a note. */
  below(path: string): string[];
}

const ending = ".json";

/** The notes of a folder of copies, by the copies' paths below the workspace. A note that is lost costs a transfer, and nothing else. */
export function openCopyNotes(folder: string): CopyNotes {
  const toFile = (path: string): string => join(folder, `${path}${ending}`);
  return {
    get(path) {
      try {
        return JSON.parse(readFileSync(toFile(path), "utf8")) as CopyNote;
      } catch {
        return undefined;
      }
    },
    set(path, note) {
      const file = toFile(path);
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeFileSync(`${file}.${process.pid}`, JSON.stringify(note), { mode: 0o600 });
      renameSync(`${file}.${process.pid}`, file);
    },
    drop: (path) => rmSync(toFile(path), { force: true }),
    below(path) {
      const single = statSync(toFile(path), { throwIfNoEntry: false })?.isFile() === true ? [path] : [];
      const top = join(folder, path);
      if (statSync(top, { throwIfNoEntry: false })?.isDirectory() !== true) return single;
      const found = readdirSync(top, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
        .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"));
      return [...single, ...found.map((name) => name.slice(0, -ending.length))];
    },
  };
}
