import { join } from "node:path";

/** What setup made, for `--undo`; in the workspace. */
export const recordPath = (workspace: string): string => join(workspace, "setup.json");
