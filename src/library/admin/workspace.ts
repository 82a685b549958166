import { type CopiedWorkspace, copyWorkspace as copyFiles } from "../../workspace/copy-workspace.ts";
import type { SessionOptions } from "../batch-options.ts";
import { readLibraryConfig } from "../library-session.ts";
import { refuseUnknownOptions } from "../option-names.ts";

/**
 * Copies a workspace with all its runs into one that has none yet; each is a folder or `s3://bucket/prefix`. Nothing is sent, and the source stays
 * as it is: work on with one of the two.
 * @throws WORKSPACE_IN_USE, SERVICE_REFUSED, UNREACHABLE, DISK
 */
export async function copyWorkspace(
  from: string,
  to: string,
  options: Omit<SessionOptions, "workspace"> = {},
): Promise<CopiedWorkspace> {
  refuseUnknownOptions(options, [], "copyWorkspace");
  const read = (workspace: string): ReturnType<typeof readLibraryConfig> =>
    readLibraryConfig({ ...options, workspace });
  return copyFiles(await read(from), await read(to));
}
