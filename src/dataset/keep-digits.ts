import { createReadStream, createWriteStream, rmSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { Engine } from "../engine/engine.ts";
import { isExactDouble } from "../engine/exact-number.ts";
import { isLosslessNumber, parseLossless, stringifyLossless } from "../engine/lossless-json.ts";
import { linesOf, quoteList } from "../engine/sql.ts";
import { commitFile } from "../foundation/commit-file.ts";
import { readManyLines } from "../lines/read-lines.ts";
import { jsonLines } from "./json-columns.ts";

/** A number of fewer digits is exact as a double, whatever it is. */
const longNumber = /[0-9][0-9.]{15,}/;

/**
 * Turns numbers into text that the engine would round: it reads a column that has fractions, or whole numbers beyond 64 bits, as
 * doubles, and an id of 17 digits in it loses its last one. Only columns that would be rounded are touched, and of them only the
 * numbers that no double holds; a table that has none stays as it is, byte for byte.
 * @param path JSON Lines, ours to change
 * @param hasStructs objects are read as structs, and their numbers as columns would be
 * @returns the columns that are text from here on
 */
export async function keepDigits(engine: Engine, path: string, hasStructs = false): Promise<string[]> {
  const lines = linesOf([path]);
  const [long] = await engine.rows(
    `SELECT 1 AS found FROM ${lines} WHERE regexp_matches(line, '${longNumber.source}') LIMIT 1`,
  );
  if (long === undefined) return [];
  const described = await engine.rows(
    `DESCRIBE SELECT * FROM read_json(${quoteList([path])}, ${jsonLines}, sample_size = -1)`,
  );
  const rounded = new Set(
    described
      .filter((row) => String(row["column_type"]).includes("DOUBLE") || String(row["column_type"]).includes("HUGEINT"))
      .map((row) => String(row["column_name"])),
  );
  if (rounded.size === 0) return [];
  const objects = new Set(
    described
      .filter((row) => !hasStructs && /STRUCT\(|MAP\(|JSON/.test(String(row["column_type"])))
      .map((row) => String(row["column_name"])),
  );
  const changed = new Set<string>();
  const input = createReadStream(path, { encoding: "utf8" }) as AsyncIterable<string>;
  const keep = (line: string): string =>
    `${longNumber.test(line) ? keepInLine(line, { rounded, objects }, changed) : line}\n`;
  async function* rewrite(): AsyncGenerator<string> {
    for await (const lines of readManyLines(input)) yield lines.map(keep).join("");
  }
  await pipeline(rewrite, createWriteStream(`${path}.tmp`));
  if (changed.size === 0) rmSync(`${path}.tmp`);
  else commitFile(path);
  return [...changed];
}

interface Columns {
  readonly rounded: ReadonlySet<string>;
  /** Those that stay JSON, in which whole numbers keep all digits. */
  readonly objects: ReadonlySet<string>;
}

function keepInLine(line: string, { rounded, objects }: Columns, changed: Set<string>): string {
  let row: unknown;
  try {
    row = parseLossless(line);
  } catch {
    // What is wrong with it is told by the reading that follows.
    return line;
  }
  if (typeof row !== "object" || row === null || Array.isArray(row)) return line;
  let isChanged = false;
  const kept = Object.entries(row).map(([name, value]) => {
    const own = rounded.has(name) ? keepInValue(value, objects.has(name)) : value;
    if (stringifyLossless(own) !== stringifyLossless(value)) {
      isChanged = true;
      changed.add(name);
    }
    return [name, own] as const;
  });
  return isChanged ? (stringifyLossless(Object.fromEntries(kept)) ?? line) : line;
}

function keepInValue(value: unknown, isJson: boolean): unknown {
  if (isLosslessNumber(value)) {
    const isKept = isExactDouble(value.value) || (isJson && /^-?\d+$/.test(value.value));
    return isKept ? value : value.value;
  }
  if (Array.isArray(value)) return value.map((each) => keepInValue(each, isJson));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, keepInValue(each, isJson)]));
}
