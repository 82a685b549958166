import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { commitText } from "../../foundation/commit-file.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { mostParts } from "../../workspace/part-files.ts";
import { partsFile, type RunPaths } from "../../workspace/run-folder.ts";
import type { InputFile, InputFiles } from "../input/input-files.ts";

/** How large parts are; a part ends with the file that reaches a bound. */
export interface PartSize {
  /** Files at most. */
  readonly mostFiles?: number;
  /** Bytes at most; one file that is larger is a part of its own. */
  readonly mostBytes?: number;
  /** What the jobs of a part have in S3 goes once it is joined. @defaultValue false */
  readonly removesJoined?: boolean;
}

/** A part's files. */
export interface PartSlice {
  /** From 1. */
  readonly part: number;
  readonly sizeBytes: number;
  /** Absent where one of its files does not say. */
  readonly rowCount?: number;
  readonly files: readonly InputFile[];
}

/** The files of a run, part by part. */
export interface PartList {
  readonly pathNames: readonly string[];
  readonly parts: readonly PartSlice[];
}

/** Puts files into parts, in their order. Pure. @throws BAD_OPTIONS where there would be more parts than names */
export function cutParts({ list, pathNames }: InputFiles, { mostFiles, mostBytes }: PartSize): PartList {
  const parts: PartSlice[] = [];
  let files: InputFile[] = [];
  let sizeBytes = 0;
  const end = (): void => {
    if (files.length === 0) return;
    const rows = files.flatMap((file) => file.rowCount ?? []);
    const isCounted = rows.length === files.length;
    const rowCount = isCounted ? { rowCount: rows.reduce((sum, count) => sum + count, 0) } : {};
    parts.push({ part: parts.length + 1, sizeBytes, ...rowCount, files });
    files = [];
    sizeBytes = 0;
  };
  for (const file of list) {
    const isFull = files.length >= (mostFiles ?? Infinity) || sizeBytes + file.sizeBytes > (mostBytes ?? Infinity);
    if (isFull) end();
    files.push(file);
    sizeBytes += file.sizeBytes;
  }
  end();
  if (parts.length > mostParts) {
    const problems = [
      `there would be ${parts.length.toLocaleString("en-US")} parts; a run has at most ${mostParts.toLocaleString("en-US")}: raise --part-files or --part-bytes`,
    ];
    throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice run" });
  }
  return { pathNames, parts };
}

/** Writes down what was listed, below the run's directory. */
export function writePartList({ directory }: Pick<RunPaths, "directory">, list: PartList): void {
  commitText(join(directory, partsFile), `${JSON.stringify({ version: 1, ...list })}\n`);
}

/** What was listed when the run was planned. @throws RUN_DAMAGED */
export function readPartList({ directory }: Pick<RunPaths, "directory">, runId: string): PartList {
  const path = join(directory, partsFile);
  try {
    return JSON.parse(readFileSync(path, "utf8")) as PartList;
  } catch (cause) {
    const problem = existsSync(path) ? "unreadable" : "gone";
    const details = { runId, hasEnded: false, problem, path, reason: (cause as Error).message } as const;
    throw new HalfpriceError("RUN_DAMAGED", details, { cause });
  }
}

/** A part of a run. @throws BAD_OPTIONS where it has none of this number */
export function getSlice(list: PartList, part: number): PartSlice {
  const found = list.parts[part - 1];
  if (found !== undefined) return found;
  const problems = [`there is no part ${part}; the run has parts 1 to ${list.parts.length}`];
  throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice part" });
}
