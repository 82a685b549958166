import { textOf } from "../engine/cell-text.ts";
import type { Engine } from "../engine/engine.ts";
import { quoteName, quoteText } from "../engine/sql.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { findNearest } from "../foundation/nearest-name.ts";
import type { Column, Table } from "../foundation/types/index.ts";
import type { TemplatePrompt } from "../prompt/prompt.ts";
import type { TemplatePart } from "../prompt/template.ts";

/** A placeholder that names a column. */
export type WantedCell = Pick<Extract<TemplatePart, { kind: "column" | "media" }>, "name" | "line">;

/** What a placeholder means: a cell, or something inside of one. */
export interface FoundCell {
  readonly column: Column;
  /** Its text as SQL; NULL where the row has none. */
  readonly text: string;
  /** Of what is inside of the cell: whether a row has it, as SQL. */
  readonly exists?: string;
}

/** How a placeholder names a column: as the file spells it. */
export const spellingOf = ({ name, spelling = name }: Column): string => spelling;

/**
 * Finds what a placeholder names: a column, or with dots a member of a nested one, `meta.lang` or `tags.0`.
 * @returns undefined where there is no such column
 */
export function findCell({ columns }: Pick<Table, "columns">, name: string): FoundCell | undefined {
  const column = columns.find((each) => spellingOf(each) === name) ?? columns.find((each) => each.name === name);
  if (column !== undefined) return { column, text: textOf(column) };
  const names = name.split(".");
  for (let length = names.length - 1; length > 0; length -= 1) {
    const outer = columns.find((each) => spellingOf(each) === names.slice(0, length).join("."));
    if (outer !== undefined && isNested(outer)) return findInside(outer, names.slice(length));
  }
  return undefined;
}

const isNested = ({ type }: Column): boolean => type === "JSON" || /STRUCT\(|MAP\(|\[\d*\]$/.test(type);

function findInside(column: Column, names: readonly string[]): FoundCell {
  const json = column.type === "JSON" ? quoteName(column.name) : `to_json(${quoteName(column.name)})`;
  const steps = names.map((name) => (/^\d+$/.test(name) ? `[${name}]` : `."${name.replaceAll('"', '\\"')}"`));
  const path = quoteText(`$${steps.join("")}`);
  return { column, text: `json_extract_string(${json}, ${path})`, exists: `json_exists(${json}, ${path})` };
}

/** @throws UNKNOWN_COLUMN always: with the nearest name, and the way to what the table has */
export function refuseColumn(table: Table, part: WantedCell, { source }: TemplatePrompt): never {
  const names = table.columns.map(spellingOf);
  const where = `${source}${source.startsWith("--") ? "" : `, line ${part.line},`}`;
  const outer = part.name.split(".")[0] ?? "";
  const isText = part.name.includes(".") && names.includes(outer);
  const nearest = isText ? undefined : findNearest(part.name, names);
  // A title above a table leaves most columns without a name.
  const isTitle = nearest === undefined && table.format === "csv" && names.some((name) => /^column_\d+$/.test(name));
  throw new HalfpriceError("UNKNOWN_COLUMN", {
    column: part.name,
    where,
    columns: names,
    nearest,
    note: table.notes?.[0],
    ...(isTitle
      ? {
          fix: "where the names of the columns stand further down, leave out the lines before them: --skip-rows 1 (or more)",
        }
      : {}),
    ...(isText ? { fix: sayQuery(outer, part.name.slice(outer.length + 1)) } : {}),
  });
}

/** The way to a member of JSON that stands in a column as text. */
const sayQuery = (column: string, path: string): string =>
  `${column} is a text, and not nested; where it holds JSON: --sql "SELECT *, json_extract_string(${column}, '$.${path}') AS ${path.replace(/\W+/g, "_")} FROM input", then {{${path.replace(/\W+/g, "_")}}}`;

/** Refuses a member that no row has: its prompt would be empty in every row. @throws UNKNOWN_COLUMN */
export async function refuseMissingMembers(engine: Engine, table: Table, prompt: TemplatePrompt): Promise<void> {
  for (const part of prompt.parts) {
    if (part.kind !== "column" && part.kind !== "media") continue;
    const found = findCell(table, part.name);
    if (found?.exists === undefined) continue;
    const [row] = await engine.rows(`SELECT 1 AS found FROM ${table.relation} WHERE ${found.exists} LIMIT 1`);
    if (row !== undefined) continue;
    const json =
      found.column.type === "JSON" ? quoteName(found.column.name) : `to_json(${quoteName(found.column.name)})`;
    const keys = await engine.rows(
      `SELECT DISTINCT key FROM (SELECT unnest(json_keys(${json})) AS key FROM ${table.relation}) ORDER BY key LIMIT 50`,
    );
    const names = keys.map(({ key }) => `${spellingOf(found.column)}.${String(key)}`);
    throw new HalfpriceError("UNKNOWN_COLUMN", {
      column: part.name,
      where: prompt.source,
      columns: [...table.columns.map(spellingOf), ...names],
      nearest: findNearest(part.name, names),
    });
  }
}
