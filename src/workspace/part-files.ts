import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RunSummary } from "../foundation/types/index.ts";
import type { NewRun } from "../ledger/runs.ts";
import type { RunFile } from "./run-file.ts";
import { runPaths } from "./run-folder.ts";

/** What the run was asked to do, as each part has to read it again. */
export const requestFile = "request.json";

/** More parts than this have no place in the order of their files' names. */
export const mostParts = 99_999;

/** `00012`: names of parts sort as the parts do. */
const toDigits = (part: number): string => String(part).padStart(5, "0");

/** A file of a run's results, below the workspace. */
export const partResults = (runId: string, part: number): string =>
  `runs/${runId}/results/part-${toDigits(part)}.parquet`;

/** The folder with what is known of a part, below the workspace. */
export const partFolder = (runId: string): string => `runs/${runId}/parts`;

const stepFile = (runId: string, part: number, attempt: number, step: "prepared" | "joined"): string =>
  `${partFolder(runId)}/${toDigits(part)}/${step}${attempt === 1 ? "" : `-${attempt}`}.json`;

/** Says that a part is prepared, and which run does it; below the workspace. */
export const preparedFile = (runId: string, part: number, attempt: number): string =>
  stepFile(runId, part, attempt, "prepared");

/** Says that a part is joined, and what it came to. */
export const joinedFile = (runId: string, part: number, attempt: number): string =>
  stepFile(runId, part, attempt, "joined");

/** A part that is prepared: its run, as the ledger is to have it. */
export interface PreparedPart {
  readonly version: 1;
  /** Without rows where the part's files have none. */
  readonly run: NewRun;
}

/** A part that is joined. */
export interface JoinedPart {
  readonly version: 1;
  /** The run that did it. */
  readonly runId: string;
  readonly summary: RunSummary;
  /** The jobs whose output it is made of, each with its manifest as it was read. */
  readonly shards: readonly { readonly index: number; readonly attempt?: number; readonly manifest?: string }[];
}

/** What a file says of a part that is prepared; undefined where it is not there. */
export const readPrepared = (workspace: string, path: string): PreparedPart | undefined =>
  readJson(join(workspace, path)) as PreparedPart | undefined;

/** What a file says of a part that is joined; undefined where it is not there. */
export const readJoined = (workspace: string, path: string): JoinedPart | undefined =>
  readJson(join(workspace, path)) as JoinedPart | undefined;

const readJson = (file: string): unknown => (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined);

/** Whether a draft is the run of a part that is prepared: it is no draft that was left behind. */
export function isPreparedPart(workspace: string, id: string): boolean {
  const { runFile } = runPaths(workspace, id);
  if (!existsSync(runFile)) return false;
  try {
    const { partOf } = JSON.parse(readFileSync(runFile, "utf8")) as Pick<RunFile, "partOf">;
    if (partOf === undefined) return false;
    const path = preparedFile(partOf.runId, partOf.part, partOf.attempt);
    return readPrepared(workspace, path)?.run.id === id;
  } catch {
    // What cannot be read is nobody's.
    return false;
  }
}
