import { createReadStream } from "node:fs";
import { join } from "node:path";
import { restoreMarks, textOf } from "../engine/cell-text.ts";
import type { Engine } from "../engine/engine.ts";
import { linesOf, numberedRows, quoteName, quoteText, writeOptions } from "../engine/sql.ts";
import { commitFile } from "../foundation/commit-file.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import type { RecordSummary, Table } from "../foundation/types/index.ts";
import { dropLines } from "../lines/drop-lines.ts";
import { inputIdSql, inputLineSql, readInputBody } from "../lines/line-format.ts";
import { findImageTokens } from "../models/rules/image-rules.ts";
import { findTokenRule } from "../models/rules/token-rules.ts";
import type { Prompt } from "../prompt/prompt.ts";
import { bodySql, type RequestShape } from "./body-sql.ts";
import { countedColumns, makeEmptyCounter } from "./empty-cells.ts";
import { estimateTokens, tokensSql } from "./estimate-tokens.ts";
import { refuseMissingMembers } from "./find-column.ts";
import { findDuplicates } from "./find-duplicates.ts";
import { measureSent, sentSql } from "./measure-sent.ts";
import { functionItemSql } from "./packs/item-parts.ts";
import { recordFiles } from "./record-files.ts";
import { isBlank, renderSql } from "./render-sql.ts";

/** What records are made from. */
export interface RecordSource {
  readonly engine: Engine;
  readonly table: Table;
  readonly prompt: Prompt;
  readonly shape: RequestShape;
  /** The run's directory. */
  readonly directory: string;
  /** Rows with nothing in a cell that the prompt names are not sent. */
  readonly skipEmpty?: boolean;
  /** What becomes of a row at which a prompt function fails. @defaultValue "fail" */
  readonly onPromptError?: "fail" | "skip" | undefined;
}

/** Stands in the file of lines where a row has none, until such lines are dropped. */
const noLine = "-";

/**
 * Renders the prompt over every row, names each request, and finds out what is distinct. The engine writes the lines in
 * one pass and reads them back in another, which costs less than taking them apart on the way. Leaves `records.jsonl`, the
 * bytes that will be uploaded, `records.parquet` and `duplicates.parquet` in the run's directory.
 * @throws UNKNOWN_COLUMN, PROMPT_FAILED, ALL_EMPTY
 */
export async function makeRecords(source: RecordSource): Promise<RecordSummary> {
  const { engine, prompt, shape, directory } = source;
  const { answersPerRow, answerColumn } = shape;
  // The number of an answer is none of the prompt's business.
  const table =
    answersPerRow === undefined
      ? source.table
      : { ...source.table, columns: source.table.columns.filter(({ name }) => name !== answerColumn) };
  if (prompt.kind === "template") await refuseMissingMembers(engine, table, prompt);
  const { text, item, columns, isNeverBlank, isEmpty, failures } = renderSql(
    engine,
    table,
    prompt,
    source.onPromptError,
  );
  const cells = columns.slice(0, countedColumns).map((name) => cellOf(table, name));
  const empty = await makeEmptyCounter(engine, cells);
  const lines = join(directory, recordFiles.lines);
  const sql = linesSql(source, {
    text: `concat(${[text, ...empty.marks].join(", ")})`,
    ...(item === undefined ? {} : { item }),
    isNeverBlank: isNeverBlank && source.skipEmpty !== true,
    ...(source.skipEmpty === true ? { isEmpty } : {}),
  });
  await engine.run(`COPY (${sql}) TO ${quoteText(`${lines}.tmp`)} (${writeOptions.lines})`);
  const emptyCounts = await empty.read();
  await engine.trim();
  await writeRecords(engine, `${lines}.tmp`, join(directory, recordFiles.records), shape);
  await engine.trim();
  const { rowCount, skippedCount } = await countRows(engine, directory);
  const duplicateCount = await findDuplicates(engine, directory, rowCount);
  if (duplicateCount + skippedCount > 0) await dropLines(`${lines}.tmp`, readDroppedLines(engine, directory));
  commitFile(lines);
  const emptyCells = Object.fromEntries(emptyCounts.map((count, index) => [columns[index] ?? "", count]));
  const sent = await measureSent(engine, directory, undefined);
  if (sent.recordCount === 0 && failures !== undefined && failures.count > 0)
    throw new HalfpriceError("PROMPT_FAILED", { row: failures.row, reason: failures.reason });
  if (sent.recordCount === 0) throw new HalfpriceError("ALL_EMPTY", { rowCount, columns });
  const imageRatio = shape.isRaw === true ? await measureImages(engine, lines, shape.baseId, sent.inputTokens) : 0;
  return {
    ...sent,
    ...(imageRatio === 0 ? {} : { imageRatio }),
    rowCount,
    skippedCount,
    duplicateCount,
    emptyCells,
    samples: await readSamples(source),
    ...(failures === undefined || failures.count === 0 ? {} : { promptFailures: failures }),
  };
}

interface Rendered {
  readonly text: string;
  /** What a row has of its own, where the prompt says. */
  readonly item?: string;
  readonly isNeverBlank: boolean;
  /** Rows to skip besides those without a text. */
  readonly isEmpty?: string;
}

/** The engine's pass over the table: a line for every row in its order, or what stands for none. */
function linesSql({ table, prompt, shape }: RecordSource, rendered: Rendered): string {
  const { body, recordId } = bodySql(shape);
  // A template puts cells side by side: their marks can wait until there is one text to look at. A function sees cells, and so does an item.
  const isPacked = shape.items !== undefined;
  const canWait = !isPacked && prompt.kind === "template" && !prompt.parts.some(({ kind }) => kind === "row");
  const marked = canWait ? table.marked : undefined;
  // Rows that come several times are Parquet, which has no marks.
  const number = shape.answersPerRow === undefined ? undefined : "answer_number";
  const numbered = number === undefined ? "" : `, ${quoteName(shape.answerColumn ?? "")} AS ${number}`;
  const emptied = rendered.isEmpty === undefined ? "" : `, ${rendered.isEmpty} AS is_empty`;
  const texts = (marked?.marks ?? []).reduce(
    (from, pair) =>
      `(SELECT ${restoreMarks("text", { relation: from, marks: [pair] })} AS text${emptied === "" ? "" : ", is_empty"} FROM ${from})`,
    `(SELECT ${rendered.text} AS text${numbered}${emptied} FROM ${marked?.relation ?? table.relation})`,
  );
  if (isPacked) return itemLinesSql(shape, rendered, table.relation);
  const line = inputLineSql(recordId("body", number), "body");
  const kept = number === undefined ? "" : `, ${number}`;
  if (rendered.isNeverBlank) return `SELECT ${line} AS line FROM (SELECT ${body("text")} AS body${kept} FROM ${texts})`;
  return `
    SELECT CASE WHEN blank THEN ${quoteText(noLine)} ELSE ${line} END AS line
    FROM (SELECT ${body("text")} AS body, ${emptied === "" ? isBlank("text") : `(is_empty OR ${isBlank("text")})`} AS blank${kept} FROM ${texts})`;
}

/** The same of a packed run: a line has the cells of its row, under the name of the request that would ask it alone. */
function itemLinesSql(shape: RequestShape, { text, item, isEmpty, isNeverBlank }: Rendered, relation: string): string {
  const { body, recordId } = bodySql(shape);
  // Marks of the prompt's form lose their meaning before rows stand side by side; done again for a row alone, it changes nothing.
  const escape = shape.family.escapeText ?? ((sql: string) => sql);
  const own = escape(functionItemSql("text", shape.items ?? []));
  const columns = [`${text} AS text`, ...(item === undefined ? [] : [`${escape(item)} AS item`])];
  if (isEmpty !== undefined) columns.push(`${isEmpty} AS is_empty`);
  const line = inputLineSql(recordId(body("text")), item === undefined ? own : "item");
  const rows = `(SELECT ${columns.join(", ")} FROM ${relation})`;
  if (isNeverBlank) return `SELECT ${line} AS line FROM ${rows}`;
  const blank = isEmpty === undefined ? isBlank("text") : `(is_empty OR ${isBlank("text")})`;
  return `SELECT CASE WHEN ${blank} THEN ${quoteText(noLine)} ELSE ${line} END AS line FROM ${rows}`;
}

/** What the lines tell, in their order: record_id, size_bytes, input_tokens. */
async function writeRecords(engine: Engine, lines: string, records: string, shape: RequestShape): Promise<void> {
  const { around, fixedText: fixed } = bodySql(shape);
  const { items } = shape;
  // Of a packed run a line has no body, and what all rows share is counted with what is fixed.
  const frame = inputLineSql("repeat('0', 32)", quoteText(items === undefined ? around : ""));
  const fixedText = `${fixed}${(items ?? []).map((part) => (part.kind === "text" ? part.text : "")).join("")}`;
  const { lettersPerToken, frameTokens } = findTokenRule(shape.baseId);
  const plain = tokensSql(`(strlen(line) - strlen(${frame}))`, `(length(line) - length(${frame}))`, lettersPerToken);
  const tokens = shape.isRaw ? withImages(plain, shape.baseId, frame, lettersPerToken) : plain;
  const isThere = `line <> ${quoteText(noLine)}`;
  const copy = (relation: string): Promise<void> =>
    engine.run(`
    COPY (
      SELECT CASE WHEN ${isThere} THEN ${inputIdSql()} END AS record_id,
        (CASE WHEN ${isThere} THEN strlen(line) + 1 ELSE 0 END)::INTEGER AS size_bytes,
        (CASE WHEN ${isThere} THEN ${tokens} + ${estimateTokens(fixedText, lettersPerToken) + frameTokens.expected} ELSE 0 END)::INTEGER AS input_tokens
      FROM ${relation}
    ) TO ${quoteText(`${records}.tmp`)} (${writeOptions.parquet})`);
  // Buffers that are large enough for lines of megabytes cost memory that other tables need not pay.
  await copy(linesOf([lines], "short"))
    .catch(() => copy(linesOf([lines])))
    .catch(() => copy(linesOf([lines], "huge")));
  commitFile(records);
}

/** What is base64 in a ready body, and long: images, which are no prose. */
const base64 = "[A-Za-z0-9+/]{1000,}={0,2}";

/** The estimate of a line that may have images: each at the model's own rate, the rest as text. */
function withImages(plain: string, baseId: string, frame: string, lettersPerToken: number): string {
  const { expected } = findImageTokens(baseId);
  const text = `regexp_replace(line, '${base64}', '', 'g')`;
  const rest = tokensSql(
    `(strlen(${text}) - strlen(${frame}))`,
    `(length(${text}) - length(${frame}))`,
    lettersPerToken,
  );
  return `(CASE WHEN length(line) > 1000 AND regexp_matches(line, '${base64}')
    THEN ${rest} + ${expected} * len(regexp_extract_all(line, '${base64}')) ELSE ${plain} END)`;
}

/** How much of the input tokens are images. */
async function measureImages(engine: Engine, lines: string, baseId: string, inputTokens: number): Promise<number> {
  const count = `coalesce(sum(len(regexp_extract_all(line, '${base64}'))), 0) AS images`;
  const read = (relation: string): Promise<Record<string, unknown>[]> =>
    engine.rows(`SELECT ${count} FROM ${relation} WHERE length(line) > 1000`);
  const [counted = {}] = await read(linesOf([lines], "short"))
    .catch(() => read(linesOf([lines])))
    .catch(() => read(linesOf([lines], "huge")));
  return Math.min(1, (Number(counted["images"]) * findImageTokens(baseId).expected) / Math.max(1, inputTokens));
}

function cellOf(table: Table, name: string): string {
  const column = table.columns.find((each) => each.name === name);
  return column === undefined ? "NULL" : textOf(column);
}

async function countRows(engine: Engine, directory: string): Promise<Pick<RecordSummary, "rowCount" | "skippedCount">> {
  const records = quoteText(join(directory, recordFiles.records));
  const [counted] = await engine.rows(
    `SELECT count(*) AS rows, count(*) - count(record_id) AS skipped FROM read_parquet(${records})`,
  );
  return { rowCount: Number(counted?.["rows"]), skippedCount: Number(counted?.["skipped"]) };
}

/** The numbers of the lines to drop: of rows that repeat another, and of rows with no text. */
async function* readDroppedLines(engine: Engine, directory: string): AsyncGenerator<number> {
  const sql = `
    SELECT row FROM ${numberedRows(join(directory, recordFiles.records))} WHERE record_id IS NULL
    UNION ALL SELECT row FROM read_parquet(${quoteText(join(directory, recordFiles.duplicates))}) ORDER BY row`;
  for await (const [rows = []] of engine.chunks(sql)) {
    for (const row of rows) yield Number(row);
  }
}

/** The first rendered prompts, from the lines themselves: a prompt function is not called again. */
async function readSamples({ engine, shape, directory }: RecordSource): Promise<RecordSummary["samples"]> {
  const rows = await engine.rows(`SELECT row FROM (${sentSql(directory, undefined)}) ORDER BY row LIMIT 3`);
  const { readText } = bodySql(shape);
  const samples: { row: number; text: string }[] = [];
  const input = createReadStream(join(directory, recordFiles.lines), { encoding: "utf8" });
  try {
    let rest = "";
    for await (const chunk of input as AsyncIterable<string>) {
      const lines = `${rest}${chunk}`.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const row = rows[samples.length]?.["row"];
        if (row === undefined) return samples;
        samples.push({ row: Number(row), text: readText(readInputBody(line)) });
      }
    }
    return samples;
  } finally {
    input.destroy();
  }
}
