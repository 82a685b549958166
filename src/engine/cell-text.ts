import type { Column } from "../types.ts";
import { quoteName } from "./sql.ts";

/** The text of a cell as SQL: DuckDB's own text form, lists and structs as JSON, NULL as NULL. */
export function textOf({ name, type }: Column): string {
  if (type === "VARCHAR") return quoteName(name);
  if (type === "JSON") return `(${quoteName(name)} ->> '$')`;
  if (/[[(]/.test(type) && !type.startsWith('DECIMAL')) return `to_json(${quoteName(name)})::VARCHAR`;
  return `${quoteName(name)}::VARCHAR`;
}
