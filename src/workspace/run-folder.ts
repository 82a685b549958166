import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { basename, join } from "node:path";
import type { TableReading } from "../dataset/open-table.ts";
import { putInPlace } from "../foundation/commit-file.ts";
import { HalfpriceError } from "../foundation/errors.ts";
import type {
  CostLimits,
  InvocationType,
  JsonSchema,
  ModelChoice,
  ModelParameters,
  Origin,
  Plan,
  StructuredOutput,
  VpcPlace,
} from "../foundation/types/index.ts";
import type { Prompt } from "../prompt/prompt.ts";
import type { AnswerKind } from "../results/result-columns.ts";
import type { ParentRun } from "./parent-run.ts";

/** What was asked: `run.json`. With the files beside it, another process can take the run up from wherever it is. */
export interface RunFile extends CostLimits {
  readonly version: 1;
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  /** The same input, prompt, model, parameters and origin have the same. */
  readonly fingerprint: string;
  readonly origin: Origin;
  readonly table: {
    /** As the user named it. */
    readonly shownPath: string;
    /** The frozen rows, below the run's directory. */
    readonly file: string;
    readonly reading: TableReading;
  };
  /** Absolute paths of the files on this disk that were read for it: table, prompt, spec, schema. Its own table never replaces one. */
  readonly reads?: readonly string[];
  /** The table may replace a file that the run did not write, although it holds only a part of the rows. */
  readonly mayOverwrite?: true;
  /** No cell of a CSV that is written is a formula to a spreadsheet. */
  readonly safeCsv?: true;
  /** Not every row of the table was taken: `--limit` or `--sample`. */
  readonly isPartial?: true;
  readonly prompt: { readonly kind: Prompt["kind"]; readonly source: string; readonly text: string };
  readonly model: ModelChoice;
  readonly invocation: InvocationType;
  readonly parameters: ModelParameters;
  readonly output?: JsonSchema;
  readonly structured: StructuredOutput;
  /** What comes back, for the columns of the results. */
  readonly answer: AnswerKind;
  /** The run whose results are the input. */
  readonly parent?: ParentRun;
  readonly answerPrefix: string;
  /** In which zone timestamps with one are written. @defaultValue "UTC" */
  readonly timezone?: string;
  /** So many answers of every row, from 2; one where it is left out. */
  readonly answersPerRow?: number;
  /** What is asked on demand before the rest: its shard, and whether the rest may follow. */
  readonly canary?: { readonly index: number; readonly recordCount: number; readonly isPassed?: true };
  readonly timeoutHours: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly allowMissing: number;
  /** The job that was made elsewhere and taken in: its records keep its ids, and are not sent again. */
  readonly adopted?: { readonly jobArn: string };
  /** Answers of other runs are not taken. */
  readonly fullRefresh?: true;
  /** A record is sent at most so often without being asked again, the first time included. @defaultValue 1 */
  readonly maxAttempts?: number;
  /** Set when the run is promoted. */
  readonly place?: RunPlace;
}

/** Where a run's jobs work. */
export interface RunPlace {
  readonly bucket: string;
  readonly prefix: string;
  readonly roleArn: string;
  /** The KMS key of input and output; S3's own where left out. */
  readonly kmsKey?: string;
  readonly vpc?: VpcPlace;
}

/** The folders and files of one run. */
export interface RunPaths {
  readonly directory: string;
  readonly runFile: string;
  readonly planFile: string;
  readonly results: string;
  readonly report: string;
  readonly work: string;
}

export function runPaths(workspace: string, id: string): RunPaths {
  const directory = join(workspace, "runs", id);
  return {
    directory,
    runFile: join(directory, "run.json"),
    planFile: join(directory, "plan.json"),
    results: join(directory, "results.parquet"),
    report: join(directory, "report.html"),
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

/** Writes a file whole or not at all. */
export function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.tmp`, text);
  putInPlace(path);
}

export function makeRunDirectory({ directory }: RunPaths): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  // Says whether a draft is somebody's: `clean` takes only those of processes that are gone.
  writeFileSync(join(directory, "draft.json"), `${JSON.stringify({ pid: process.pid, host: hostname() })}\n`);
}

export function writeRunFile(paths: RunPaths, run: RunFile): void {
  writeWhole(paths.runFile, `${JSON.stringify(run, null, 2)}\n`);
}

export function readRunFile(paths: RunPaths): RunFile {
  return JSON.parse(readFileSync(paths.runFile, "utf8")) as RunFile;
}

export function writePlanFile(paths: RunPaths, plan: Plan): void {
  writeWhole(paths.planFile, `${JSON.stringify(plan, null, 2)}\n`);
}

export function readPlanFile(paths: RunPaths): Plan {
  const plan = JSON.parse(readFileSync(paths.planFile, "utf8")) as Plan & Partial<Pick<Plan, "lanes" | "belowMinimum">>;
  if (plan.lanes !== undefined) return plan;
  // A plan of before there were lanes: all of it is batch.
  const { shards, recordCount, batchUsd } = plan;
  const usd = batchUsd === undefined ? {} : { usd: batchUsd };
  return {
    ...plan,
    belowMinimum: "fail",
    shards: shards.map((shard) => ({ ...shard, lane: "batch" })),
    lanes: [{ lane: "batch", shardCount: shards.length, recordCount, ...usd }],
    ...(batchUsd === undefined ? {} : { costUsd: batchUsd }),
  };
}

/** What is wrong with the files that any work on a run needs. */
export interface Damage {
  readonly problem: "gone" | "unreadable";
  readonly path: string;
  readonly reason: string;
}

/** Whether a run can be worked on at all: what was asked and planned is there and can be read. */
export function findDamage(paths: Pick<RunPaths, "runFile" | "planFile">): Damage | undefined {
  for (const path of [paths.runFile, paths.planFile]) {
    if (!existsSync(path)) return { problem: "gone", path, reason: "it is not there" };
    try {
      const found: unknown = JSON.parse(readFileSync(path, "utf8"));
      if (typeof found !== "object" || found === null || Array.isArray(found)) throw new Error("it is not an object");
    } catch (error) {
      return { problem: "unreadable", path, reason: error instanceof Error ? error.message : String(error) };
    }
  }
  return undefined;
}

/**
 * Stops what works on a run whose files are gone or broken, before it does anything.
 * @param hasEnded nothing can come of the run any more
 * @param needed further files without which nothing of the run can go on
 * @throws RUN_DAMAGED; RUN_CLEANED where the folder of a run that has ended is gone
 */
export function refuseDamaged(paths: RunPaths, hasEnded: boolean, needed: readonly string[] = []): void {
  const runId = basename(paths.directory);
  const missing = needed.find((path) => !existsSync(path));
  const damage =
    findDamage(paths) ??
    (missing === undefined ? undefined : { problem: "gone" as const, path: missing, reason: "it is not there" });
  if (damage === undefined) return;
  if (hasEnded && damage.problem === "gone") throw new HalfpriceError("RUN_CLEANED", { runId });
  throw new HalfpriceError("RUN_DAMAGED", { runId, hasEnded, ...damage });
}

/** Stops what needs a file of a run that was cleaned. @throws RUN_CLEANED */
export function refuseCleaned({ directory }: Pick<RunPaths, "directory">, path: string): void {
  if (!existsSync(path)) throw new HalfpriceError("RUN_CLEANED", { runId: basename(directory) });
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
