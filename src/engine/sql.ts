/** A text as a literal of SQL. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A column's name as an identifier of SQL, whatever is in it. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A list of texts as a literal of SQL. */
export function quoteList(texts: readonly string[]): string {
  return `[${texts.map(quoteText).join(", ")}]`;
}

/** The writer's options of a file by its format; order is always kept. */
export const writeOptions = {
  parquet: "FORMAT parquet, COMPRESSION zstd",
  /** Parquet that is read once and thrown away. */
  scratch: "FORMAT parquet, COMPRESSION lz4_raw",
  csv: "FORMAT csv, HEADER true",
  jsonl: "FORMAT json",
  /** One JSON value a line, as it is: nothing is quoted or escaped again. */
  lines: "FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER ''",
} as const;

/** What a row group of Parquet has in memory while it is written, at about; there are two or three at a time. */
const rowGroupBytes = 24 * 1024 * 1024;

/** The writer's option for row groups, by the bytes of a row: as many rows as usual, unless they would fill the memory. */
export function rowGroups(rowBytes: number): string {
  const vectors = Math.floor(rowGroupBytes / Math.max(1, rowBytes) / 2048);
  return `ROW_GROUP_SIZE ${2048 * Math.min(60, Math.max(1, vectors))}`;
}

/** The rows of a Parquet file, or of the files that a pattern names, each with its number, from 0, as the column `row`. */
export function numberedRows(path: string): string {
  if (/[*[][^/\\]*$/.test(path))
    return `(SELECT row_number() OVER () - 1 AS row, * FROM read_parquet(${quoteText(path)}, hive_partitioning = false))`;
  return `(SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet(${quoteText(path)}, file_row_number = true))`;
}

/** How long a line may be, and what is read at a time; the engine holds some of these buffers for each thread. */
const lineSizes = {
  short: "max_line_size = 2097152, buffer_size = 8388608",
  usual: "max_line_size = 33554432, buffer_size = 67108864",
  huge: "max_line_size = 201326592, buffer_size = 402653184",
} as const;

/**
 * The engine's reader of lines as they are, as one column `line`: split at line feeds only, since texts may hold U+2028 and
 * U+0085, and with no idea of quotes or cells.
 */
export function linesOf(files: readonly string[], size: keyof typeof lineSizes = "usual"): string {
  const options = "header = false, delim = '', quote = '', escape = '', auto_detect = false, strict_mode = false";
  return `read_csv(${quoteList(files)}, columns = {'line': 'VARCHAR'}, ${options}, ${lineSizes[size]})`;
}
