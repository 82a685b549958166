import type { Engine } from "../engine/engine.ts";
import { quoteName, quoteText } from "../engine/sql.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import type { Column } from "../foundation/types/index.ts";
import { bodyMember } from "../lines/line-format.ts";
import type { ShownPaths } from "./engine-errors.ts";
import { type PathColumns, pathColumn, pathOption } from "./path-columns.ts";

/** How the engine reads JSON Lines: no folder of a path is a column. */
export const jsonLines = "format = 'newline_delimited', maximum_object_size = 33554432, hive_partitioning = false";

/** With more columns every statement takes minutes (1.5.5). */
export const mostColumns = 5000;

/**
 * The columns of JSON Lines and their types, as all lines have them: a key that first comes in the last line is a column too.
 * @param files as a list of SQL
 * @throws BROKEN_TABLE where there are more than any table has
 */
export async function detectColumns(engine: Engine, files: string, shown: ShownPaths): Promise<Column[]> {
  const detected = await describe(engine, `read_json(${files}, ${jsonLines}, sample_size = -1)`);
  // Where lines have few keys in common the engine takes each line for one map.
  if (detected.length !== 1 || detected[0]?.name !== "json" || !detected[0].type.startsWith("MAP(")) return detected;
  const keys = `SELECT unnest(json_keys(json)) AS key FROM read_json_objects(${files}, ${jsonLines})`;
  const [counted] = await engine.rows(`SELECT count(DISTINCT key) AS keys FROM (${keys})`);
  const keyCount = Number(counted?.["keys"]);
  if (keyCount > mostColumns) {
    throw new HalfpriceError("BROKEN_TABLE", {
      path: shown.whole,
      problem: `its objects have ${keyCount.toLocaleString("en-US")} different keys, and each would be a column`,
      expected: `at most ${mostColumns.toLocaleString("en-US")}`,
      fix: 'put what differs from row to row into one member: {"id": 1, "fields": {…}}',
    });
  }
  return describe(engine, `read_json(${files}, ${jsonLines}, sample_size = -1, map_inference_threshold = -1)`);
}

async function describe(engine: Engine, relation: string): Promise<Column[]> {
  const rows = await engine.rows(`DESCRIBE SELECT * FROM ${relation}`);
  return rows.map((row) => ({ name: String(row["column_name"]), type: String(row["column_type"]) }));
}

/** How a column is read. */
export interface ColumnReading {
  readonly textColumns?: readonly string[];
  readonly hasStructs?: boolean;
}

/**
 * The type that a column is read as. A text that looks like a date, a time or a UUID is text all the same: the prompt gets the letters
 * of the file. An object stays the JSON that it is: a struct of all rows' members would give every row all of them.
 */
export function typeOf({ name, type }: Column, reading: ColumnReading | undefined): string {
  if (name === bodyMember) return "JSON";
  if (reading?.textColumns?.includes(name) === true && /^(DOUBLE|VARCHAR)$/.test(type)) return "VARCHAR";
  const isObject = /STRUCT\(|MAP\(/.test(type);
  if (measureDepth(type) > deepestType || (isObject && reading?.hasStructs !== true)) return "JSON";
  return type.replace(/\b(DATE|TIMESTAMP|TIME|UUID)\b(?! VARCHAR)( WITH TIME ZONE)?/g, "VARCHAR");
}

/** How deep the engine takes a type; deeper ones stay JSON (1.5.5: 150 work, 200 are beyond its "max expression depth"). */
const deepestType = 50;

/** How deep lists and structs are nested in a type, at most. */
function measureDepth(type: string): number {
  let depth = 0;
  let deepest = 0;
  for (const letter of type) {
    if (letter === "(") depth += 1;
    else if (letter === ")") depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  const lists = [...type.matchAll(/(?:\[\])+/g)].map(([run]) => run.length / 2);
  return deepest + Math.max(0, ...lists);
}

/** The engine tells names apart without regard to case: a name that differs from an earlier one in nothing else gets a number. */
export function spellApart(names: readonly string[]): Pick<Column, "name" | "spelling">[] {
  const taken = new Set(names.map((name) => name.toLowerCase()));
  const seen = new Map<string, string>();
  return names.map((name) => {
    const key = name.toLowerCase();
    const before = seen.get(key);
    seen.set(key, name);
    // The same name twice is refused by whoever checks names.
    if (before === undefined || before === name) return { name };
    for (let number = 1; ; number += 1) {
      const other = `${name}_${number}`;
      if (taken.has(other.toLowerCase())) continue;
      taken.add(other.toLowerCase());
      return { name: other, spelling: name };
    }
  });
}

/** Finds which keys stand behind names to which the engine has given a number. */
export async function spellKeys(engine: Engine, files: string, detected: readonly Column[]): Promise<Column[]> {
  const names = new Set(detected.map(({ name }) => name.toLowerCase()));
  const isNumbered = ({ name }: Column): boolean =>
    names.has(name.toLowerCase().replace(/_\d+$/, "")) && /_\d+$/.test(name);
  if (!detected.some(isNumbered)) return [...detected];
  const found = await engine.rows(
    `SELECT DISTINCT unnest(json_keys(json)) AS key FROM read_json_objects(${files}, ${jsonLines})`,
  );
  const keys = new Set(found.map(({ key }) => String(key)));
  for (const { name } of detected) if (keys.has(name)) keys.delete(name);
  return detected.map((column) => {
    if (!isNumbered(column)) return column;
    const base = column.name.toLowerCase().replace(/_\d+$/, "");
    const spelling = [...keys].find((key) => key.toLowerCase() === base);
    if (spelling === undefined) return column;
    keys.delete(spelling);
    return { ...column, spelling };
  });
}

/** Reads columns by their keys, where the engine's own reader would look for the names that it has given. */
export function readKeys(files: string, columns: readonly Column[], pathColumns?: PathColumns): string {
  const cells = columns.map(({ name, spelling = name, type }) => {
    const path = quoteText(`$."${spelling.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`);
    const cell =
      type === "VARCHAR"
        ? `json_extract_string(json, ${path})`
        : type === "JSON"
          ? `json_extract(json, ${path})`
          : `CAST(json_extract(json, ${path}) AS ${type})`;
    return `${cell} AS ${quoteName(name)}`;
  });
  const own = pathColumns === undefined ? cells : [...cells, quoteName(pathColumn)];
  return `(SELECT ${own.join(", ")} FROM read_json_objects(${files}, ${jsonLines}${pathOption(pathColumns)}))`;
}
