import { createReadStream, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { restoreMarks, textOf } from "../engine/cell-text.ts";
import type { Engine } from "../engine/engine.ts";
import { quoteText, writeOptions } from "../engine/sql.ts";
import { HalfpriceError } from "../errors.ts";
import type { Prompt } from "../prompt/prompt.ts";
import type { RecordBlock, RecordSummary, Table } from "../types.ts";
import { bodyOffset, bodySql, lineFrameBytes, lineOf, type RequestShape } from "./body-sql.ts";
import { dropLines } from "./drop-lines.ts";
import { estimateTokens, tokensPerRequest, tokensSql } from "./estimate-tokens.ts";
import { readWhileWriting } from "./record-pipe.ts";
import { RecordWriter } from "./record-writer.ts";
import { isBlank, renderSql } from "./render-sql.ts";

/** Where the records of a run are, below its directory. */
export const recordFiles = {
  /** row, record_id (NULL where the row is skipped), size_bytes of the line, input_tokens, empty_cells (a bit a column). */
  records: "records.parquet",
  /** Rows that share a request with an earlier row, ascending. */
  duplicates: "duplicates.parquet",
  /** The lines of all distinct records, in the order of their first rows. */
  lines: "records.jsonl",
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

/** What stands before a line on its way from the engine: record id, bytes of the line, tokens, empty cells. */
const head = { recordId: 32, sizeBytes: 10, inputTokens: 10, emptyCells: 16 } as const;
const headBytes = Object.values(head).reduce((sum, width) => sum + width, 0);

/** Columns whose empty cells are counted: a bit each of a number that a double holds. */
const countedColumns = 52;

/**
 * Renders the prompt over every row, names each request, and finds out what is distinct: one pass of the engine, whose
 * lines are taken apart while they come. Leaves `records.jsonl`, the bytes that will be uploaded, `records.parquet` and
 * `duplicates.parquet` in the run's directory.
 * @throws UNKNOWN_COLUMN, PROMPT_FAILED, ALL_EMPTY
 */
export async function makeRecords(source: RecordSource): Promise<RecordSummary> {
  const { engine, directory } = source;
  const { sql, columns } = linesSql(source);
  const lines = join(directory, recordFiles.lines);
  const heads = join(directory, "heads.tmp");
  const writer = new RecordWriter(headBytes, heads, `${lines}.tmp`);
  await readWhileWriting(
    join(directory, "lines.pipe"),
    (path) => engine.run(`COPY (${sql}) TO ${quoteText(path)} (${writeOptions.lines})`),
    (chunk) => writer.see(chunk),
  );
  await writer.end();
  await writeRecords(engine, heads, join(directory, recordFiles.records));
  rmSync(heads);
  const duplicateCount = await findDuplicates(engine, directory);
  if (duplicateCount > 0) await dropLines(`${lines}.tmp`, readDuplicateLines(engine, directory));
  renameSync(`${lines}.tmp`, lines);
  return summarise(source, columns);
}

/** The engine's one pass: a head of fixed width and the line, for every row in its order. */
function linesSql({ engine, table, prompt, shape }: RecordSource): { sql: string; columns: readonly string[] } {
  const { text, columns } = renderSql(engine, table, prompt);
  const { body, recordId, fixedText } = bodySql(shape);
  const bits = columns
    .slice(0, countedColumns)
    .map((name, index) => `CASE WHEN coalesce(${cellOf(table, name)}, '') = '' THEN ${2 ** index} ELSE 0 END`);
  // A template puts cells side by side: their marks can wait until there is one text to look at. A function sees cells.
  const canWait = prompt.kind === "template" && !prompt.parts.some(({ kind }) => kind === "row");
  const marked = canWait ? table.marked : undefined;
  const [lineFeed, carriageReturn] = marked?.marks ?? [];
  const restored = (from: string, pair: readonly [number, number] | undefined): string =>
    pair === undefined || marked === undefined
      ? from
      : `(SELECT ${restoreMarks("text", { ...marked, marks: [pair] })} AS text, empty_cells FROM ${from})`;
  const rendered = `(SELECT ${text} AS text, (${bits.join(" + ") || "0"})::BIGINT AS empty_cells FROM ${marked?.relation ?? table.relation})`;
  const texts = restored(restored(rendered, lineFeed), carriageReturn);
  const tokens = `${tokensSql("text")} + ${estimateTokens(fixedText) + tokensPerRequest}`;
  const pad = (expression: string, width: number): string => `lpad((${expression})::BIGINT::VARCHAR, ${width}, '0')`;
  const sql = `
    SELECT concat(
      CASE WHEN blank THEN repeat(' ', ${head.recordId}) ELSE record_id END,
      ${pad(`strlen(body) + ${lineFrameBytes}`, head.sizeBytes)}, ${pad("tokens", head.inputTokens)},
      ${pad("empty_cells", head.emptyCells)}, CASE WHEN blank THEN '' ELSE ${lineOf("record_id", "body")} END
    ) AS line
    FROM (
      SELECT *, ${recordId("body")} AS record_id
      FROM (SELECT ${body("text")} AS body, ${isBlank("text")} AS blank, ${tokens} AS tokens, empty_cells FROM ${texts})
    )`;
  return { sql, columns };
}

/** The heads as a table: row, record_id, size_bytes, input_tokens, empty_cells. */
async function writeRecords(engine: Engine, heads: string, records: string): Promise<void> {
  let at = 1;
  const field = (name: keyof typeof head): string => {
    const sql = `substring(head, ${at}, ${head[name]})`;
    at += head[name];
    return sql;
  };
  await engine.run(`
    COPY (
      SELECT row_number() OVER () - 1 AS row, nullif(${field("recordId")}, repeat(' ', ${head.recordId})) AS record_id,
        ${field("sizeBytes")}::INTEGER AS size_bytes, ${field("inputTokens")}::INTEGER AS input_tokens,
        ${field("emptyCells")}::BIGINT AS empty_cells
      FROM read_csv(${quoteText(heads)}, columns = {'head': 'VARCHAR'}, header = false, auto_detect = false, delim = '',
        quote = '', escape = '')
    ) TO ${quoteText(`${records}.tmp`)} (${writeOptions.parquet})`);
  renameSync(`${records}.tmp`, records);
}

function cellOf(table: Table, name: string): string {
  const column = table.columns.find((each) => each.name === name);
  return column === undefined ? "NULL" : textOf(column);
}

/** @returns how many rows share a request with an earlier one */
async function findDuplicates(engine: Engine, directory: string): Promise<number> {
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
  const [counted] = await engine.rows(`SELECT count(*) AS count FROM read_parquet(${quoteText(duplicates)})`);
  return Number(counted?.["count"]);
}

/** The numbers of the lines to drop: skipped rows have none, so a line's number is not its row's. */
async function* readDuplicateLines(engine: Engine, directory: string): AsyncGenerator<number> {
  const [records, duplicates] = [recordFiles.records, recordFiles.duplicates].map((name) =>
    quoteText(join(directory, name)),
  );
  const sql = `
    SELECT line FROM (
      SELECT row, row_number() OVER () - 1 AS line FROM read_parquet(${records}) WHERE record_id IS NOT NULL
    ) WHERE row IN (SELECT row FROM read_parquet(${duplicates})) ORDER BY line`;
  for await (const [lines = []] of engine.chunks(sql)) {
    for (const line of lines) yield Number(line);
  }
}

async function summarise(source: RecordSource, columns: readonly string[]): Promise<RecordSummary> {
  const { engine, directory } = source;
  const records = `read_parquet(${quoteText(join(directory, recordFiles.records))})`;
  const duplicates = `read_parquet(${quoteText(join(directory, recordFiles.duplicates))})`;
  const emptyCounts = columns
    .slice(0, countedColumns)
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
  const samples = await readSamples(source, distinct);
  return {
    rowCount,
    recordCount,
    skippedCount,
    duplicateCount: rowCount - skippedCount - recordCount,
    emptyCells: Object.fromEntries(
      columns.slice(0, countedColumns).map((name, index) => [name, Number(all[`e${index}`])]),
    ),
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
    samples,
  };
}

/** The first rendered prompts, from the lines themselves: a prompt function is not called again. */
async function readSamples(
  { engine, shape, directory }: RecordSource,
  distinct: string,
): Promise<RecordSummary["samples"]> {
  const rows = await engine.rows(`SELECT row FROM (${distinct}) LIMIT 3`);
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
        samples.push({ row: Number(row), text: readText(line.slice(bodyOffset, -1)) });
      }
    }
    return samples;
  } finally {
    input.destroy();
  }
}
