import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { basename, join } from "node:path";
import type { Engine } from "../engine/engine.ts";
import { quoteName, quoteText, writeOptions } from "../engine/sql.ts";
import { commitFile } from "../foundation/commit-file.ts";
import { defined } from "../foundation/defined.ts";
import { HalfpriceError, isError } from "../foundation/errors/index.ts";
import { findNearest } from "../foundation/nearest-name.ts";
import type { DialectOptions } from "../foundation/options/dialect-options.ts";
import type { Table, TableFormat } from "../foundation/types/index.ts";
import { copyFiles } from "./copy-files.ts";
import { explainTableError } from "./engine-errors.ts";
import { findFiles, type SourceFile, takeFiles } from "./find-files.ts";
import { keepDigits } from "./keep-digits.ts";
import { openTable, type TableReading } from "./open-table.ts";
import { toPathColumns } from "./path-columns.ts";
import { findSheet } from "./read-sheet.ts";

/** Which rows of which files a run works on. */
export interface TableInput {
  /** A path or a glob; where files are given, only what the table is called. */
  readonly path: string;
  /** The files, in the order of their rows; those that `path` names where they are left out. */
  readonly files?: readonly SourceFile[];
  /** Columns whose values stand in the folders of the files. @defaultValue those of a glob */
  readonly pathColumns?: readonly string[];
  /** Only the first so many rows, of those that are left. */
  readonly limit?: number;
  /** n rows at random, in the table's order; the same seed takes the same rows. */
  readonly sample?: { readonly count: number; readonly seed: number };
  /** Only these columns, in this order. */
  readonly select?: readonly string[];
  /** A query over the table, which it calls `input`. */
  readonly sql?: string;
  /** Every row comes so often, one after the other, each with its number in a column more; from 2. */
  readonly answersPerRow?: number;
  /** How the file is written, where that is not what halfprice finds out by itself. */
  readonly dialect?: DialectOptions;
  /**
   * Of JSON Lines that this program wrote and never changes: the columns and their types in the engine. The frozen table is a link to the file.
   * @defaultValue what is found in the file, which is copied
   */
  readonly columns?: Readonly<Record<string, string>>;
}

/** Which of a row's answers a row of the results has, from 1: a column where several are wanted. */
export const answerNumberColumn = "_halfprice_answer_number";

/** A table as it was taken. */
export interface FrozenTable {
  readonly table: Table;
  /** The file in the run's directory. */
  readonly file: string;
  readonly reading: TableReading;
  /** Hash of the source's bytes and the limit: the same input has the same fingerprint. */
  readonly fingerprint: string;
  readonly sourceSizeBytes: number;
  /** The files that were read: the members of a glob, one by one. */
  readonly sourceFiles: readonly string[];
}

/**
 * Takes the input as it is now into the run's directory, so that what is rendered, sent and joined is the same table
 * even when the source changes: a copy of the file, or Parquet where it is several files or a part of one. In the copy of a
 * CSV, line breaks inside quoted cells stand as marks.
 * @throws NO_SUCH_FILE, IS_A_DIRECTORY, UNREADABLE_FILE, UNKNOWN_FORMAT, MIXED_FORMATS, EMPTY_TABLE, BROKEN_TABLE,
 * BAD_ENCODING, BAD_COLUMN_NAMES, DIFFERENT_COLUMNS
 */
export async function freezeTable(engine: Engine, input: TableInput, directory: string): Promise<FrozenTable> {
  const { files, format, pathNames } =
    input.files === undefined
      ? await findFiles(engine, input.path)
      : takeFiles(input.path, input.files, input.pathColumns ?? []);
  const paths = files.map(({ path }) => path);
  const isWhole = paths.length === 1 && isAll(input) && pathNames.length === 0;
  const { dialect = {} } = input;
  refuseDialect(dialect, format, paths);
  const notes = await readNotes(paths, dialect);
  const {
    sources,
    contentHashes,
    sourceSizeBytes,
    reading: copied,
  } = await copyFiles(files, format, isWhole, directory, dialect, input.columns !== undefined);
  const textColumns: string[] = [];
  // Where the types are known, nothing is taken for a double that is none.
  if (format === "jsonl" && input.columns === undefined)
    for (const copy of sources.keys()) textColumns.push(...(await keepDigits(engine, copy, input.sql !== undefined)));
  const known = input.sql === undefined ? copied : { ...copied, hasStructs: true };
  const reading = {
    ...known,
    ...(textColumns.length === 0 ? {} : { textColumns: [...new Set(textColumns)] }),
    ...defined({ columns: input.columns }),
  };
  // The copy that stays has its name already; no ledger knows of it yet.
  if (isWhole) for (const copy of sources.keys()) commitFile(copy, copy);
  const { path: _, files: __, columns: ___, ...part } = input;
  const hash = createHash("sha256").update(`${format}\n${JSON.stringify(part)}\n`);
  for (const [index, { shown: path }] of files.entries()) {
    const place = pathNames.length === 0 ? basename(path) : path;
    hash.update(`${place}\n${contentHashes[index]}\n`);
  }
  const fingerprint = hash.digest("hex");
  const shown = { whole: input.path, sources };
  const read = [...sources].map(([copy, source]) => ({ path: copy, shown: source }));
  const pathColumns = toPathColumns(read, pathNames);
  const options = { shown, reading, ...(pathColumns === undefined ? {} : { pathColumns }) };
  const opened = await openTable(engine, [...sources.keys()], format, options).catch((error: unknown) => {
    throw withSheets(error, notes);
  });
  const table = withNotes(opened, notes);
  const source = { fingerprint, sourceSizeBytes, sourceFiles: paths };
  if (isWhole) return { table, file: join(directory, `rows.${format}`), reading, ...source };
  const file = join(directory, "rows.parquet");
  try {
    const part = await keepWholeNumbers(engine, partOf(table, input));
    await engine.run(`COPY (${part}) TO ${quoteText(`${file}.tmp`)} (${writeOptions.parquet})`);
    commitFile(file);
  } catch (error) {
    const explained = await explainTableError(error, shown, reading);
    if (isError(explained) || input.sql === undefined) throw explained;
    const reason = (error as Error).message.split("\n")[0]?.replace(/\.$/, "") ?? "";
    throw new HalfpriceError("BAD_SQL", { sql: input.sql, reason }, { cause: error });
  }
  for (const copy of sources.keys()) if (copy.startsWith(directory)) rmSync(copy);
  const parquet = await openTable(engine, [file], "parquet", { shown });
  return { table: withNotes(keepSpelling(parquet, table), notes), file, reading: readingOf(table), ...source };
}

/** What to know of workbooks that are read. @throws BAD_OPTIONS, BROKEN_TABLE */
async function readNotes(paths: readonly string[], { sheet }: DialectOptions): Promise<string[]> {
  const notes: string[] = [];
  for (const path of paths.filter((each) => /\.xlsx$/i.test(each))) {
    // What is no workbook is told by the reading that follows.
    const found = await findSheet(path, sheet).catch((error: unknown) => {
      if (error instanceof HalfpriceError) throw error;
      return undefined;
    });
    notes.push(...(found?.notes ?? []));
  }
  return notes;
}

/** Names that differ in case only, and what else is to be known when a part is opened again. */
const readingOf = ({ columns }: Table): TableReading => {
  const spelled = columns.flatMap(({ name, spelling }) => (spelling === undefined ? [] : [[name, spelling] as const]));
  return { hasLongRows: false, ...(spelled.length === 0 ? {} : { spellings: Object.fromEntries(spelled) }) };
};

function keepSpelling(part: Table, whole: Table): Table {
  const spellings = new Map(whole.columns.map(({ name, spelling }) => [name, spelling]));
  const columns = part.columns.map((column) => {
    const spelling = spellings.get(column.name);
    return spelling === undefined ? column : { ...column, spelling };
  });
  return { ...part, columns };
}

function withNotes(table: Table, more: readonly string[]): Table {
  const spelled = table.columns.flatMap(({ name, spelling }) =>
    spelling === undefined
      ? []
      : [
          `The column ${JSON.stringify(spelling)} differs from another in case only: {{${spelling}}} means it, and in the results it is called ${name}.`,
        ],
  );
  const notes = [...more, ...spelled];
  return notes.length === 0 ? table : { ...table, notes };
}

/** An empty table may be the wrong sheet. */
function withSheets(error: unknown, notes: readonly string[]): unknown {
  if (!(error instanceof HalfpriceError) || error.code !== "EMPTY_TABLE" || notes.length === 0) return error;
  const { path } = error.details as { path: string };
  return new HalfpriceError("EMPTY_TABLE", { path, note: notes[0] }, { cause: error });
}

/** @throws BAD_OPTIONS for what the file's format does not have */
function refuseDialect(dialect: DialectOptions, format: TableFormat, paths: readonly string[]): void {
  const isSheet = paths.every((path) => /\.xlsx$/i.test(path));
  const isCsv = (format === "csv" || format === "tsv") && !isSheet;
  const [path = ""] = paths;
  const options = [
    ...(dialect.sheet !== undefined && !isSheet ? ["--sheet is for Excel workbooks (.xlsx)"] : []),
    ...(dialect.encoding !== undefined && (format === "parquet" || isSheet)
      ? ["--encoding is for CSV, TSV and JSON Lines"]
      : []),
    ...((dialect.delimiter ?? dialect.quote) !== undefined && !isCsv
      ? ["--delimiter and --quote are for CSV and TSV"]
      : []),
    ...((dialect.hasHeader ?? dialect.skippedRows) !== undefined && !isCsv && !isSheet
      ? ["--no-header and --skip-rows are for CSV, TSV and Excel workbooks"]
      : []),
  ];
  if (options.length === 0) return;
  const problems = options.map((option) => `${option}; ${path} is ${isSheet ? "xlsx" : format}`);
  throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice run" });
}

const isAll = ({ limit, sample, select, sql, answersPerRow }: TableInput): boolean =>
  [limit, sample, select, sql, answersPerRow].every((part) => part === undefined);

/** The rows and columns that are wanted, as SQL. @throws UNKNOWN_COLUMN, COLUMN_COLLISION */
function partOf(table: Table, { limit, sample, select, sql, answersPerRow }: TableInput): string {
  if (answersPerRow !== undefined && table.columns.some(({ name }) => name.toLowerCase() === answerNumberColumn)) {
    throw new HalfpriceError("COLUMN_COLLISION", { columns: [answerNumberColumn] });
  }
  let query =
    sql === undefined ? `SELECT * FROM ${table.relation}` : `WITH input AS (SELECT * FROM ${table.relation}) ${sql}`;
  if (select !== undefined) {
    const columns = table.columns.map(({ name }) => name);
    const unknown = sql === undefined ? select.find((name) => !columns.includes(name)) : undefined;
    if (unknown !== undefined) {
      const details = { column: unknown, where: "--select", columns, nearest: findNearest(unknown, columns) };
      throw new HalfpriceError("UNKNOWN_COLUMN", details);
    }
    query = `SELECT ${select.map(quoteName).join(", ")} FROM (${query})`;
  }
  if (sample !== undefined) {
    // By the hash of seed and place: the same rows whatever the threads do, where the engine's own sampling differs.
    const numbered = `(SELECT *, row_number() OVER () AS "halfprice row" FROM (${query}))`;
    query = `SELECT * EXCLUDE ("halfprice row") FROM ${numbered} WHERE "halfprice row" IN (
      SELECT "halfprice row" FROM ${numbered} ORDER BY md5(concat(${sample.seed}, ':', "halfprice row")) LIMIT ${sample.count}
    ) ORDER BY "halfprice row"`;
  }
  if (limit !== undefined) query = `SELECT * FROM (${query}) LIMIT ${limit}`;
  if (answersPerRow === undefined) return query;
  return `SELECT *, unnest(range(1, ${answersPerRow + 1}))::INTEGER AS ${quoteName(answerNumberColumn)} FROM (${query})`;
}

/** Parquet has no whole numbers of 128 bits, as sums are: the engine would write them as doubles. Those of 38 digits are decimals. */
async function keepWholeNumbers(engine: Engine, query: string): Promise<string> {
  const described = await engine.rows(`DESCRIBE ${query}`);
  const wide = described.filter((row) => /^U?HUGEINT$/.test(String(row["column_type"])));
  if (wide.length === 0) return query;
  const casts = wide.map((row) => {
    const name = quoteName(String(row["column_name"]));
    return `${name}::DECIMAL(38, 0) AS ${name}`;
  });
  return `SELECT * REPLACE (${casts.join(", ")}) FROM (${query})`;
}

/** Opens a table that was frozen before. */
export function openFrozen(engine: Engine, file: string, whole: string, reading: TableReading): Promise<Table> {
  return openTable(engine, [file], file.split(".").at(-1) as TableFormat, { shown: { whole }, reading });
}
