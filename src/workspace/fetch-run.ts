import { basename, dirname } from "node:path";
import { filesOf } from "./files/shared-workspace.ts";
import type { WorkspaceFiles } from "./files/workspace-files.ts";
import { type RunPaths, refuseCleaned } from "./run-folder.ts";

/** What of a run is needed on this disk. Where the workspace is a folder of it, everything is there. */
export type RunNeed =
  /** What was asked and planned, and what people have said of it. */
  | "description"
  /** The answers that were asked on demand as well. */
  | "asked"
  /** Its table as well. */
  | "answers"
  /** Which records it has, and which are sent in which round. */
  | "records"
  /** Everything but the lines that are sent. */
  | "table"
  | "all";

const wanted: Readonly<Record<RunNeed, RegExp>> = {
  description: /^[^/]+\.json$/,
  asked: /^(?:[^/]+\.json|output\/on-demand\/.+)$/,
  answers: /^(?:[^/]+\.json|results\.parquet|results\/[^/]+\.parquet)$/,
  records: /\.(?:json|parquet)$/,
  table: /^(?!input\/.*\.jsonl$)/,
  all: /^/,
};

type Folder = Pick<RunPaths, "directory">;

/** Brings what others have written of a run to this disk. @throws SERVICE_REFUSED, UNREACHABLE where the workspace is on S3 */
export async function fetchRun({ directory }: Folder, need: RunNeed): Promise<void> {
  const { files, path } = locate(directory);
  await files.fetch(path, (each) => wanted[need].test(each.slice(path.length + 1)));
}

/** Lets others see a run's folder as it is now, or one file or folder of it. @throws SERVICE_REFUSED, UNREACHABLE where the workspace is on S3 */
export async function publishRun({ directory }: Folder, name?: string): Promise<void> {
  const { files, path } = locate(directory);
  await files.publish(name === undefined ? path : `${path}/${name}`);
}

/** Brings the table of a run that has ended to this disk. @throws RUN_CLEANED, RUN_DAMAGED where there is none, or it is not whole */
export async function needTable(paths: Pick<RunPaths, "directory" | "results">): Promise<void> {
  await fetchRun(paths, "answers");
  refuseCleaned(paths, paths.results);
}

function locate(directory: string): { readonly files: WorkspaceFiles; readonly path: string } {
  return { files: filesOf(dirname(dirname(directory))), path: `runs/${basename(directory)}` };
}
