import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { linkToJob } from "../../aws/link-to-job.ts";
import type { Engine } from "../../engine/engine.ts";
import { quoteName, quoteText } from "../../engine/sql.ts";
import { quoteWord } from "../../foundation/shell-word.ts";
import type { Evaluation, Plan, RunSummary, TableProfile } from "../../foundation/types/index.ts";
import { readVersion } from "../../foundation/version.ts";
import type { ShardRow } from "../../ledger/shards.ts";
import { openShownFiles } from "../../media/shown-files.ts";
import type { ReportedJob, ReportedRequest, ReportInput } from "../../report/report-input.ts";
import { bodySql } from "../../requests/body-sql.ts";
import { recordFiles } from "../../requests/record-files.ts";
import { findShownLines } from "../../requests/shown-lines.ts";
import { profileAnswers, readBins } from "../../results/profile-answers.ts";
import { makeResultColumns } from "../../results/result-columns.ts";
import { sampleRows } from "../../results/sample-rows.ts";
import type { RunFile } from "../../workspace/run-file.ts";
import type { RunPaths } from "../../workspace/run-folder.ts";
import { shapeOf } from "./judge-run.ts";

/** What a report is made of. */
export interface ReportSource {
  readonly run: RunFile;
  readonly plan: Plan;
  readonly summary: RunSummary;
  readonly shards: readonly ShardRow[];
  readonly paths: RunPaths;
}

/** Answered rows that a report shows whole. */
const sampleCount = 6;

/** Reads from a run's files what its report says. */
export async function gatherReport(engine: Engine, source: ReportSource): Promise<ReportInput> {
  const { run, plan, summary, shards, paths } = source;
  const { id: runId, name, createdAt, origin } = run;
  return {
    runId,
    name,
    createdAt,
    origin,
    plan,
    summary,
    jobs: shards.flatMap((shard) => toReportedJob(shard, run) ?? []),
    table: await profileTable(engine, run, paths),
    request: describeRequest(run),
    evaluation: readEvaluation(paths),
  };
}

/** Parts whose rows a report shows: however many there are, it takes the memory and the time of these. */
const shownParts = 9;

/** The results that charts and sample rows are made of: all of them, or the first parts of a run in more than these. */
function findShownResults({ partCount = 0 }: RunFile, { results }: RunPaths): string {
  return partCount > shownParts ? results.replace(/\*(?=\.parquet$)/, `0000[1-${shownParts}]`) : results;
}

/** What the answers are like, and some rows. */
export async function profileTable(
  engine: Engine,
  run: RunFile,
  paths: RunPaths,
  answeredCount = sampleCount,
): Promise<TableProfile> {
  const columns = makeResultColumns(run.output, run.answerPrefix, run.answer);
  const file = findShownResults(run, paths);
  const { readText } = bodySql(shapeOf(run));
  const lines = findShownLines(paths.directory);
  const readFiles = run.hasMedia === true ? openShownFiles(join(paths.directory, recordFiles.media)) : () => [];
  const tokens = (column: string): string =>
    `SELECT ${quoteName(column)}::DOUBLE AS value FROM read_parquet(${quoteText(file)}) WHERE ${quoteName(columns.meta.outcome)} = 'answered'`;
  return {
    answers: await profileAnswers(engine, file, columns, run.output),
    samples: await sampleRows(engine, { file, lines, columns, readText, readFiles }, answeredCount),
    inputTokens: await readBins(engine, tokens(columns.meta.input_tokens)),
    outputTokens: await readBins(engine, tokens(columns.meta.output_tokens)),
  };
}

function toReportedJob({ attempt, recordCount, sizeBytes }: ShardRow, { origin }: RunFile): ReportedJob | undefined {
  if (attempt?.jobArn === undefined) return undefined;
  const { jobName: name, jobArn: arn, status = "Submitted", message, submittedAt, endedAt } = attempt;
  const link = origin.kind === "local" ? undefined : linkToJob(origin.region, arn);
  return { name, arn, status, message, recordCount, sizeBytes, link, submittedAt, endedAt };
}

/** What was asked of which model, and how to ask it again. */
export function describeRequest(run: RunFile): ReportedRequest {
  const { prompt, parameters, model, table, invocation, structured, output, answersPerRow, pack, origin } = run;
  const { maxTokens, temperature, topP, topK, stopSequences, system, dimensions } = parameters;
  const settings: (readonly [string, string | number | undefined])[] = [
    ["system prompt", system],
    ["max tokens", dimensions === undefined ? maxTokens : undefined],
    ["temperature", temperature],
    ["top p", topP],
    ["top k", topK],
    ["stop sequences", stopSequences?.map((each) => JSON.stringify(each)).join(", ")],
    ["dimensions", dimensions],
    [
      "answers",
      output === undefined
        ? undefined
        : `by a schema, asked for ${structured === "native" ? "in a field of the request" : "in words"}`,
    ],
    ["answers per row", answersPerRow],
    ["rows in a request, at most", pack?.rowsPerRequest],
    ["requests", invocation],
  ];
  return {
    prompt: prompt.text,
    source: prompt.kind === "function" ? `${basename(prompt.source)}, a TypeScript spec` : prompt.source,
    settings: settings.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as const])),
    command: makeCommand(run),
    versions: [
      ["halfprice", readVersion()],
      ["model", model.invokeId],
      ["table", table.shownPath],
      ...((run.partCount ?? 0) > shownParts
        ? ([["charts and rows", `of the first ${shownParts} of its ${run.partCount} parts`]] as const)
        : []),
      ["fingerprint of table, prompt and model", run.fingerprint],
      ...(origin.kind === "local" ? ([["service", "local; its answers are simulated, not a model's"]] as const) : []),
    ],
  };
}

/** A command line that asks the same; `--limit` and `--sample` are not kept, and it says so. */
function makeCommand({ prompt, table, model, name, isPartial, parent, pack, origin }: RunFile): string {
  const isFile = prompt.kind !== "raw" && prompt.source !== "--prompt";
  const words = ["halfprice", "run"];
  if (prompt.kind === "function") words.push(quoteWord(prompt.source));
  else {
    words.push(quoteWord(parent === undefined ? table.shownPath : `run:${parent.runId}`));
    if (isFile) words.push(quoteWord(prompt.source));
    else if (prompt.kind === "raw") words.push("--raw");
    else words.push("--prompt", quoteWord(prompt.text));
  }
  words.push("--model", quoteWord(model.invokeId), "--name", quoteWord(name));
  if (pack !== undefined) words.push("--pack", String(pack.rowsPerRequest));
  words.push(...(origin.kind === "local" ? ["--local"] : []));
  return `${words.join(" ")}${isPartial === true ? "   # on a part of the rows: --limit or --sample" : ""}`;
}

/** The latest evaluation of the run; undefined where there was none, or its file cannot be read. */
export function readEvaluation({ evaluation }: RunPaths): Evaluation | undefined {
  if (!existsSync(evaluation)) return undefined;
  try {
    return JSON.parse(readFileSync(evaluation, "utf8")) as Evaluation;
  } catch {
    return undefined;
  }
}
