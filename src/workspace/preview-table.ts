import type { Cell } from "../engine/engine.ts";
import { quoteText } from "../engine/sql.ts";
import type { RunPaths } from "./run-folder.ts";
import { withEngine } from "./session.ts";

/** The first rows of a run's table. */
export async function previewTable(
  paths: RunPaths,
  rowCount: number,
): Promise<readonly Readonly<Record<string, Cell>>[]> {
  return withEngine(paths, (engine) =>
    engine.rows(`SELECT * FROM read_parquet(${quoteText(paths.results)}) LIMIT ${rowCount}`),
  );
}
