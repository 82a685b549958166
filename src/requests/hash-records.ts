import { join } from "node:path";
import type { Engine } from "../engine/engine.ts";
import { numberedRows } from "../engine/sql.ts";
import { recordFiles } from "./record-files.ts";

/** A number of all requests of a table and their order: equal tables of equal requests have the same. */
export async function hashRecords(engine: Engine, directory: string): Promise<string> {
  const records = numberedRows(join(directory, recordFiles.records));
  const [found] = await engine.rows(
    `SELECT sum(hash(concat(row, ' ', record_id)))::VARCHAR AS sum, count(*)::VARCHAR AS count FROM ${records}`,
  );
  return `${String(found?.["sum"])} ${String(found?.["count"])}`;
}
