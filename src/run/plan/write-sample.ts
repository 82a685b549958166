import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type FrozenTable, openFrozen } from "../../dataset/freeze-table.ts";
import type { Engine } from "../../engine/engine.ts";
import { numberedRows, quoteName, quoteText, writeOptions } from "../../engine/sql.ts";
import { recordFiles } from "../../requests/record-files.ts";

/** Records at random, as SQL: record_id, and the first row of each. */
export const sampleSql = (directory: string, count: number, seed: number): string => `
  SELECT record_id, row FROM (
    SELECT record_id, min(row) AS row FROM ${numberedRows(join(directory, recordFiles.records))}
    WHERE record_id IS NOT NULL GROUP BY 1
  ) ORDER BY md5(concat(${seed}, ':', record_id)) LIMIT ${count}`;

/**
 * Writes rows at random, of distinct requests, as a table of their own. Which rows these are hangs on the table, the prompt and the seed
 * alone, and not on what was answered before.
 * @returns its path, below the run's directory
 */
export async function writeSample(
  engine: Engine,
  directory: string,
  { file, reading }: Pick<FrozenTable, "file" | "reading">,
  { count, seed }: { readonly count: number; readonly seed: number },
): Promise<string> {
  const table = await openFrozen(engine, file, file, reading);
  const folder = join(directory, "sample");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "sample.parquet");
  const chosen = await engine.rows(sampleSql(directory, count, seed));
  const columns = table.columns.map(({ name }) => quoteName(name)).join(", ");
  await engine.run(`
    COPY (
      SELECT ${columns} FROM (SELECT *, row_number() OVER () - 1 AS "halfprice row" FROM ${table.relation})
      WHERE "halfprice row" IN (${chosen.map(({ row }) => String(row)).join(", ")}) ORDER BY "halfprice row"
    ) TO ${quoteText(path)} (${writeOptions.parquet})`);
  return path;
}
