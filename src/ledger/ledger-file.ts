import { statSync } from "node:fs";
import { join } from "node:path";
import { HalfpriceError } from "../foundation/errors/index.ts";

/** Where the ledger of a workspace is: to see whether there is one, none has to be opened. */
export const ledgerFile = (workspace: string): string => join(workspace, "ledger.db");

/** Stops where the workspace's name is taken by something that is no folder, or stands below it. @throws BAD_WORKSPACE */
export function refuseFile(workspace: string): void {
  try {
    if (statSync(workspace, { throwIfNoEntry: false })?.isDirectory() !== false) return;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code !== "ENOTDIR" && code !== "ENAMETOOLONG") throw cause;
    throw new HalfpriceError("BAD_WORKSPACE", { workspace, reason: message }, { cause });
  }
  throw new HalfpriceError("BAD_WORKSPACE", { workspace, reason: "it is a file" });
}
