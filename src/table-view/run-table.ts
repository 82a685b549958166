import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { textOf } from "../engine/cell-text.ts";
import type { Cell, Engine } from "../engine/engine.ts";
import { linesOf, numberedRows, quoteName, quoteText, writeOptions } from "../engine/sql.ts";
import { HalfpriceError, isError } from "../foundation/errors/index.ts";
import { inputBodySql, inputIdSql } from "../lines/line-format.ts";
import { bodySql } from "../requests/body-sql.ts";
import { findShownLines } from "../requests/shown-lines.ts";
import { exportTable } from "../results/export-table.ts";
import { makeResultColumns, type ResultColumns } from "../results/result-columns.ts";
import { shapeOf } from "../run/finish/judge-run.ts";
import type { RunFile } from "../workspace/run-file.ts";
import { type RunPaths, readRunFile } from "../workspace/run-folder.ts";
import { openRunEngine } from "../workspace/session.ts";
import { type ColumnChart, chartColumn } from "./column-chart.ts";
import { isPlain, RowBlocks, type WindowRow } from "./row-blocks.ts";
import { getColumn, makeFilterSql, type RowFilter, type TableColumn } from "./row-filter.ts";
import { RowView } from "./row-view.ts";

/** What of a table is asked for. */
export interface WindowRequest {
  readonly filter?: RowFilter;
  /** The first of the rows that match, from 0. */
  readonly from: number;
  /** At most 500. */
  readonly count: number;
  /** @defaultValue every column */
  readonly columns?: readonly string[];
}

/** Some of the rows that match. */
export interface TableWindow {
  readonly rows: readonly WindowRow[];
  /** Rows that match, as far as the table was searched. */
  readonly matchCount: number;
  /** The whole table was searched. */
  readonly isComplete: boolean;
}

/** A row, whole. */
export interface WholeRow {
  readonly row: number;
  readonly cells: Readonly<Record<string, Cell>>;
  /** What was asked, as it was sent; absent where the run's requests are gone, or the row had none. */
  readonly prompt?: string;
  /** The request's body as it was sent, JSON text. */
  readonly request?: string;
}

/** A run, and what its table adds to the input's columns. */
interface TableSource {
  readonly paths: RunPaths;
  readonly run: RunFile;
  readonly results: ResultColumns;
}

const maxCount = 500;
/** Views that are kept: going back to a filter costs nothing. */
const keptViews = 6;
/** With one thread a million rows stay within this; the engine reads a row group whole for each. */
const memoryLimitMib = 280;

/** The table of a run that has ended, to be looked at in windows: a million rows and more, of which few are read. Close it after use. */
export class RunTable {
  /** In the order of the file. */
  readonly columns: readonly TableColumn[];
  readonly rowCount: number;
  /** What `_halfprice_outcome` and `_halfprice_raw` are called in this run. */
  readonly outcomeColumn: string;
  readonly rawColumn: string;
  readonly #paths: RunPaths;
  readonly #run: RunFile;
  readonly #results: ResultColumns;
  readonly #engine: Engine;
  readonly #close: () => void;
  readonly #views = new Map<string, RowView>();
  readonly #blocks: RowBlocks;

  private constructor(
    { paths, run, results }: TableSource,
    opened: { engine: Engine; close: () => void },
    columns: readonly TableColumn[],
    rowCount: number,
  ) {
    this.#paths = paths;
    this.#run = run;
    this.#results = results;
    this.outcomeColumn = results.meta.outcome;
    this.rawColumn = results.meta.raw;
    this.#engine = opened.engine;
    this.#close = opened.close;
    this.columns = columns;
    this.rowCount = rowCount;
    this.#blocks = new RowBlocks(rowCount, (numbers, cells) => this.#read(numbers, cells));
  }

  /** @internal Made by `BatchRun.table`. @throws RUN_DAMAGED, DAMAGED_FILE */
  static async open(paths: RunPaths): Promise<RunTable> {
    const run = readRunFile(paths);
    const results = makeResultColumns(run.output, run.answerPrefix, run.answer);
    const opened = await openRunEngine(paths, { memoryLimitMib, threads: 1 });
    try {
      const answers = new Set(results.fields.map(({ column }) => column));
      const metas = new Set<string>(Object.values(results.meta));
      const relation = `read_parquet(${quoteText(paths.results)})`;
      const described = await opened.engine.rows(`DESCRIBE SELECT * FROM ${relation}`);
      const columns = described.map((each): TableColumn => {
        const name = String(each["column_name"]);
        const of = answers.has(name) ? "answer" : metas.has(name) ? "meta" : "input";
        return { name, type: String(each["column_type"]), of };
      });
      const [counted] = await opened.engine.rows(`SELECT count(*) AS count FROM ${relation}`);
      return new RunTable({ paths, run, results }, opened, columns, Number(counted?.["count"]));
    } catch (error) {
      opened.close();
      throw error;
    }
  }

  /**
   * Some of the rows that match a filter, in the table's order. A text is searched for piece by piece: the first matches come at once,
   * and `matchCount` grows from call to call until `isComplete`.
   * @throws UNKNOWN_COLUMN, BAD_QUERY where `where` is no condition
   */
  async window({ filter = {}, from, count, columns }: WindowRequest): Promise<TableWindow> {
    const taken = Math.max(0, Math.min(maxCount, count));
    const shown = (columns ?? this.columns.map(({ name }) => name)).map((name) => getColumn(this.columns, name));
    const view = await this.#viewOf(filter);
    const numbers = await view.numbers(from, taken);
    const rows = await this.#blocks.read(numbers, shown);
    // What was not searched yet is searched while these rows are looked at.
    view.resume();
    return { rows, matchCount: view.matchCount, isComplete: view.isComplete };
  }

  /** The numbers of the rows that match, from 1, in order; waits until the table is searched. */
  async matches(filter: RowFilter): Promise<readonly number[]> {
    const view = await this.#viewOf(filter);
    await view.finish();
    return (await view.numbers(0, view.matchCount)).map((row) => row + 1);
  }

  /** A row with everything that is known about it. @param row from 1 @throws BAD_QUERY where there is no such row */
  async row(row: number): Promise<WholeRow> {
    const cells = this.columns.map((column, index) => `${whole(column)} AS c${index}`);
    const [found] = await this.#read([row - 1], cells);
    if (found === undefined)
      throw new HalfpriceError("BAD_QUERY", {
        query: `row ${row}`,
        reason: `the table has rows 1 to ${this.rowCount}`,
      });
    const values = Object.fromEntries(this.columns.map(({ name }, index) => [name, found[`c${index}`] ?? null]));
    const id = values[this.#results.meta.record_id];
    const request = typeof id === "string" ? await this.#readRequest(id) : undefined;
    if (request === undefined) return { row, cells: values };
    return { row, cells: values, request, prompt: bodySql(shapeOf(this.#run)).readText(request) };
  }

  /** What a column's cells are like in the rows that match: its most frequent values, or how its numbers lie. */
  async chart(name: string, filter: RowFilter = {}): Promise<ColumnChart> {
    const column = getColumn(this.columns, name);
    const { fast, slow } = this.#conditions(filter);
    return this.#explaining(filter, () =>
      chartColumn(
        this.#engine,
        column,
        `SELECT * FROM read_parquet(${quoteText(this.#paths.results)}) WHERE ${fast} AND ${slow}`,
      ),
    );
  }

  /**
   * Writes the rows that match into a file (.parquet, .csv, .jsonl, .xlsx).
   * @throws BAD_OUTPUT where it is there already or cannot be written, UNKNOWN_COLUMN, BAD_QUERY
   */
  async export(path: string, filter: RowFilter = {}): Promise<void> {
    if (existsSync(path)) throw new HalfpriceError("BAD_OUTPUT", { path, reason: "there is a file of this name" });
    const part = join(this.#paths.directory, `view-${process.pid}-${Date.now()}.parquet`);
    const { fast, slow } = this.#conditions(filter);
    try {
      await this.#explaining(filter, () =>
        this.#engine.run(
          `COPY (SELECT * FROM ${this.#relation} WHERE ${fast} AND ${slow}) TO ${quoteText(part)} (${writeOptions.parquet})`,
        ),
      );
      await exportTable(this.#engine, part, path);
    } finally {
      rmSync(part, { force: true });
    }
  }

  /** Numbers of answered rows at random, from 1; the same seed takes the same ones. @param count at most 1000 */
  async sampleRows(count: number, seed: number): Promise<readonly number[]> {
    const outcome = quoteName(this.outcomeColumn);
    const found = await this.#engine.rows(`
      SELECT row FROM ${numberedRows(this.#paths.results)} WHERE ${outcome} = 'answered'
      ORDER BY hash(row, ${Math.trunc(seed)}), row LIMIT ${Math.min(1000, Math.max(0, Math.trunc(count)))}`);
    return found.map(({ row }) => Number(row) + 1);
  }

  /** The labels that an answer of a column may be: those of its schema's enumeration, else the most frequent answers. @throws UNKNOWN_COLUMN */
  async labelsOf(name: string): Promise<readonly string[]> {
    const column = getColumn(this.columns, name);
    const member = this.#results.fields.find((field) => field.column === name)?.member;
    const properties = (this.#run.output?.["properties"] ?? {}) as Readonly<
      Record<string, { readonly enum?: readonly unknown[] }>
    >;
    const listed = member === undefined ? undefined : properties[member]?.enum;
    if (listed !== undefined) return listed.filter((each) => each !== null).map(String);
    if (column.type === "BOOLEAN") return ["true", "false"];
    const chart = await this.chart(name, { outcomes: ["answered"] });
    return chart.kind === "values" ? chart.values.flatMap(({ value }) => value ?? []) : [];
  }

  /** The query that has the rows which match, where the run's table is called `results`. */
  sqlOf(filter: RowFilter): string {
    const condition = this.conditionOf(filter);
    return `SELECT * FROM results${condition === "true" ? "" : ` WHERE ${condition}`}`;
  }

  /** The condition of the rows which match; `true` where all do. @throws UNKNOWN_COLUMN */
  conditionOf(filter: RowFilter): string {
    const { fast, slow } = this.#conditions(filter);
    const conditions = [fast, slow].filter((each) => each !== "true");
    return conditions.length === 0 ? "true" : conditions.join(" AND ");
  }

  /** Lets go of the engine, once what is under way has ended. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#views.values()].map((view) => view.close()));
    this.#close();
  }

  #conditions(filter: RowFilter): ReturnType<typeof makeFilterSql> {
    return makeFilterSql(filter, this.columns, this.outcomeColumn);
  }

  get #relation(): string {
    return `read_parquet(${quoteText(this.#paths.results)})`;
  }

  async #viewOf(filter: RowFilter): Promise<RowView> {
    const conditions = this.#conditions(filter);
    const key = JSON.stringify(conditions);
    const kept = this.#views.get(key);
    // One search at a time: the engine has one thread, and whoever looks at something else waits for it.
    for (const view of this.#views.values()) if (view !== kept) view.pause();
    if (kept !== undefined) {
      this.#views.delete(key);
      this.#views.set(key, kept);
      return kept;
    }
    const view = await this.#explaining(filter, () =>
      RowView.open(this.#engine, { file: this.#paths.results, rowCount: this.rowCount, conditions }),
    );
    this.#views.set(key, view);
    for (const [old, each] of this.#views) {
      if (this.#views.size <= keptViews) break;
      this.#views.delete(old);
      void each.close().catch(() => undefined);
    }
    return view;
  }

  async #read(numbers: readonly number[], cells: readonly string[]): Promise<Record<string, Cell>[]> {
    const [first, last] = [numbers[0], numbers.at(-1)];
    if (first === undefined || last === undefined) return [];
    const isDense = last - first + 1 === numbers.length;
    const which = isDense ? `row BETWEEN ${first} AND ${last}` : `row IN (${numbers.join(", ")})`;
    return this.#engine.rows(
      `SELECT row, ${cells.join(", ")} FROM ${numberedRows(this.#paths.results)} WHERE ${which} ORDER BY row`,
    );
  }

  async #readRequest(id: string): Promise<string | undefined> {
    const file = findShownLines(this.#paths.directory);
    if (!existsSync(file)) return undefined;
    const [found] = await this.#engine.rows(
      `SELECT ${inputBodySql()} AS body FROM ${linesOf([file])} WHERE ${inputIdSql()} = ${quoteText(id)} LIMIT 1`,
    );
    return found === undefined ? undefined : String(found["body"]);
  }

  /** What the engine says of a condition that is none, in words of ours. */
  async #explaining<Result>({ where }: RowFilter, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (where === undefined || isError(error)) throw error;
      const reason = (error as Error).message.replace(/\s*\n+\s*/g, " ").trim();
      throw new HalfpriceError("BAD_QUERY", { query: "the condition", reason }, { cause: error });
    }
  }
}

const whole = (column: TableColumn): string => (isPlain(column) ? quoteName(column.name) : textOf(column));
