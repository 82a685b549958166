import { filesOf } from "../workspace/files/shared-workspace.ts";

/**
 * Lets every machine see a file or folder of a workspace, by its path below it, as it is now; nothing is to be done where the workspace is a
 * folder. What was accepted is accepted once this has returned.
 * @param workspace its folder on this disk
 * @throws SERVICE_REFUSED, UNREACHABLE
 */
export function publishFiles(workspace: string, path: string): Promise<void> {
  return filesOf(workspace).publish(path);
}

/** Brings what other machines have published below a path to this disk. @throws SERVICE_REFUSED, UNREACHABLE */
export function fetchFiles(workspace: string, path: string): Promise<void> {
  return filesOf(workspace).fetch(path);
}

/** Removes a file, or a folder with everything below it, for every machine. @throws SERVICE_REFUSED, UNREACHABLE */
export function removeFiles(workspace: string, path: string): Promise<void> {
  return filesOf(workspace).remove(path);
}
