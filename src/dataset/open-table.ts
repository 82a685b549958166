import { restoreMarks } from "../engine/cell-text.ts";
import type { Engine } from "../engine/engine.ts";
import { quoteList, quoteName, quoteText } from "../engine/sql.ts";
import { HalfpriceError, isError } from "../foundation/errors/index.ts";
import type { Column, MarkedRelation, Table, TableFormat } from "../foundation/types/index.ts";
import { checkNames, readCsvHeader } from "./csv-header.ts";
import { explainTableError, type ShownPaths } from "./engine-errors.ts";
import { refuseBadLine } from "./find-bad-line.ts";
import { detectColumns, jsonLines, readKeys, spellApart, spellKeys, typeOf } from "./json-columns.ts";
import { type PathColumns, pathColumn, pathOption, withPathColumns } from "./path-columns.ts";
import type { BreakMarks } from "./quoted-breaks.ts";

/** How a frozen table has to be read, besides its format. */
export interface TableReading {
  /** A row is longer than usual: larger buffers, more memory. */
  readonly hasLongRows: boolean;
  /** Line breaks inside quoted cells stand as these. */
  readonly marks?: Partial<BreakMarks>;
  /** The columns of JSON Lines and their types in the engine, where they are known; else they are found in the file. */
  readonly columns?: Readonly<Record<string, string>>;
  /** Columns of JSON Lines that are read as text, since a number would lose digits. */
  readonly textColumns?: readonly string[];
  /** Objects of JSON Lines are structs, for a query; they are JSON as it stands in the file otherwise. */
  readonly hasStructs?: boolean;
  /** Of a CSV, where the file or the user names it. */
  readonly delimiter?: string;
  /** Of a CSV, where it is not `"`; empty where quotes are letters like others. */
  readonly quote?: string;
  /** Lines that the source has more than the copy, before the names of columns. */
  readonly lineOffset?: number;
  /** How columns are spelled whose names differ from another's in case only, by their names here. */
  readonly spellings?: Readonly<Record<string, string>>;
}

/** Rows up to this many bytes are read with buffers of the usual size. */
export const usualRowBytes = 2 * 1024 * 1024;

/** Above the longest row that Bedrock would take (1 GB a file) nothing sensible is a row of a table. */
const longRowBytes = 32 * 1024 * 1024;

/** How a table is opened. */
export interface OpenOptions {
  readonly shown: ShownPaths;
  readonly reading?: TableReading;
  /** Columns whose values stand in the folders of the files; none where left out. */
  readonly pathColumns?: PathColumns;
}

/**
 * Opens files of one format as one table. Cells of CSV and TSV stay the text that they are; JSONL keeps the types of
 * JSON, and text that looks like a date stays text.
 * @throws EMPTY_TABLE, BROKEN_TABLE, BAD_ENCODING, BAD_COLUMN_NAMES, DIFFERENT_COLUMNS
 */
export async function openTable(
  engine: Engine,
  paths: readonly string[],
  format: TableFormat,
  options: OpenOptions,
): Promise<Table> {
  const [path] = paths;
  if (path === undefined) throw new RangeError("a table needs at least one file");
  try {
    const opened =
      format === "csv" || format === "tsv"
        ? openCsv(paths, format, options)
        : await openSelfDescribing(engine, paths, format, options);
    // With columns of paths what is joined is read as it stands, without marks.
    const table = options.pathColumns === undefined ? opened : withPathColumns(opened, options.pathColumns);
    checkNames(
      table.columns.map(({ name }) => name),
      options.shown.whole,
    );
    const [first] = await engine.rows(`SELECT 1 AS found FROM ${table.relation} LIMIT 1`);
    if (first === undefined) throw new HalfpriceError("EMPTY_TABLE", { path: options.shown.whole });
    return { ...table, format, path };
  } catch (error) {
    if (format === "jsonl" && !isError(error)) {
      for (const each of paths) await refuseBadLine(each, options.shown.sources?.get(each) ?? options.shown.whole);
    }
    throw await explainTableError(error, options.shown, options.reading);
  }
}

type Opened = Pick<Table, "columns" | "relation" | "marked">;

function openCsv(
  paths: readonly string[],
  format: "csv" | "tsv",
  { shown, reading, pathColumns }: OpenOptions,
): Opened {
  const [first = ""] = paths;
  const show = (path: string): string => shown.sources?.get(path) ?? shown.whole;
  const { delimiter, names } = readCsvHeader(first, format, show(first), reading);
  for (const path of paths.slice(1)) {
    const other = readCsvHeader(path, format, show(path), reading);
    if (other.names.join("\0") !== names.join("\0") || other.delimiter !== delimiter) {
      const details = {
        path: show(path),
        first: show(first),
        columns: other.names.join(", "),
        firstColumns: names.join(", "),
      };
      throw new HalfpriceError("DIFFERENT_COLUMNS", details);
    }
  }
  const columns = spellApart(names).map((column): Column => ({ ...column, type: "VARCHAR" }));
  const quote = quoteText(reading?.quote ?? '"');
  const types = columns.map(({ name, type }) => `${quoteText(name)}: ${quoteText(type)}`).join(", ");
  // Every part of the dialect is said: where one is left out, detection guesses it, and guesses differ from file to file.
  const options = [
    `header = true, auto_detect = false, quote = ${quote}, escape = ${quote}, strict_mode = true`,
    `delim = ${quoteText(delimiter)}`,
    `columns = {${types}}`,
    // There are some buffers for each thread, so large ones for all files would cost memory on all files.
    `max_line_size = ${reading?.hasLongRows === true ? longRowBytes : usualRowBytes}`,
    `buffer_size = ${reading?.hasLongRows === true ? 2 * longRowBytes : 4 * usualRowBytes}`,
    `hive_partitioning = false${pathOption(pathColumns)}`,
  ];
  const more = pathColumns === undefined ? [] : [{ name: pathColumn, type: "VARCHAR" }];
  return restoreBreaks(`read_csv(${quoteList(paths)}, ${options.join(", ")})`, [...columns, ...more], reading);
}

/** Puts the line breaks of cells back where marks stand for them. */
function restoreBreaks(relation: string, columns: readonly Column[], reading: TableReading | undefined): Opened {
  if (reading?.marks === undefined) return { columns, relation };
  const { lineFeed, carriageReturn } = reading.marks;
  const feed = lineFeed === undefined ? [] : [[lineFeed, 10] as const];
  const carriage = carriageReturn === undefined ? [] : [[carriageReturn, 13] as const];
  const marked: MarkedRelation = { relation, marks: [...feed, ...carriage] };
  const cells = columns.map(({ name }) => `${restoreMarks(quoteName(name), marked)} AS ${quoteName(name)}`);
  return { columns, relation: `(SELECT ${cells.join(", ")} FROM ${relation})`, marked };
}

async function openSelfDescribing(
  engine: Engine,
  paths: readonly string[],
  format: "jsonl" | "parquet",
  { shown, reading, pathColumns }: OpenOptions,
): Promise<Opened> {
  const files = quoteList(paths);
  if (format === "parquet") {
    const relation = `read_parquet(${files}, hive_partitioning = false${pathOption(pathColumns)})`;
    const described = await describe(engine, relation);
    const columns = described.map((column) => {
      const spelling = reading?.spellings?.[column.name];
      return spelling === undefined ? column : { ...column, spelling };
    });
    return { columns, relation };
  }
  if (reading?.columns !== undefined) {
    const columns = Object.entries(reading.columns).map(([name, type]) => ({ name, type }));
    return { columns, relation: readLines(files, columns, pathColumns) };
  }
  const detected = await detectColumns(engine, files, shown);
  // Where a line is no object the engine gives up on columns and calls the whole line `json`.
  if (detected.length === 1 && detected[0]?.name === "json") {
    for (const path of paths) await refuseBadLine(path, shown.sources?.get(path) ?? shown.whole);
  }
  const columns = (await spellKeys(engine, files, detected)).map((column) => ({
    ...column,
    type: typeOf(column, reading),
  }));
  if (columns.some(({ spelling }) => spelling !== undefined))
    return { columns, relation: readKeys(files, columns, pathColumns) };
  return { columns, relation: readLines(files, columns, pathColumns) };
}

function readLines(files: string, columns: readonly Column[], pathColumns: PathColumns | undefined): string {
  const types = columns.map(({ name, type }) => `${quoteText(name)}: ${quoteText(type)}`).join(", ");
  return `read_json(${files}, ${jsonLines}${pathOption(pathColumns)}, columns = {${types}})`;
}

async function describe(engine: Engine, relation: string): Promise<Column[]> {
  const rows = await engine.rows(`DESCRIBE SELECT * FROM ${relation}`);
  return rows.map((row) => ({ name: String(row["column_name"]), type: String(row["column_type"]) }));
}
