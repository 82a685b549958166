import { existsSync, readFileSync, realpathSync, type Stats, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { commitText } from "../foundation/commit-file.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { exportTable, findOutputFormat } from "../results/export-table.ts";
import { type RunFile, type RunPaths, refuseCleaned } from "./run-folder.ts";
import { withEngine } from "./session.ts";

/** What decides whether a run's table may be written to a file. */
export type OutputRules = Pick<RunFile, "table" | "reads" | "isPartial" | "mayOverwrite" | "timezone">;

/** What a file was like after the run had written it: the same file, unless somebody has changed it since. */
interface WrittenFile {
  readonly path: string;
  readonly device: number;
  readonly inode: number;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/** Which files a run has written for its user, in its directory. */
const writtenFile = ({ directory }: Pick<RunPaths, "directory">): string => join(directory, "written.json");

/**
 * Refuses an output file that would replace something that must stay: a file that the run reads, a file of the workspace, a
 * file that is there where the table is a part only, a table that was edited since the run wrote it.
 * @throws BAD_OUTPUT, OUTPUT_IS_INPUT, OUTPUT_EXISTS
 */
export function checkOutput(rules: OutputRules, paths: RunPaths, path: string): void {
  findOutputFormat(path);
  refuseInputs(path, listReads(rules));
  const found = statSync(path, { throwIfNoEntry: false });
  const workspace = dirname(dirname(paths.directory));
  if (isInside(path, workspace)) throw new HalfpriceError("OUTPUT_IS_INPUT", { path, input: workspace });
  if (found === undefined || rules.mayOverwrite === true) return;
  const written = readWritten(paths).find((each) => each.path === resolve(path));
  if (written !== undefined && isUnchanged(written, found)) return;
  if (written !== undefined)
    throw new HalfpriceError("OUTPUT_EXISTS", { path, reason: "edited", runId: basename(paths.directory) });
  if (rules.isPartial === true)
    throw new HalfpriceError("OUTPUT_EXISTS", { path, reason: "partial", runId: basename(paths.directory) });
}

/** Refuses to write over a file that is read, by whatever name. @throws OUTPUT_IS_INPUT */
export function refuseInputs(path: string, inputs: readonly string[]): void {
  const found = statSync(path, { throwIfNoEntry: false });
  for (const input of inputs) {
    if (isSameFile(path, found, input)) throw new HalfpriceError("OUTPUT_IS_INPUT", { path, input: show(path, input) });
  }
}

/** Writes a run's table into a file of the user's. @throws BAD_OUTPUT, OUTPUT_IS_INPUT, OUTPUT_EXISTS, RUN_CLEANED, DISK */
export async function writeOutput(rules: OutputRules, paths: RunPaths, path: string): Promise<void> {
  refuseCleaned(paths, paths.results);
  checkOutput(rules, paths, path);
  await withEngine(paths, (engine) => exportTable(engine, paths.results, path), rules);
  const { dev: device, ino: inode, size: sizeBytes, mtimeMs: modifiedMs } = statSync(path);
  const own: WrittenFile = { path: resolve(path), device, inode, sizeBytes, modifiedMs };
  const others = readWritten(paths).filter((each) => each.path !== own.path);
  commitText(writtenFile(paths), `${JSON.stringify([...others, own])}\n`);
}

function readWritten(paths: RunPaths): readonly WrittenFile[] {
  try {
    return JSON.parse(readFileSync(writtenFile(paths), "utf8")) as WrittenFile[];
  } catch {
    // Nothing was written yet, or the note was lost: then a file that is there is taken for the user's.
    return [];
  }
}

const isUnchanged = ({ device, inode, sizeBytes, modifiedMs }: WrittenFile, found: Stats): boolean =>
  found.dev === device && found.ino === inode && found.size === sizeBytes && found.mtimeMs === modifiedMs;

/** Runs of older versions do not say what they read; their table and prompt are known by the names that the user gave. */
function listReads({ reads, table }: OutputRules): readonly string[] {
  return reads ?? (existsSync(table.shownPath) ? [resolve(table.shownPath)] : []);
}

function isSameFile(path: string, found: Stats | undefined, input: string): boolean {
  if (resolve(path) === resolve(input)) return true;
  const other = statSync(input, { throwIfNoEntry: false });
  return found !== undefined && other !== undefined && found.dev === other.dev && found.ino === other.ino;
}

function isInside(path: string, folder: string): boolean {
  const real = join(realpathSync(dirname(resolve(path))), basename(path));
  const way = relative(existsSync(folder) ? realpathSync(folder) : folder, real);
  return way !== "" && !way.startsWith("..");
}

/** The input as a user would name it: the path itself where both are one. */
const show = (path: string, input: string): string => (resolve(path) === resolve(input) ? path : input);
