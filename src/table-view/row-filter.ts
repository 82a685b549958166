import { textOf } from "../engine/cell-text.ts";
import { quoteName, quoteText } from "../engine/sql.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { findNearest } from "../foundation/nearest-name.ts";

/** Which rows of a table are meant: those for which all of it holds. */
export interface RowFilter {
  /** Rows of these outcomes. */
  readonly outcomes?: readonly string[];
  /** Columns that have one value, as text; null for NULL. */
  readonly equals?: Readonly<Record<string, string | null>>;
  /** Columns of numbers within bounds, both included. */
  readonly ranges?: Readonly<Record<string, readonly [low: number, high: number]>>;
  /** Rows with this text in one of their columns, in small or capital letters. */
  readonly text?: string;
  /** A condition of DuckDB: `length(answer) > 100`. */
  readonly where?: string;
}

/** A column of a run's table. */
export interface TableColumn {
  readonly name: string;
  /** DuckDB's type. */
  readonly type: string;
  /** Of the input, of the answer, or what is known about the answer. */
  readonly of: "input" | "answer" | "meta";
}

/** A filter as two conditions of SQL: what is found at once, and what takes reading texts; `true` where nothing is asked. */
export interface FilterSql {
  readonly fast: string;
  readonly slow: string;
}

/** @throws UNKNOWN_COLUMN */
export function makeFilterSql(filter: RowFilter, columns: readonly TableColumn[], outcome: string): FilterSql {
  const { outcomes, equals = {}, ranges = {}, text, where } = filter;
  const fast = [
    ...(outcomes === undefined || outcomes.length === 0
      ? []
      : [`${quoteName(outcome)} IN (${outcomes.map(quoteText).join(", ")})`]),
    ...Object.entries(equals).map(([name, value]) => {
      const cell = textOf(getColumn(columns, name));
      return value === null ? `${cell} IS NULL` : `${cell} = ${quoteText(value)}`;
    }),
    ...Object.entries(ranges).map(([name, [low, high]]) => {
      const cell = `${quoteName(getColumn(columns, name).name)}::DOUBLE`;
      return `${cell} BETWEEN ${Number(low)} AND ${Number(high)}`;
    }),
  ];
  const slow = [
    ...(text === undefined || text === "" ? [] : [containsSql(columns, text)]),
    ...(where === undefined || where.trim() === "" ? [] : [`(${where}\n)`]),
  ];
  return { fast: join(fast), slow: join(slow) };
}

const join = (conditions: readonly string[]): string => (conditions.length === 0 ? "true" : conditions.join(" AND "));

/** A text without letters of two cases needs no folding, which is what takes longest. */
function containsSql(columns: readonly TableColumn[], text: string): string {
  const texts = columns.filter(({ type, of }) => type === "VARCHAR" && of !== "meta");
  const isCased = text.toLowerCase() !== text.toUpperCase();
  const conditions = texts.map(({ name }) =>
    isCased
      ? `contains(lower(${quoteName(name)}), ${quoteText(text.toLowerCase())})`
      : `contains(${quoteName(name)}, ${quoteText(text)})`,
  );
  return conditions.length === 0 ? "false" : `(${conditions.map((each) => `coalesce(${each}, false)`).join(" OR ")})`;
}

/** @throws UNKNOWN_COLUMN */
export function getColumn(columns: readonly TableColumn[], name: string): TableColumn {
  const found = columns.find((each) => each.name === name);
  if (found !== undefined) return found;
  const names = columns.map((each) => each.name);
  throw new HalfpriceError("UNKNOWN_COLUMN", {
    column: name,
    where: "The filter",
    columns: names,
    nearest: findNearest(name, names),
    fix: "name a column of the run's table",
  });
}
