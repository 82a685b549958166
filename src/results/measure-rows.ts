import { statSync } from "node:fs";
import type { Engine } from "../engine/engine.ts";
import { quoteText } from "../engine/sql.ts";
import type { Table } from "../foundation/types/index.ts";

/** The frozen rows, as they are measured. */
export type MeasuredTable = Pick<Table, "columns" | "path" | "format">;

/**
 * Bytes of a frozen row, the mean of all. A prompt may leave out the longest column, so the bytes of requests do not tell. Of
 * Parquet what its footer says before compression, which is less than the text where values repeat.
 */
export async function measureRows(engine: Engine, { path, format }: MeasuredTable, rowCount: number): Promise<number> {
  return (format === "parquet" ? await readUnpackedBytes(engine, path) : statSync(path).size) / Math.max(1, rowCount);
}

async function readUnpackedBytes(engine: Engine, path: string): Promise<number> {
  const [sum = {}] = await engine.rows(
    `SELECT coalesce(sum(total_uncompressed_size), 0)::BIGINT AS bytes FROM parquet_metadata(${quoteText(path)})`,
  );
  return Number(sum["bytes"]);
}
