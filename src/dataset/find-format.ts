import type { TableFormat } from "../foundation/types/index.ts";

/** The format that a file's name says, or undefined. */
export function findFormat(path: string): TableFormat | undefined {
  const ending = /\.([a-z]+)(?:\.(?:gz|zstd?))?$/i.exec(path)?.[1]?.toLowerCase();
  switch (ending) {
    case "csv":
    case "tsv":
    case "parquet":
    case "jsonl":
      return ending;
    // Its first sheet is read as CSV.
    case "xlsx":
      return "csv";
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
