/** A table that the engine can read: what every later stage works on. */
export interface Table {
  readonly format: TableFormat;
  readonly path: string;
  /** In the table's order. */
  readonly columns: readonly Column[];
  /** What stands after FROM to read all rows in their order. */
  readonly relation: string;
}

export type TableFormat = "csv" | "tsv" | "jsonl" | "parquet";

export interface Column {
  readonly name: string;
  /** The engine's type: `VARCHAR`, `BIGINT`, `STRUCT(…)`. Cells of CSV and TSV are always text. */
  readonly type: string;
}

/** The format that a file's name says, or undefined. */
export function findFormat(path: string): TableFormat | undefined {
  const ending = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase();
  switch (ending) {
    case "csv":
    case "tsv":
    case "parquet":
    case "jsonl":
      return ending;
    case "tab":
      return "tsv";
    case "ndjson":
      return "jsonl";
    case "pq":
      return "parquet";
    default:
      return undefined;
  }
}
