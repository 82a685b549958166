import { join } from "node:path";
import type { Engine } from "../engine/engine.ts";
import { numberedRows, quoteText, writeOptions } from "../engine/sql.ts";
import { commitFile } from "../foundation/commit-file.ts";
import { recordFiles } from "./record-files.ts";

/**
 * Writes `duplicates.parquet`: the rows that share a request with an earlier one.
 * @param comparedCount names of requests that are compared at a time, at about: what is in memory does not grow with the table
 * @returns how many rows these are
 */
export async function findDuplicates(
  engine: Engine,
  directory: string,
  rowCount: number,
  comparedCount = 1_000_000,
): Promise<number> {
  const file = join(directory, recordFiles.records);
  const target = join(directory, recordFiles.duplicates);
  const partCount = Math.ceil(rowCount / comparedCount);
  await engine.run("CREATE OR REPLACE TEMP TABLE duplicates (row BIGINT)");
  for (let part = 0; part < partCount; part += 1) {
    // A request's name is always in the same part.
    const isInPart = partCount === 1 ? "" : `AND hash(record_id) % ${partCount} = ${part}`;
    const ids = `(SELECT row, record_id FROM ${numberedRows(file)} WHERE record_id IS NOT NULL ${isInPart})`;
    await engine.run(`
      INSERT INTO duplicates SELECT row FROM ${ids}
      JOIN (SELECT record_id, min(row) AS first_row FROM ${ids} GROUP BY record_id HAVING count(*) > 1) USING (record_id)
      WHERE row > first_row`);
  }
  const [found] = await engine.rows("SELECT count(*) AS count FROM duplicates");
  await engine.run(
    `COPY (SELECT row FROM duplicates ORDER BY row) TO ${quoteText(`${target}.tmp`)} (${writeOptions.parquet})`,
  );
  await engine.run("DROP TABLE duplicates");
  commitFile(target);
  return Number(found?.["count"]);
}
