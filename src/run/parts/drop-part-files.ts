import { existsSync, readdirSync } from "node:fs";
import { filesOf } from "../../workspace/files/shared-workspace.ts";
import { runPaths } from "../../workspace/run-folder.ts";
import { ifAllowed } from "./if-allowed.ts";

/** What stays of a part: what was asked and planned says what it has cost. */
const kept: readonly string[] = ["run.json", "plan.json", "join.lock", "join.json"];

/**
 * Removes what nobody needs of a part that is joined: its rows are in the run's results, and its answers are found there. Where the caller
 * may not remove what others see, it stays.
 */
export async function dropPartFiles(workspace: string, runId: string): Promise<void> {
  const { directory } = runPaths(workspace, runId);
  if (!existsSync(directory)) return;
  for (const name of readdirSync(directory)) {
    if (kept.includes(name)) continue;
    await ifAllowed(() => filesOf(workspace).remove(`runs/${runId}/${name}`));
  }
}
