/** Where the records of a run are, below its directory. */
export const recordFiles = {
  /** One row for each row of the table, in its order: record_id (NULL where the row is skipped), size_bytes of the line, input_tokens. */
  records: "records.parquet",
  /** Rows that share a request with an earlier row, ascending. */
  duplicates: "duplicates.parquet",
  /**
   * The lines of all distinct records, in the order of their first rows. Where requests have pictures or documents, marks stand for these
   * until the run begins.
   */
  lines: "records.jsonl",
  /** The requests of a packed run, in the order of their first rows; its `records.jsonl` has the cells of each row instead of a request. */
  packLines: "packs.jsonl",
  /** Which rows share a request: pack_id, from_row, record_ids and weights, both with spaces between. */
  packs: "packs.parquet",
  /** The pictures and documents of the requests, by the hashes of their contents; absent where there are none. */
  media: "media",
} as const;

/** Stands in the file of lines where a row has none, until such lines are dropped. */
export const noLine = "-";

/**
 * Beside lines with pictures and documents in them, the same lines with marks for these: what is read again, retried and shown is those.
 * `input/records.jsonl` → `input/records-marked.jsonl`.
 */
export const toMarkedLines = (lines: string): string => lines.replace(/\.jsonl$/, "-marked.jsonl");
