import { existsSync, readFileSync } from "node:fs";
import type { Cell } from "../engine/engine.ts";
import { quoteText } from "../engine/sql.ts";
import { HalfpriceError, isError } from "../foundation/errors/index.ts";
import { needTable } from "./fetch-run.ts";
import { type RunPaths } from "./run-folder.ts";
import { withEngine } from "./session.ts";

/**
 * Asks a run's table in SQL, as `results`.
 * @param query the SQL, or the path of a `.sql` file
 * @throws NO_SUCH_FILE, BAD_QUERY, DAMAGED_FILE
 */
export async function queryResults(paths: RunPaths, query: string): Promise<readonly Readonly<Record<string, Cell>>[]> {
  const isFile = /\.sql$/i.test(query.trim());
  if (isFile && !existsSync(query)) throw new HalfpriceError("NO_SUCH_FILE", { path: query });
  const sql = isFile ? readFileSync(query, "utf8") : query;
  await needTable(paths);
  return withEngine(paths, async (engine) => {
    await engine.run(`CREATE VIEW results AS SELECT * FROM read_parquet(${quoteText(paths.results)})`);
    try {
      return await engine.rows(sql);
    } catch (cause) {
      if (isError(cause, "DAMAGED_FILE")) throw cause;
      const reason = (cause as Error).message.replace(/\s*\n+\s*/g, " ").trim();
      throw new HalfpriceError("BAD_QUERY", { query: isFile ? query : "--query", reason }, { cause });
    }
  });
}
