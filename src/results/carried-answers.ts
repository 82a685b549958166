import type { Engine } from "../engine/engine.ts";
import { numberedRows, quoteText } from "../engine/sql.ts";
import type { Part } from "./cut-parts.ts";

/** The table of answers that later parts need too. */
export const carriedTable = "carried";

/**
 * Finds the records whose rows lie in several parts: the part with the first of them has the answer, which is carried to the others.
 * @returns whether there are any
 */
export async function findCarried(
  engine: Engine,
  parts: readonly Part[],
  { recordsFile, duplicatesFile }: { readonly recordsFile: string; readonly duplicatesFile: string },
): Promise<boolean> {
  const partOf = parts.map(({ toRow }, index) => `WHEN row < ${toRow} THEN ${index}`).join(" ");
  const records = numberedRows(recordsFile);
  await engine.run(`
    CREATE OR REPLACE TABLE carried_ids AS
      SELECT record_id, min(row) AS first_row FROM ${records}
      WHERE record_id IN (
        SELECT record_id FROM ${records} WHERE row IN (SELECT row FROM read_parquet(${quoteText(duplicatesFile)}))
      )
      GROUP BY record_id HAVING count(DISTINCT CASE ${partOf} END) > 1`);
  const [counted] = await engine.rows("SELECT count(*) AS count FROM carried_ids");
  return Number(counted?.["count"]) > 0;
}

/** Keeps the answers that later parts need of this one. @param answers the table with the part's answers */
export async function carryAnswers(engine: Engine, { fromRow, toRow }: Part, answers: string): Promise<void> {
  const carried = `SELECT * FROM ${answers} WHERE record_id IN (
    SELECT record_id FROM carried_ids WHERE first_row >= ${fromRow} AND first_row < ${toRow})`;
  await engine.run(
    fromRow === 0 ? `CREATE OR REPLACE TABLE ${carriedTable} AS ${carried}` : `INSERT INTO ${carriedTable} ${carried}`,
  );
}
