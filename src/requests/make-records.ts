import { renameSync } from "node:fs";
import { join } from "node:path";
import { textOf } from "../engine/cell-text.ts";
import type { Engine } from "../engine/engine.ts";
import { quoteText, writeOptions } from "../engine/sql.ts";
import { HalfpriceError } from "../errors.ts";
import type { Prompt } from "../prompt/prompt.ts";
import type { RecordBlock, RecordSummary, Table } from "../types.ts";
import { bodySql, lineFrameBytes, type RequestShape } from "./body-sql.ts";
import { estimateTokens, tokensPerRequest, tokensSql } from "./estimate-tokens.ts";
import { isBlank, renderSql } from "./render-sql.ts";

/** Where the records of a run are, below its directory. */
export const recordFiles = {
  /** row, record_id (NULL where the row is skipped), size_bytes of the line, input_tokens, empty_cells (a bit a column). */
  records: "records.parquet",
  /** Rows that share a request with an earlier row, ascending. */
  duplicates: "duplicates.parquet",
  /** row and text, where a function made the texts: it is called once a row and never again. */
  texts: "texts.parquet",
} as const;

/** At most this many blocks describe a table, however long it is. */
const maxBlockCount = 100_000;

/** Blocks of a power of ten records: limits of jobs are multiples of it, so a full job ends where a block does. */
export function findBlockSize(recordCount: number): number {
  return 10 ** Math.max(0, Math.ceil(Math.log10(recordCount / maxBlockCount)));
}

export interface RecordSource {
  readonly engine: Engine;
  readonly table: Table;
  readonly prompt: Prompt;
  readonly shape: RequestShape;
  /** The run's directory. */
  readonly directory: string;
}

/** SQL of the rows with their texts: from the table, or from what the prompt function gave. */
export function rowsWithText({ engine, table, prompt, directory }: RecordSource): string {
  if (prompt.kind === "function") return `read_parquet(${quoteText(join(directory, recordFiles.texts))})`;
  const { text } = renderSql(engine, table, prompt);
  return `(SELECT row_number() OVER () - 1 AS row, ${text} AS text FROM ${table.relation})`;
}

/**
 * Renders the prompt over every row, names each request, and finds out what is distinct. Leaves `records.parquet` and
 * `duplicates.parquet` in the run's directory.
 * @throws UNKNOWN_COLUMN, PROMPT_FAILED, ALL_EMPTY
 */
export async function makeRecords(source: RecordSource): Promise<RecordSummary> {
  const { engine, table, prompt, shape, directory } = source;
  const columns = await renderOnce(source);
  const { body, recordId, fixedText } = bodySql(shape);
  const records = join(directory, recordFiles.records);
  const bits = columns.map(
    (name, index) => `CASE WHEN coalesce(${cellOf(table, name)}, '') = '' THEN ${2 ** index} ELSE 0 END`,
  );
  // More columns than bits: those beyond are not counted.
  const empties = bits.slice(0, 52).join(" + ") || "0";
  const isFunction = prompt.kind === "function";
  const rendered = isFunction
    ? rowsWithText(source)
    : `(SELECT row_number() OVER () - 1 AS row, ${renderSql(engine, table, prompt).text} AS text, (${empties})::BIGINT AS empty_cells FROM ${table.relation})`;
  await engine.run(`
    COPY (
      SELECT row,
        CASE WHEN ${isBlank("text")} THEN NULL ELSE ${recordId("body")} END AS record_id,
        (strlen(body) + ${lineFrameBytes})::INTEGER AS size_bytes,
        (${tokensSql("text")} + ${estimateTokens(fixedText) + tokensPerRequest})::INTEGER AS input_tokens,
        empty_cells
      FROM (SELECT row, text, empty_cells, ${body("text")} AS body FROM ${rendered})
    ) TO ${quoteText(`${records}.tmp`)} (${writeOptions.parquet})`);
  renameSync(`${records}.tmp`, records);
  await findDuplicates(engine, directory);
  return summarise(source, columns);
}

/** Calls a prompt function over all rows, once; gives the columns that the prompt reads. */
async function renderOnce({ engine, table, prompt, directory }: RecordSource): Promise<readonly string[]> {
  const { text, columns } = renderSql(engine, table, prompt);
  if (prompt.kind === "template") return columns;
  const bits = columns.map(
    (name, index) => `CASE WHEN coalesce(${cellOf(table, name)}, '') = '' THEN ${2 ** index} ELSE 0 END`,
  );
  const texts = join(directory, recordFiles.texts);
  await engine.run(`
    COPY (
      SELECT row_number() OVER () - 1 AS row, ${text} AS text, (${bits.slice(0, 52).join(" + ")})::BIGINT AS empty_cells
      FROM ${table.relation}
    ) TO ${quoteText(`${texts}.tmp`)} (${writeOptions.parquet})`);
  renameSync(`${texts}.tmp`, texts);
  return columns;
}

function cellOf(table: Table, name: string): string {
  const column = table.columns.find((each) => each.name === name);
  return column === undefined ? "NULL" : textOf(column);
}

async function findDuplicates(engine: Engine, directory: string): Promise<void> {
  const records = quoteText(join(directory, recordFiles.records));
  const duplicates = join(directory, recordFiles.duplicates);
  await engine.run(`
    COPY (
      SELECT row FROM read_parquet(${records})
      JOIN (
        SELECT record_id, min(row) AS first_row FROM read_parquet(${records})
        WHERE record_id IS NOT NULL GROUP BY record_id HAVING count(*) > 1
      ) USING (record_id)
      WHERE row > first_row ORDER BY row
    ) TO ${quoteText(`${duplicates}.tmp`)} (${writeOptions.parquet})`);
  renameSync(`${duplicates}.tmp`, duplicates);
}

async function summarise(source: RecordSource, columns: readonly string[]): Promise<RecordSummary> {
  const { engine, directory } = source;
  const records = `read_parquet(${quoteText(join(directory, recordFiles.records))})`;
  const duplicates = `read_parquet(${quoteText(join(directory, recordFiles.duplicates))})`;
  const emptyCounts = columns
    .slice(0, 52)
    .map((_, index) => `count(*) FILTER (empty_cells & ${2 ** index} > 0) AS e${index}`);
  const [all = {}] = await engine.rows(
    `SELECT ${[...emptyCounts, "count(*) AS rows", "count(*) - count(record_id) AS skipped"].join(", ")} FROM ${records}`,
  );
  const distinct = `SELECT row, size_bytes, input_tokens FROM ${records} WHERE record_id IS NOT NULL AND row NOT IN (SELECT row FROM ${duplicates}) ORDER BY row`;
  const [sent = {}] = await engine.rows(`
    SELECT count(*) AS records, coalesce(sum(size_bytes), 0)::BIGINT AS bytes, coalesce(max(size_bytes), 0) AS longest,
      coalesce(sum(input_tokens), 0)::BIGINT AS tokens
    FROM (${distinct})`);
  const [rowCount, skippedCount, recordCount] = [Number(all["rows"]), Number(all["skipped"]), Number(sent["records"])];
  if (recordCount === 0) throw new HalfpriceError("ALL_EMPTY", { rowCount, columns });
  const blockRecords = findBlockSize(recordCount);
  const blocks = await engine.rows(`
    SELECT min(row) AS from_row, count(*) AS records, sum(size_bytes)::BIGINT AS bytes
    FROM (SELECT row, size_bytes, (row_number() OVER () - 1) // ${blockRecords} AS block FROM (${distinct}))
    GROUP BY block ORDER BY block`);
  const samples = await engine.rows(
    `SELECT row, text FROM ${rowsWithText(source)} WHERE NOT (${isBlank("text")}) LIMIT 3`,
  );
  return {
    rowCount,
    recordCount,
    skippedCount,
    duplicateCount: rowCount - skippedCount - recordCount,
    emptyCells: Object.fromEntries(columns.slice(0, 52).map((name, index) => [name, Number(all[`e${index}`])])),
    sizeBytes: Number(sent["bytes"]),
    maxLineBytes: Number(sent["longest"]),
    inputTokens: Number(sent["tokens"]),
    blocks: blocks.map(
      (block): RecordBlock => ({
        fromRow: Number(block["from_row"]),
        recordCount: Number(block["records"]),
        sizeBytes: Number(block["bytes"]),
      }),
    ),
    samples: samples.map(({ row, text }) => ({ row: Number(row), text: String(text) })),
  };
}
