import { textOf } from "../engine/cell-text.ts";
import type { Engine } from "../engine/engine.ts";
import { quoteName } from "../engine/sql.ts";
import { type TableColumn } from "./row-filter.ts";

/** How the cells of a column lie. */
export type ColumnChart =
  | {
      readonly kind: "values";
      /** The most frequent first; null stands for empty cells. */
      readonly values: readonly { readonly value: string | null; readonly count: number }[];
      /** Different values, at about. */
      readonly distinctCount: number;
      readonly rowCount: number;
    }
  | {
      readonly kind: "numbers";
      /** Bins of one width, both bounds as numbers. */
      readonly bins: readonly { readonly low: number; readonly high: number; readonly count: number }[];
      readonly emptyCount: number;
      readonly mean: number | null;
      readonly median: number | null;
      readonly rowCount: number;
    };

const shownValues = 12;
const binCount = 20;
const numeric = /^(?:U?(?:TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL)/;

/** @param rows a query with the rows that count */
export async function chartColumn(engine: Engine, column: TableColumn, rows: string): Promise<ColumnChart> {
  return numeric.test(column.type) && !/[[]/.test(column.type)
    ? chartNumbers(engine, quoteName(column.name), rows)
    : chartValues(engine, textOf(column), rows);
}

async function chartValues(engine: Engine, text: string, rows: string): Promise<ColumnChart> {
  const counted = await engine.rows(`
    SELECT left(${text}, 200) AS value, count(*) AS count FROM (${rows}) GROUP BY ALL ORDER BY count DESC, value LIMIT ${shownValues}`);
  const [all = {}] = await engine.rows(
    `SELECT count(*) AS rows, approx_count_distinct(${text}) AS distinct_count FROM (${rows})`,
  );
  const values = counted.map(({ value, count }) => ({
    value: value === null || value === undefined ? null : String(value),
    count: Number(count),
  }));
  // The sketch may be off by one or two where there are few.
  const isShort = values.length < shownValues;
  return {
    kind: "values",
    values,
    distinctCount: isShort ? values.length : Number(all["distinct_count"]),
    rowCount: Number(all["rows"]),
  };
}

async function chartNumbers(engine: Engine, name: string, rows: string): Promise<ColumnChart> {
  const value = `${name}::DOUBLE`;
  const [all = {}] = await engine.rows(`
    SELECT count(*) AS rows, count(${name}) AS filled, min(${value}) AS low, max(${value}) AS high, avg(${value}) AS mean, median(${value}) AS median
    FROM (${rows})`);
  const [rowCount, filled] = [Number(all["rows"]), Number(all["filled"])];
  const base = { kind: "numbers", emptyCount: rowCount - filled, rowCount } as const;
  if (filled === 0) return { ...base, bins: [], mean: null, median: null };
  const [low, high] = [Number(all["low"]), Number(all["high"])];
  const width = high > low ? (high - low) / binCount : 1;
  const counted = await engine.rows(`
    SELECT least(${binCount - 1}, floor((${value} - ${low}) / ${width}))::INTEGER AS bin, count(*) AS count
    FROM (${rows}) WHERE ${name} IS NOT NULL GROUP BY bin ORDER BY bin`);
  const counts = new Map(counted.map((each) => [Number(each["bin"]), Number(each["count"])]));
  const bins = Array.from({ length: high > low ? binCount : 1 }, (_, index) => ({
    low: low + index * width,
    high: index === binCount - 1 || high === low ? high : low + (index + 1) * width,
    count: counts.get(index) ?? 0,
  }));
  return { ...base, bins, mean: Number(all["mean"]), median: Number(all["median"]) };
}
