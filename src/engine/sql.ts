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
  scratch: "FORMAT parquet, COMPRESSION snappy",
  csv: "FORMAT csv, HEADER true",
  jsonl: "FORMAT json",
  /** One JSON value a line, as it is: nothing is quoted or escaped again. */
  lines: "FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER ''",
} as const;
