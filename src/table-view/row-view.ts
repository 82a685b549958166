import type { Engine } from "../engine/engine.ts";
import { numberedRows } from "../engine/sql.ts";
import type { FilterSql } from "./row-filter.ts";

/** Rows that are searched at first, and at most at a time, for what takes reading texts: whoever waits for a window waits for one piece. */
const firstPieceRows = 4_000;
const pieceRows = 16_000;

/** Names of tables, so that two views share none. */
let madeCount = 0;

/** What a view is of. */
export interface ViewSource {
  /** A Parquet file. */
  readonly file: string;
  readonly rowCount: number;
  readonly conditions: FilterSql;
}

/**
 * The numbers of the rows for which a filter holds, in order, in a table of the engine's. What takes reading texts is searched for piece by
 * piece, so that the first matches are there before the last ones.
 */
export class RowView {
  readonly #engine: Engine;
  readonly #source: ViewSource;
  readonly #table: string | undefined;
  #matchCount: number;
  #searchedRows: number;
  #searching: Promise<void> = Promise.resolve();
  #isPaused = true;
  #isClosed = false;

  private constructor(
    engine: Engine,
    source: ViewSource,
    table: string | undefined,
    matchCount: number,
    isSearched: boolean,
  ) {
    this.#engine = engine;
    this.#source = source;
    this.#table = table;
    this.#matchCount = matchCount;
    this.#searchedRows = isSearched ? source.rowCount : 0;
  }

  /** Finds what is found at once, and the first piece of the rest. @throws Error with the engine's words where a condition is none */
  static async open(engine: Engine, source: ViewSource): Promise<RowView> {
    const { file, rowCount, conditions } = source;
    if (conditions.fast === "true" && conditions.slow === "true")
      return new RowView(engine, source, undefined, rowCount, true);
    madeCount += 1;
    const table = `view_${madeCount}`;
    if (conditions.slow === "true") {
      await engine.run(`CREATE TABLE ${table} AS SELECT row FROM ${numberedRows(file)} WHERE ${conditions.fast}`);
      const [counted] = await engine.rows(`SELECT count(*) AS count FROM ${table}`);
      return new RowView(engine, source, table, Number(counted?.["count"]), true);
    }
    await engine.run(`CREATE TABLE ${table} (row BIGINT)`);
    const view = new RowView(engine, source, table, 0, false);
    await view.#searchPiece(firstPieceRows);
    return view;
  }

  /** Matches as far as the table was searched. */
  get matchCount(): number {
    return this.#matchCount;
  }

  get isComplete(): boolean {
    return this.#searchedRows >= this.#source.rowCount;
  }

  /** Goes on searching, where there is more to search. */
  resume(): void {
    if (!this.#isPaused || this.isComplete || this.#isClosed) return;
    this.#isPaused = false;
    this.#searching = this.#searching.then(() => this.#searchOn());
  }

  /** Leaves the engine to others after the piece that is searched now. */
  pause(): void {
    this.#isPaused = true;
  }

  /** Waits until the whole table is searched. */
  async finish(): Promise<void> {
    while (!this.isComplete && !this.#isClosed) {
      this.pause();
      await this.#searching;
      await this.#searchPiece(pieceRows);
    }
  }

  /** The numbers of some matches, from 0 as the file has them. */
  async numbers(from: number, count: number): Promise<readonly number[]> {
    const start = Math.max(0, Math.trunc(from));
    if (this.#table === undefined) {
      const length = Math.max(0, Math.min(count, this.#source.rowCount - start));
      return Array.from({ length }, (_, index) => start + index);
    }
    const numbers: number[] = [];
    for await (const [rows = []] of this.#engine.chunks(
      `SELECT row FROM ${this.#table} WHERE rowid BETWEEN ${start} AND ${start + count - 1} ORDER BY rowid`,
    ))
      numbers.push(...rows.map(Number));
    return numbers;
  }

  /** Ends the search, and waits for the piece that is searched now. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#searching.catch(() => undefined);
    if (this.#table !== undefined) await this.#engine.run(`DROP TABLE IF EXISTS ${this.#table}`);
  }

  async #searchPiece(count: number): Promise<void> {
    const { file, conditions, rowCount } = this.#source;
    const from = this.#searchedRows;
    const to = Math.min(rowCount, from + count);
    await this.#engine.run(`
      INSERT INTO ${this.#table} SELECT row FROM ${numberedRows(file)}
      WHERE row >= ${from} AND row < ${to} AND ${conditions.fast} AND ${conditions.slow} ORDER BY row`);
    const [counted] = await this.#engine.rows(`SELECT count(*) AS count FROM ${this.#table}`);
    this.#matchCount = Number(counted?.["count"]);
    this.#searchedRows = to;
  }

  async #searchOn(): Promise<void> {
    while (!this.isComplete && !this.#isPaused && !this.#isClosed) await this.#searchPiece(pieceRows);
    this.#isPaused = true;
  }
}
