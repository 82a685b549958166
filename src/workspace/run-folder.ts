import { closeSync, existsSync, fstatSync, openSync, readdirSync, readFileSync, readSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { commitText, makeFolder } from "../foundation/commit-file.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import type { Plan } from "../foundation/types/index.ts";
import { parsePlan, parseRun, RunFileProblem, runFileVersion } from "./parse-run-files.ts";
import type { RunFile } from "./run-file.ts";

/** The folders and files of one run. */
export interface RunPaths {
  readonly directory: string;
  readonly runFile: string;
  readonly planFile: string;
  /** Of a run in parts a pattern, which the engine reads as one table, part by part. */
  readonly results: string;
  readonly report: string;
  /** The latest evaluation of its answers, where there was one. */
  readonly evaluation: string;
  /** What people have said of its answers, where they have. */
  readonly labels: string;
  readonly work: string;
}

/** What was listed for a run that is done in parts: below its directory. */
export const partsFile = "parts.json";

/** A file of results for each part; their names sort as the parts do. */
const partPattern = join("results", "part-*.parquet");

/** The paths of a run's folder; nothing is read or made. */
export function runPaths(workspace: string, id: string): RunPaths {
  const directory = join(workspace, "runs", id);
  return {
    directory,
    runFile: join(directory, "run.json"),
    planFile: join(directory, "plan.json"),
    // Asked anew each time: a run's files may come from a shared workspace after its paths are known.
    get results() {
      return join(directory, existsSync(join(directory, partsFile)) ? partPattern : "results.parquet");
    },
    report: join(directory, "report.html"),
    evaluation: join(directory, "eval.json"),
    labels: join(directory, "labels.json"),
    work: join(directory, "work"),
  };
}

/** A name that sorts by time and is told from its neighbours: `20261121-093012-x7k2q`. */
export function makeRunId(nowMs: number, random: () => number): string {
  const time = new Date(nowMs).toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
  return `${time}-${makeRunTag(random)}`;
}

/** Five letters and digits that tell neighbours apart. */
export function makeRunTag(random: () => number): string {
  const letters = "0123456789abcdefghijkmnpqrstuvwxyz";
  return Array.from({ length: 5 }, () => letters[Math.floor(random() * letters.length)] ?? "0").join("");
}

/** Makes a run's folder, readable by its owner only. */
export function makeRunDirectory({ directory }: RunPaths): void {
  makeFolder(directory, 0o700);
  // Says whether a draft is somebody's: `clean` takes only those of processes that are gone.
  commitText(join(directory, "draft.json"), `${JSON.stringify({ pid: process.pid, host: hostname() })}\n`);
}

/** Writes `run.json`, whole or not at all. */
export function writeRunFile(paths: RunPaths, run: RunFile): void {
  commitText(paths.runFile, `${JSON.stringify(run, null, 2)}\n`);
}

/** What was asked. @throws RUN_DAMAGED, NEWER_FILE */
export function readRunFile(paths: Pick<RunPaths, "directory" | "runFile">): RunFile {
  return readFile(paths, paths.runFile, parseRun);
}

/** Writes `plan.json`, whole or not at all. */
export function writePlanFile(paths: RunPaths, plan: Plan): void {
  commitText(paths.planFile, `${JSON.stringify({ version: runFileVersion, ...plan }, null, 2)}\n`);
}

/** What was planned. @throws RUN_DAMAGED, NEWER_FILE */
export function readPlanFile(paths: Pick<RunPaths, "directory" | "planFile">): Plan {
  return readFile(paths, paths.planFile, parsePlan);
}

function readFile<Value>(paths: Pick<RunPaths, "directory">, path: string, parse: (text: string) => Value): Value {
  try {
    return parse(readFileSync(path, "utf8"));
  } catch (cause) {
    // Whoever needs to know whether the run has ended has asked before (refuseDamaged).
    throw toError(basename(paths.directory), true, describeProblem(path, cause), cause);
  }
}

/** What is wrong with the files that any work on a run needs. */
export interface Damage {
  /** `newer`: nothing is wrong with them, but that a newer halfprice wrote them. */
  readonly problem: "gone" | "unreadable" | "newer";
  readonly path: string;
  readonly reason: string;
}

/** Whether a run can be worked on at all: what was asked and planned is there and can be read. */
export function findDamage({ runFile, planFile }: Pick<RunPaths, "runFile" | "planFile">): Damage | undefined {
  for (const [path, parse] of [
    [runFile, parseRun],
    [planFile, parsePlan],
  ] as const) {
    try {
      parse(readFileSync(path, "utf8"));
    } catch (error) {
      return describeProblem(path, error);
    }
  }
  return undefined;
}

/** Whether nothing can come of a run's files any more. What a newer halfprice wrote is whole. */
export function isLost(paths: Pick<RunPaths, "runFile" | "planFile">): boolean {
  const damage = findDamage(paths);
  return damage !== undefined && damage.problem !== "newer";
}

function describeProblem(path: string, error: unknown): Damage {
  if (error instanceof RunFileProblem) {
    const { newerVersion, message } = error;
    return newerVersion === undefined
      ? { problem: "unreadable", path, reason: message }
      : { problem: "newer", path, reason: newerVersion };
  }
  if (/^(ENOENT|ENOTDIR)$/.test((error as NodeJS.ErrnoException).code ?? "")) {
    return { problem: "gone", path, reason: "it is not there" };
  }
  return { problem: "unreadable", path, reason: error instanceof Error ? error.message : String(error) };
}

function toError(runId: string, hasEnded: boolean, damage: Damage, cause?: unknown): HalfpriceError {
  const { problem, path, reason } = damage;
  if (problem === "newer") {
    return new HalfpriceError("NEWER_FILE", { path, version: reason, known: runFileVersion }, { cause });
  }
  if (hasEnded && problem === "gone") return new HalfpriceError("RUN_CLEANED", { runId }, { cause });
  return new HalfpriceError("RUN_DAMAGED", { runId, hasEnded, problem, path, reason }, { cause });
}

/**
 * Stops what works on a run whose files are gone or broken, before it does anything.
 * @param hasEnded nothing can come of the run any more
 * @param needed further files without which nothing of the run can go on
 * @throws RUN_DAMAGED, NEWER_FILE; RUN_CLEANED where the folder of a run that has ended is gone
 */
export function refuseDamaged(paths: RunPaths, hasEnded: boolean, needed: readonly string[] = []): void {
  const runId = basename(paths.directory);
  const damage = findDamage(paths) ?? needed.map(findFileDamage).find((found) => found !== undefined);
  if (damage === undefined) return;
  throw toError(runId, hasEnded, damage);
}

/** Stops what needs a file of a run that was cleaned, or whose file is not whole. @throws RUN_CLEANED, RUN_DAMAGED */
export function refuseCleaned({ directory }: Pick<RunPaths, "directory">, path: string): void {
  const damage = findFileDamage(path);
  if (damage !== undefined) throw toError(basename(directory), true, damage);
}

/** Whether a file of Parquet is there, from its first mark to its last: a copy or a full disk may have cut it off. */
export function isWhole(path: string): boolean {
  return findFileDamage(path) === undefined;
}

const parquetMark = "PAR1";

/** The files with a run's results: one, or one for each part that is joined, in their order. None where they are not there. */
export function listResults({ results }: Pick<RunPaths, "results">): string[] {
  if (!results.endsWith(partPattern)) return existsSync(results) ? [results] : [];
  const folder = dirname(results);
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => /^part-\d+\.parquet$/.test(name));
  return names.sort().map((name) => join(folder, name));
}

/** What is wrong with a file of Parquet, or with the files of a run in parts, as far as their ends show it. */
function findFileDamage(path: string): Damage | undefined {
  if (path.endsWith(partPattern)) {
    const files = listResults({ results: path });
    if (files.length === 0) return { problem: "gone", path, reason: "it is not there" };
    return files.map(findFileDamage).find((found) => found !== undefined);
  }
  if (!existsSync(path)) return { problem: "gone", path, reason: "it is not there" };
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const end = Buffer.alloc(parquetMark.length);
    readSync(file, end, 0, end.length, Math.max(0, size - end.length));
    return size > 2 * parquetMark.length && end.toString("latin1") === parquetMark
      ? undefined
      : { problem: "unreadable", path, reason: "its end is missing" };
  } finally {
    closeSync(file);
  }
}

/** Removes drafts that nobody took up: directories of runs that the ledger does not know. Those of living processes stay. */
export function removeStaleDrafts(workspace: string, isKnown: (id: string) => boolean, olderThanMs: number): void {
  const runs = join(workspace, "runs");
  if (!existsSync(runs)) return;
  for (const id of readdirSync(runs)) {
    const created = Date.parse(id.replace(/^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-.*$/, "$1-$2-$3T$4:$5:$6Z"));
    if (!isKnown(id) && created < olderThanMs) rmSync(join(runs, id), { recursive: true, force: true });
  }
}
