import { randomUUID } from "node:crypto";
import { appendFileSync, existsSync, readFileSync, realpathSync, rmSync, type Stats, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import type { Connection } from "../aws/connection.ts";
import { openObjectStorage } from "../aws/s3.ts";
import { readIdentity } from "../aws/sts.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { isObjectUri } from "../foundation/object-uri.ts";
import { refuseInputs } from "../foundation/same-file.ts";
import { exportTable, findOutputFormat } from "../results/export-table.ts";
import { needTable } from "./fetch-run.ts";
import type { RunFile } from "./run-file.ts";
import { type RunPaths } from "./run-folder.ts";
import { withEngine } from "./session.ts";

/** What decides whether a run's table may be written to a file. */
export type OutputRules = Pick<RunFile, "table" | "reads" | "isPartial" | "mayOverwrite" | "safeCsv" | "timezone">;

/** What a file was like after the run had written it: the same file, unless somebody has changed it since. */
interface WrittenFile {
  readonly path: string;
  readonly device: number;
  readonly inode: number;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/**
 * What a run has written for its user, in its directory: a JSON object a line, added before the file gets its name. Lines are only ever
 * added, so that neither a crash nor another process that writes a table of the same run can lose one: the file would be taken for one that
 * the user has edited.
 */
const writtenFile = ({ directory }: Pick<RunPaths, "directory">): string => join(directory, "written.jsonl");

/**
 * Refuses an output file that would replace something that must stay: a file that the run reads, a file of the workspace, a
 * file that is there where the table is a part only, a table that was edited since the run wrote it.
 * @throws BAD_OUTPUT, OUTPUT_IS_INPUT, OUTPUT_EXISTS
 */
export function checkOutput(rules: OutputRules, paths: RunPaths, path: string): void {
  findOutputFormat(path);
  if (isObjectUri(path)) return;
  refuseInputs(path, listReads(rules));
  const found = statSync(path, { throwIfNoEntry: false });
  const workspace = dirname(dirname(paths.directory));
  if (isInside(path, workspace)) throw new HalfpriceError("OUTPUT_IS_INPUT", { path, input: workspace });
  if (found === undefined || rules.mayOverwrite === true) return;
  const own = readWritten(paths).filter((each) => each.path === resolve(path));
  if (own.some((each) => isUnchanged(each, found))) return;
  if (own.length > 0)
    throw new HalfpriceError("OUTPUT_EXISTS", { path, reason: "edited", runId: basename(paths.directory) });
  if (rules.isPartial === true)
    throw new HalfpriceError("OUTPUT_EXISTS", { path, reason: "partial", runId: basename(paths.directory) });
}

/** Writes a run's table into a file of the user's. @throws BAD_OUTPUT, OUTPUT_IS_INPUT, OUTPUT_EXISTS, RUN_CLEANED, DISK */
export async function writeOutput(
  rules: OutputRules,
  paths: RunPaths,
  path: string,
  connection?: Connection,
): Promise<void> {
  await needTable(paths);
  checkOutput(rules, paths, path);
  if (isObjectUri(path)) return uploadOutput(rules, paths, path, connection);
  const announce = (temporary: string): void => recordWritten(paths, resolve(path), statSync(temporary));
  await withEngine(paths, (engine) => exportTable(engine, paths.results, path, announce, rules.safeCsv), rules);
}

/** Writes a run's table into an object of S3, with the credentials and the endpoint of the run. @throws BAD_OUTPUT, SERVICE_REFUSED */
async function uploadOutput(
  rules: OutputRules,
  paths: RunPaths,
  uri: string,
  connection: Connection | undefined,
): Promise<void> {
  if (connection === undefined)
    throw new HalfpriceError("BAD_OUTPUT", { path: uri, reason: "no connection to S3 is open" });
  const [, bucket = "", key = ""] = /^s3:\/\/([^/]+)\/(.*)$/.exec(uri) ?? [];
  const copy = join(paths.directory, `output-${randomUUID()}-${basename(key)}`);
  const storage = openObjectStorage(connection);
  try {
    await withEngine(paths, (engine) => exportTable(engine, paths.results, copy, undefined, rules.safeCsv), rules);
    const { size: sizeBytes } = statSync(copy);
    const { accountId } = await readIdentity(connection);
    const contentType = contentTypes[findOutputFormat(uri)];
    await storage.upload(copy, bucket, key, {
      accountId,
      sizeBytes,
      fromByte: 0,
      contentType,
      kmsKey: undefined,
      onProgress: () => undefined,
    });
  } finally {
    storage.close();
    rmSync(copy, { force: true });
  }
}

const contentTypes = {
  parquet: "application/vnd.apache.parquet",
  csv: "text/csv; charset=utf-8",
  jsonl: "application/jsonl",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
} as const;

function recordWritten(
  paths: RunPaths,
  path: string,
  { dev: device, ino: inode, size: sizeBytes, mtimeMs }: Stats,
): void {
  const own: WrittenFile = { path, device, inode, sizeBytes, modifiedMs: mtimeMs };
  appendFileSync(writtenFile(paths), `\n${JSON.stringify(own)}\n`, { flush: true });
}

function readWritten(paths: RunPaths): readonly WrittenFile[] {
  const path = writtenFile(paths);
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as WrittenFile];
      } catch {
        // A line that a power cut has torn: its file never got its name.
        return [];
      }
    });
}

const isUnchanged = ({ device, inode, sizeBytes, modifiedMs }: WrittenFile, found: Stats): boolean =>
  found.dev === device && found.ino === inode && found.size === sizeBytes && found.mtimeMs === modifiedMs;

/** Runs of older versions do not say what they read; their table and prompt are known by the names that the user gave. */
function listReads({ reads, table }: OutputRules): readonly string[] {
  return reads ?? (existsSync(table.shownPath) ? [resolve(table.shownPath)] : []);
}

function isInside(path: string, folder: string): boolean {
  const real = join(realpathSync(dirname(resolve(path))), basename(path));
  const way = relative(existsSync(folder) ? realpathSync(folder) : folder, real);
  return way !== "" && !way.startsWith("..");
}
