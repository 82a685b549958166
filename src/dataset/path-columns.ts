import { quoteName, quoteText } from "../engine/sql.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import type { Column } from "../foundation/types/index.ts";

/** What Hive writes in place of NULL. */
const hiveNull = "__HIVE_DEFAULT_PARTITION__";

/** The name that the path of a row's file has while a table is read; no column is called so. */
export const pathColumn = "halfprice file";

/** Columns whose values stand in the folders of the files, by the path that each file is read from: `dt=2026-01-01/` is a column `dt`. */
export interface PathColumns {
  readonly names: readonly string[];
  readonly values: ReadonlyMap<string, Readonly<Record<string, string | null>>>;
}

/** The values in the folders of a path, Hive's way. Values are text: `month=07` is `07`. */
export function readPathValues(path: string): Record<string, string | null> {
  const folders = path.split("/").slice(0, -1);
  const pairs = folders.flatMap((folder) => {
    const at = folder.indexOf("=");
    return at < 1 ? [] : [[decode(folder.slice(0, at)), decode(folder.slice(at + 1))] as const];
  });
  return Object.fromEntries(pairs.map(([name, value]) => [name, value === hiveNull ? null : value]));
}

/** Hive writes letters that a folder's name may not have as `%3A`. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * The columns that the folders of all of these paths have; none where they have none.
 * @param from the start of each path that is not looked at
 * @throws DIFFERENT_COLUMNS where some have others
 */
export function findPathColumns(paths: readonly string[], from = ""): readonly string[] {
  let first: { readonly path: string; readonly names: readonly string[] } | undefined;
  for (const path of paths) {
    const names = Object.keys(readPathValues(path.startsWith(from) ? path.slice(from.length) : path));
    first ??= { path, names };
    if (names.join("\0") === first.names.join("\0")) continue;
    const columns = names.join(", ") || "no folders with values";
    const firstColumns = first.names.join(", ") || "no folders with values";
    throw new HalfpriceError("DIFFERENT_COLUMNS", { path, first: first.path, columns, firstColumns });
  }
  return first?.names ?? [];
}

/** The files that are read, and the columns in the names of their folders. */
export function toPathColumns(
  files: readonly { readonly path: string; readonly shown: string }[],
  names: readonly string[],
): PathColumns | undefined {
  if (names.length === 0) return undefined;
  return { names, values: new Map(files.map(({ path, shown }) => [path, readPathValues(shown)])) };
}

/** An option more of the engine's readers, which say themselves that they take nothing from folders. */
export const pathOption = (columns: PathColumns | undefined): string =>
  columns === undefined ? "" : `, filename = ${quoteText(pathColumn)}`;

/** A relation with the columns of its paths; one of a file that has the same name gives way, as in Hive. */
export function withPathColumns(
  opened: { readonly columns: readonly Column[]; readonly relation: string },
  { names, values }: PathColumns,
): { readonly columns: readonly Column[]; readonly relation: string } {
  const isOwn = (name: string): boolean => names.some((each) => each.toLowerCase() === name.toLowerCase());
  const kept = opened.columns.filter(({ name }) => name !== pathColumn && !isOwn(name));
  const files = [...values];
  const keys = files.map(([path]) => quoteText(path)).join(", ");
  const cells = names.map((name) => {
    const list = files.map(([, own]) =>
      own[name] === null || own[name] === undefined ? "NULL" : quoteText(own[name]),
    );
    // A chunk is of one file, so that its value is looked up once a chunk.
    return `map([${keys}], [${list.join(", ")}]::VARCHAR[])[${quoteName(pathColumn)}] AS ${quoteName(name)}`;
  });
  const all = [...kept.map(({ name }) => quoteName(name)), ...cells].join(", ");
  return {
    columns: [...kept, ...names.map((name) => ({ name, type: "VARCHAR" }))],
    relation: `(SELECT ${all} FROM ${opened.relation})`,
  };
}
