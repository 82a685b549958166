import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Engine } from "../../engine/engine.ts";
import { quoteText, writeOptions } from "../../engine/sql.ts";
import { HalfpriceError, isError } from "../../foundation/errors/index.ts";
import type { RowSource } from "../../prompt/define-batch.ts";

/** Letters that are written at a time. */
const chunkLetters = 64 * 1024;

/**
 * Writes a program's rows as JSON Lines, as they come.
 * @returns the file
 * @throws BAD_ROWS where one is not an object of JSON values, EMPTY_TABLE where there is none; what the program's own code throws
 */
export async function writeRows(source: RowSource, name: string, directory: string): Promise<string> {
  const path = join(directory, `${name.replace(/[^\w.-]+/g, "-")}.jsonl`);
  let count = 0;
  async function* lines(): AsyncGenerator<string> {
    let text = "";
    for await (const row of typeof source === "function" ? await source() : source) {
      count += 1;
      text += `${writeRow(row, name, count)}\n`;
      if (text.length < chunkLetters) continue;
      yield text;
      text = "";
    }
    yield text;
  }
  await pipeline(Readable.from(lines()), createWriteStream(path));
  if (count === 0) throw new HalfpriceError("EMPTY_TABLE", { path: name });
  return path;
}

function writeRow(row: unknown, name: string, number: number): string {
  const fail = (problem: string, cause?: unknown): never => {
    throw new HalfpriceError("BAD_ROWS", { name, row: number, problem }, { cause });
  };
  if (typeof row !== "object" || row === null || Array.isArray(row))
    return fail(`it is ${describe(row)}, not an object`);
  try {
    return JSON.stringify(row, function (this: unknown, key, value: unknown) {
      if (typeof value === "number" && !Number.isFinite(value))
        return fail(`${key} is ${value}, which JSON cannot hold`);
      if (typeof value === "function" || typeof value === "symbol") return fail(`${key} is a ${typeof value}`);
      // A column that a row leaves out is NULL there; the column stays.
      if (value === undefined) return null;
      return typeof value === "bigint" ? toJsonNumber(value) : value;
    });
  } catch (error) {
    if (isError(error)) throw error;
    return fail((error as Error).message.split("\n")[0] ?? "", error);
  }
}

/** A whole number that a double holds stays one; a longer one goes as its digits. */
const toJsonNumber = (value: bigint): number | string =>
  Number.isSafeInteger(Number(value)) ? Number(value) : String(value);

const describe = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "an array" : `a ${typeof value}`;

/** Writes the result of a query of DuckDB over files as Parquet. @returns the file @throws BAD_SQL, EMPTY_TABLE */
export async function writeQuery(engine: Engine, query: string, directory: string): Promise<string> {
  const path = join(directory, "sql.parquet");
  const sql = query.trim().replace(/;$/, "");
  try {
    await engine.run(`COPY (${sql}) TO ${quoteText(path)} (${writeOptions.parquet})`);
  } catch (cause) {
    const reason = (cause as Error).message.split("\n")[0]?.replace(/\.$/, "") ?? "";
    throw new HalfpriceError("BAD_SQL", { sql, reason }, { cause });
  }
  const [first] = await engine.rows(`SELECT 1 AS found FROM read_parquet(${quoteText(path)}) LIMIT 1`);
  if (first === undefined) throw new HalfpriceError("EMPTY_TABLE", { path: "sql" });
  return path;
}
