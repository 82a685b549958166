import type { Engine } from "../engine/engine.ts";

/** Columns whose empty cells are counted. */
export const countedColumns = 64;

/** Counts empty cells on the way. */
export interface EmptyCounter {
  /** Expressions of the empty text, one a column, that count when they are looked at: put them into the pass that reads the cells. */
  readonly marks: readonly string[];
  /** How many cells of each column were NULL or empty. */
  read(): Promise<number[]>;
}

/**
 * Counts NULL and empty cells while another pass goes over them: the engine has no other way to tell two things in one
 * pass, and a pass of its own costs as much as reading the table again. A sequence of the engine counts for each column.
 */
export async function makeEmptyCounter(engine: Engine, cells: readonly string[]): Promise<EmptyCounter> {
  const name = (index: number): string => `halfprice_empty_${index}`;
  for (const index of cells.keys()) await engine.run(`CREATE OR REPLACE TEMP SEQUENCE ${name(index)}`);
  return {
    marks: cells.map(
      (cell, index) =>
        `CASE WHEN coalesce(${cell}, '') = '' THEN left(nextval('${name(index)}')::VARCHAR, 0) ELSE '' END`,
    ),
    async read() {
      const rows = await engine.rows("SELECT sequence_name, last_value FROM duckdb_sequences()");
      const last = new Map(rows.map((row) => [row["sequence_name"], Number(row["last_value"] ?? 0)]));
      return cells.map((_, index) => last.get(name(index)) ?? 0);
    },
  };
}
