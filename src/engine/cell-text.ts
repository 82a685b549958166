import type { Column, MarkedRelation } from "../foundation/types/index.ts";
import { quoteName } from "./sql.ts";

/** The text of a cell as SQL: DuckDB's own text form, lists and structs as JSON, NULL as NULL. */
export function textOf({ name, type }: Column): string {
  if (type === "VARCHAR") return quoteName(name);
  if (type === "JSON") return `(${quoteName(name)} ->> '$')`;
  if (/[[(]/.test(type) && !type.startsWith("DECIMAL")) return `to_json(${quoteName(name)})::VARCHAR`;
  return `${quoteName(name)}::VARCHAR`;
}

/**
 * A text with its marks put back, as SQL. Few texts have any, and looking is cheaper than replacing. Splitting and joining
 * does what the engine's `replace` does, in an eighth of its time (1.5.5, texts of 630 bytes with two marks: 0.24 and 2.1 µs).
 */
export function restoreMarks(text: string, marked: MarkedRelation | undefined): string {
  return (marked?.marks ?? []).reduce(
    (expression, [mark, letter]) =>
      `(CASE WHEN contains(${expression}, chr(${mark})) THEN array_to_string(string_split(${expression}, chr(${mark})), chr(${letter})) ELSE ${expression} END)`,
    text,
  );
}
