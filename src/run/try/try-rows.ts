import { appendFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openModelService } from "../../aws/bedrock-runtime.ts";
import { sliceRows } from "../../dataset/slice-rows.ts";
import type { Cell, Engine } from "../../engine/engine.ts";
import { quoteName, quoteText, writeOptions } from "../../engine/sql.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import type { ModelChoice, Origin, RecordSummary, Table } from "../../foundation/types/index.ts";
import { askRecords } from "../../jobs/ask-records.ts";
import { readRecords } from "../../jobs/record-lines.ts";
import { expandLines } from "../../media/expand-lines.ts";
import { findReasoningWarnings } from "../../plan/reasoning-warnings.ts";
import { sentSql } from "../../requests/measure-sent.ts";
import { findPromptWarnings } from "../../requests/prompt-warnings.ts";
import { recordFiles } from "../../requests/record-files.ts";
import { makeAnswerCheck } from "../../results/check-answer.ts";
import { joinResults } from "../../results/join-results.ts";
import { makeResultColumns, type ResultColumns } from "../../results/result-columns.ts";
import { makeRunDirectory } from "../../workspace/run-folder.ts";
import { identify, type Session } from "../../workspace/session.ts";
import type { RunRequest } from "../plan/choose-model.ts";
import { type FrozenInput, freezeInput } from "../plan/freeze-input.ts";
import { type ModelContext, openDraft, openModelContext, withDraft } from "../plan/plan-context.ts";
import { dropDraft } from "../plan/plan-run.ts";
import { renderRecords } from "../plan/render-records.ts";

/** Among so many rows at least those are looked for whose requests differ. */
const lookedAtRows = 1000;

/** What a few rows gave. */
export interface TriedRows {
  readonly model: ModelChoice;
  readonly origin: Origin;
  /** The rows with their results, as the table of a run would have them. */
  readonly rows: readonly Readonly<Record<string, Cell>>[];
  /** Names of the columns with the answers, in order. */
  readonly answerColumns: readonly string[];
  /** As reported; undefined where an answer came without. */
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
  /** On demand, from reported usage; undefined where price or usage is not known. */
  readonly costUsd: number | undefined;
  /** The number of each row in the table, from 1. */
  readonly rowNumbers: readonly number[];
  readonly failedCount: number;
  readonly firstError: string | undefined;
}

/**
 * Sends the first rows whose requests differ on demand, at the full price, and reads the answers as a run would. Keeps nothing.
 * @throws what planRun throws, but for the minimum of records
 */
export async function tryRows(session: Session, request: RunRequest, limit: number): Promise<TriedRows> {
  // A few rows take no time to plan: only what is asked is told.
  const draft = openDraft({ ...session, onStep: () => undefined }, toTriedRequest(request, limit));
  const context = await openModelContext(draft, await identify(session), true);
  try {
    return await withDraft(draft, async (engine, ledger) => {
      makeRunDirectory(draft.paths);
      const input = await freezeInput(context, engine);
      const { summary: looked } = await renderRecords(context, input, engine, ledger);
      const taken = await findDistinctRows(engine, draft.paths.directory, limit);
      const table = await takeRows(engine, input.frozen.table, taken, draft.paths.directory);
      const tried = { ...input, frozen: { ...input.frozen, table } };
      const { summary } = await renderRecords(context, tried, engine, ledger);
      if (summary.media !== undefined) await expandInPlace(draft.paths.directory);
      const outputFile = await askOnDemand(session, context, summary);
      const columns = makeResultColumns(request.prompt.settings.output, request.options.answerPrefix, input.answer);
      await joinAnswers({ context, engine, table, summary, columns, outputFile });
      const rows = await engine.rows(`SELECT * FROM read_parquet(${quoteText(draft.paths.results)})`);
      const { failedCount, firstError, ...usage } = sumUp(rows, columns, context.chosen.choice);
      return {
        model: withWarnings(context, input, looked),
        origin: context.origin,
        rows,
        answerColumns: columns.fields.map(({ column }) => column),
        ...usage,
        rowNumbers: taken.map((row) => row + 1),
        failedCount,
        firstError,
      };
    });
  } finally {
    dropDraft(draft);
  }
}

/** The first rows of the whole table are looked at, each alone and once, whatever earlier runs have answered. */
function toTriedRequest(request: RunRequest, limit: number): RunRequest {
  const { sample: _, select: __, sql: ___, answersPerRow: ____, pack: _____, ...options } = request.options;
  return { ...request, options: { ...options, limit: Math.max(limit, lookedAtRows), fullRefresh: true } };
}

/** Pictures and documents take the place of their marks. */
async function expandInPlace(directory: string): Promise<void> {
  const path = join(directory, recordFiles.lines);
  renameSync(path, `${path}.marked`);
  await expandLines(`${path}.marked`, path, join(directory, recordFiles.media));
}

/** The numbers, from 0, of the first rows whose requests differ. */
async function findDistinctRows(engine: Engine, directory: string, limit: number): Promise<number[]> {
  const sent = await engine.rows(`SELECT row FROM (${sentSql(directory, undefined)}) ORDER BY row LIMIT ${limit}`);
  return sent.map(({ row }) => Number(row));
}

/** Asks record by record. @returns the file with the answers @throws THROTTLED */
async function askOnDemand(
  { connection, onStep }: Session,
  { chosen: { choice, invocation }, paths }: ModelContext,
  { recordCount, sizeBytes }: RecordSummary,
): Promise<string> {
  const models = openModelService(connection);
  const outputFile = join(paths.directory, "answers.jsonl.out");
  const lines = { path: join(paths.directory, recordFiles.lines), fromByte: 0, sizeBytes };
  let answeredCount = 0;
  writeFileSync(outputFile, "");
  onStep(`asking ${choice.label}, on demand`);
  try {
    const end = await askRecords(readRecords(lines), {
      ask: (body) =>
        invocation === "Converse" ? models.converse(choice.invokeId, body) : models.invoke(choice.invokeId, body),
      onLine(line) {
        appendFileSync(outputFile, line);
        answeredCount += 1;
        onStep(`asked ${answeredCount} of ${recordCount}`);
      },
    });
    if (end === "throttled") throw new HalfpriceError("THROTTLED", { model: choice.label, answeredCount, recordCount });
  } finally {
    models.close();
  }
  return outputFile;
}

interface Answered {
  readonly context: ModelContext;
  readonly engine: Engine;
  readonly table: Table;
  readonly summary: RecordSummary;
  readonly columns: ResultColumns;
  readonly outputFile: string;
}

/** Writes the results as those of a run with one shard. */
async function joinAnswers({ context, engine, table, summary, columns, outputFile }: Answered): Promise<void> {
  const { paths, request, chosen } = context;
  const { output } = request.prompt.settings;
  const check = output === undefined ? undefined : makeAnswerCheck(output, request.prompt.source);
  const { rowCount, recordCount, sizeBytes } = summary;
  const place = { index: 0, lane: "on_demand" as const, fromRow: 0, toRow: rowCount, fromByte: 0 };
  const shard = { ...place, recordCount, sizeBytes };
  await joinResults({
    reader: { engine, shape: chosen.family.answer, fields: columns.fields, check },
    columns,
    table,
    cutRows: (fromRows) => sliceRows(table, fromRows, rowCount, paths.work),
    recordsFile: join(paths.directory, recordFiles.records),
    duplicatesFile: join(paths.directory, recordFiles.duplicates),
    shards: [{ shard, files: [outputFile], price: chosen.choice.prices?.onDemand }],
    invocation: chosen.invocation,
    resent: [],
    earlierFiles: [],
    target: paths.results,
    workDirectory: paths.work,
  });
}

/** The model with what there is to say of it and of the prompt. */
function withWarnings(
  { request, chosen: { choice, family } }: ModelContext,
  { frozen, parameters }: FrozenInput,
  looked: RecordSummary,
): ModelChoice {
  const maxTokens = family.kind === "embedding" ? 0 : parameters.maxTokens;
  const warnings = [
    ...(choice.warnings ?? []),
    ...findReasoningWarnings(choice, maxTokens),
    ...findPromptWarnings(request.prompt, frozen.table, looked),
  ];
  return warnings.length === 0 ? choice : { ...choice, warnings };
}

type Sums = Pick<TriedRows, "inputTokens" | "outputTokens" | "costUsd" | "failedCount" | "firstError">;

/** Usage and failures of all rows together. */
function sumUp(rows: TriedRows["rows"], { meta }: ResultColumns, { prices }: ModelChoice): Sums {
  const isSent = (row: TriedRows["rows"][number]): boolean => !/^(error|skipped)$/.test(String(row[meta.outcome]));
  const sum = (column: string): number | undefined =>
    rows.some((row) => isSent(row) && row[column] === null)
      ? undefined
      : rows.reduce((total, row) => total + Number(row[column] ?? 0), 0);
  const failed = rows.filter((row) => row[meta.outcome] === "error");
  return {
    inputTokens: sum(meta.input_tokens),
    outputTokens: sum(meta.output_tokens),
    costUsd: prices?.onDemand === undefined ? undefined : sum(meta.cost_usd),
    failedCount: failed.length,
    firstError: failed[0] === undefined ? undefined : String(failed[0][meta.error]),
  };
}

/** The rows of some numbers, from 0, as a table of their own. */
async function takeRows(engine: Engine, table: Table, rows: readonly number[], directory: string): Promise<Table> {
  const path = join(directory, "tried.parquet");
  const columns = table.columns.map(({ name }) => quoteName(name)).join(", ");
  await engine.run(`
    COPY (
      SELECT ${columns} FROM (SELECT *, row_number() OVER () - 1 AS "halfprice row" FROM ${table.relation})
      WHERE "halfprice row" IN (${rows.join(", ")}) ORDER BY "halfprice row"
    ) TO ${quoteText(path)} (${writeOptions.parquet})`);
  const { format: _, path: __, marked: ___, ...rest } = table;
  return { ...rest, format: "parquet", path, relation: `read_parquet(${quoteText(path)})` };
}
