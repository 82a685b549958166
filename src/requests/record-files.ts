/** Where the records of a run are, below its directory. */
export const recordFiles = {
  /** One row for each row of the table, in its order: record_id (NULL where the row is skipped), size_bytes of the line, input_tokens. */
  records: "records.parquet",
  /** Rows that share a request with an earlier row, ascending. */
  duplicates: "duplicates.parquet",
  /** The lines of all distinct records, in the order of their first rows. */
  lines: "records.jsonl",
  /** The requests of a packed run, in the order of their first rows; its `records.jsonl` has the cells of each row instead of a request. */
  packLines: "packs.jsonl",
  /** Which rows share a request: pack_id, from_row, record_ids and weights, both with spaces between. */
  packs: "packs.parquet",
} as const;
