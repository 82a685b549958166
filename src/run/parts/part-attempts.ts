import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { commitText, makeFolder } from "../../foundation/commit-file.ts";
import { partFolder } from "../../workspace/part-files.ts";

/** How often each part is tried, below the workspace; absent while all are tried once. */
export const attemptsFile = (runId: string): string => `${partFolder(runId)}/attempts.json`;

/** How often each part is tried, for those that are tried more than once. Decided by whoever drives the run, and by nobody else. */
export function readAttempts(workspace: string, runId: string): ReadonlyMap<number, number> {
  const path = join(workspace, attemptsFile(runId));
  if (!existsSync(path)) return new Map();
  const found = JSON.parse(readFileSync(path, "utf8")) as Record<string, number>;
  return new Map(Object.entries(found).map(([part, attempt]) => [Number(part), attempt]));
}

/** Says which parts are tried again, and for the how manieth time. */
export function writeAttempts(workspace: string, runId: string, attempts: ReadonlyMap<number, number>): void {
  const path = join(workspace, attemptsFile(runId));
  makeFolder(dirname(path));
  commitText(path, `${JSON.stringify(Object.fromEntries(attempts))}\n`);
}
