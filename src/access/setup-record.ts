import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { commitText, makeFolder } from "../foundation/commit-file.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import type { Origin } from "../foundation/types/index.ts";
import type { PartKey } from "./part.ts";

/** One thing that setup made or changed, and how it was before: what `--undo` goes by. */
export interface RecordedPart {
  readonly origin: Origin;
  readonly key: PartKey;
  /** Null where it was not there. */
  readonly before: unknown;
  readonly after: unknown;
}

interface RecordFile {
  readonly version: 1;
  readonly parts: readonly RecordedPart[];
}

const isSameThing = (a: RecordedPart, b: Pick<RecordedPart, "origin" | "key">): boolean =>
  JSON.stringify([a.origin, a.key]) === JSON.stringify([b.origin, b.key]);

/** @throws UNREADABLE_FILE, NEWER_FILE */
export function readRecord(path: string): readonly RecordedPart[] {
  if (!existsSync(path)) return [];
  let file: Partial<RecordFile> | null;
  try {
    file = JSON.parse(readFileSync(path, "utf8")) as Partial<RecordFile> | null;
  } catch (cause) {
    throw new HalfpriceError("UNREADABLE_FILE", { path, reason: (cause as Error).message }, { cause });
  }
  const version: unknown = file?.version;
  if (typeof version === "number" && version > 1) {
    throw new HalfpriceError("NEWER_FILE", { path, version: String(version), known: 1 });
  }
  if (version === 1 && Array.isArray(file?.parts)) return file.parts;
  throw new HalfpriceError("UNREADABLE_FILE", { path, reason: "it is not what setup writes" });
}

function writeRecord(path: string, parts: readonly RecordedPart[]): void {
  makeFolder(dirname(path), 0o700);
  commitText(path, `${JSON.stringify({ version: 1, parts } satisfies RecordFile, null, 2)}\n`, 0o600);
}

/** Notes a part before it is written. What was there before the first time stays what `--undo` brings back. */
export function recordPart(path: string, part: RecordedPart): void {
  const parts = readRecord(path);
  const earlier = parts.find((each) => isSameThing(each, part));
  const kept = { ...part, before: earlier === undefined ? part.before : earlier.before };
  writeRecord(path, earlier === undefined ? [...parts, kept] : parts.map((each) => (each === earlier ? kept : each)));
}

/** Removes a part from the record of what setup made. */
export function forgetPart(path: string, part: Pick<RecordedPart, "origin" | "key">): void {
  writeRecord(
    path,
    readRecord(path).filter((each) => !isSameThing(each, part)),
  );
}
