import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Ledger } from "../../ledger/open-ledger.ts";
import { readParts } from "../../ledger/parts.ts";
import { readShards, type ShardRow } from "../../ledger/shards.ts";
import { joinedFile, preparedFile } from "../../workspace/part-files.ts";
import { readAttempts } from "./part-attempts.ts";

/** How far a part is. */
export type PartStep =
  /** It has to be prepared. */
  | "prepare"
  /** It is prepared; its jobs have to be made. */
  | "submit"
  /** Its jobs are under way. */
  | "wait"
  /** All of its jobs have ended: it has to be joined. */
  | "join"
  /** Its rows are joined. */
  | "done";

/** A part of a run, and what is to be done with it. */
export interface PartState {
  readonly part: number;
  readonly step: PartStep;
  /** From 1; each further time sends again what got no good answer. */
  readonly attempt: number;
  /** The run that does it; absent until the ledger knows it. */
  readonly runId?: string;
  /** What waits for the driver: a part that is prepared, or joined, and that the ledger does not know so yet. */
  readonly isNews: boolean;
}

/** Whether nothing more comes of a shard that is not here yet. */
export const hasEnded = ({ state, closed }: ShardRow): boolean =>
  state === "collected" || state === "ended" || closed === "gone" || closed === "resent";

/** Whether all jobs of a part have ended, so that it can be joined. @param isStopped what was never sent is not waited for */
export function isJoinable(shards: readonly ShardRow[], isStopped: boolean): boolean {
  const isOver = (shard: ShardRow): boolean =>
    hasEnded(shard) ||
    (isStopped && (shard.state === "waiting" || shard.state === "uploading" || shard.closed === "unknown"));
  return shards.every(isOver);
}

/** How far every part of a run is, part by part: by the files that say what is prepared and joined, and by the ledger. */
export function readPartStates(ledger: Ledger, workspace: string, runId: string, count: number): PartState[] {
  const attempts = readAttempts(workspace, runId);
  const parts = readParts(ledger, runId);
  // The latest run of a part comes last.
  const rows = new Map(parts.map((row) => [row.part, row]));
  const counts = new Map<number, number>();
  for (const { part } of parts) counts.set(part, (counts.get(part) ?? 0) + 1);
  const isThere = (path: string): boolean => existsSync(join(workspace, path));
  return Array.from({ length: count }, (_, index): PartState => {
    const part = index + 1;
    const attempt = attempts.get(part) ?? 1;
    const row = (counts.get(part) ?? 0) >= attempt ? rows.get(part) : undefined;
    const base = { part, attempt, ...(row === undefined ? {} : { runId: row.runId }) };
    if (row?.isJoined === true) return { ...base, step: "done", isNews: false };
    if (isThere(joinedFile(runId, part, attempt))) return { ...base, step: "done", isNews: true };
    if (row === undefined) {
      const isPrepared = isThere(preparedFile(runId, part, attempt));
      return { ...base, step: isPrepared ? "submit" : "prepare", isNews: isPrepared };
    }
    const shards = readShards(ledger, row.runId);
    const isUnsent = shards.length > 0 && shards.every(({ state }) => state === "waiting");
    const step = isJoinable(shards, row.state === "stopped") ? "join" : isUnsent ? "submit" : "wait";
    return { ...base, step, isNews: false };
  });
}
