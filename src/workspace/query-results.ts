import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Cell, Engine } from "../engine/engine.ts";
import { quoteText, writeOptions } from "../engine/sql.ts";
import { findDiskError } from "../foundation/disk-error.ts";
import { HalfpriceError, isError } from "../foundation/errors/index.ts";
import { needTable } from "./fetch-run.ts";
import { type RunPaths } from "./run-folder.ts";
import { withEngine } from "./session.ts";

/**
 * Asks a run's table in SQL, as `results`.
 * @param query the SQL, or the path of a `.sql` file
 * @throws NO_SUCH_FILE, BAD_QUERY, DAMAGED_FILE, DISK
 */
export function queryResults(paths: RunPaths, query: string): Promise<readonly Readonly<Record<string, Cell>>[]> {
  return withResults(paths, query, (engine, sql) => engine.rows(sql));
}

/**
 * Writes the only column of a query's result as lines, each text as it is.
 * @throws BAD_OPTIONS where there is no folder for the file; what queryResults throws
 */
export async function writeQueryLines(paths: RunPaths, query: string, target: string): Promise<void> {
  const folder = dirname(resolve(target));
  if (!existsSync(folder)) {
    const problems = [`the path is ${target}; there is no folder ${folder}`];
    throw new HalfpriceError("BAD_OPTIONS", { problems, command: "writeLines" });
  }
  const options = `(${writeOptions.lines})`;
  return withResults(paths, query, (engine, sql) => engine.run(`COPY (${sql}) TO ${quoteText(target)} ${options}`));
}

async function withResults<Result>(
  paths: RunPaths,
  query: string,
  ask: (engine: Engine, sql: string) => Promise<Result>,
): Promise<Result> {
  const isFile = /\.sql$/i.test(query.trim());
  if (isFile && !existsSync(query)) throw new HalfpriceError("NO_SUCH_FILE", { path: query });
  const sql = isFile ? readFileSync(query, "utf8") : query;
  await needTable(paths);
  return withEngine(paths, async (engine) => {
    await engine.run(`CREATE VIEW results AS SELECT * FROM read_parquet(${quoteText(paths.results)})`);
    try {
      return await ask(engine, sql);
    } catch (cause) {
      if (isError(cause, "DAMAGED_FILE")) throw cause;
      const disk = findDiskError(cause);
      if (disk !== undefined) throw disk;
      const reason = (cause as Error).message.replace(/\s*\n+\s*/g, " ").trim();
      throw new HalfpriceError("BAD_QUERY", { query: isFile ? query : "--query", reason }, { cause });
    }
  });
}
