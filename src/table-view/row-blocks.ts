import { textOf } from "../engine/cell-text.ts";
import type { Cell } from "../engine/engine.ts";
import { quoteName } from "../engine/sql.ts";
import { type TableColumn } from "./row-filter.ts";

/** A row of a window. */
export interface WindowRow {
  /** Its number in the table, from 1. */
  readonly row: number;
  /** As the columns were asked for; texts are cut after 300 letters, nested values are JSON text. */
  readonly cells: readonly Cell[];
}

/** Reads rows by their numbers, from 0, with `row` and what is asked of each. */
type ReadRows = (numbers: readonly number[], cells: readonly string[]) => Promise<Record<string, Cell>[]>;

const shownLetters = 300;
/** Rows that are read together, and blocks of them that are kept: about ten megabytes. */
const blockRows = 500;
const keptBlocks = 20;

/**
 * Rows for the screen. Neighbours are read in whole blocks, and the latest blocks are kept: to read one row costs as much as to read a
 * block, since the file has them together.
 */
export class RowBlocks {
  readonly #rowCount: number;
  readonly #readRows: ReadRows;
  readonly #blocks = new Map<string, readonly WindowRow[]>();

  constructor(rowCount: number, readRows: ReadRows) {
    this.#rowCount = rowCount;
    this.#readRows = readRows;
  }

  /** @param numbers rising, from 0 */
  async read(numbers: readonly number[], shown: readonly TableColumn[]): Promise<readonly WindowRow[]> {
    const [first, last] = [numbers[0], numbers.at(-1)];
    if (first === undefined || last === undefined) return [];
    if (last - first + 1 !== numbers.length) return this.#readShown(numbers, shown);
    const rows: WindowRow[] = [];
    for (let block = Math.floor(first / blockRows); block <= Math.floor(last / blockRows); block += 1) {
      const start = block * blockRows;
      rows.push(...(await this.#readBlock(block, shown)).slice(Math.max(0, first - start), last - start + 1));
    }
    return rows;
  }

  async #readBlock(block: number, shown: readonly TableColumn[]): Promise<readonly WindowRow[]> {
    const key = `${block} ${shown.map(({ name }) => name).join("\u0000")}`;
    const start = block * blockRows;
    const length = Math.min(blockRows, this.#rowCount - start);
    const numbers = Array.from({ length }, (_, index) => start + index);
    const rows = this.#blocks.get(key) ?? (await this.#readShown(numbers, shown));
    this.#blocks.delete(key);
    this.#blocks.set(key, rows);
    for (const old of this.#blocks.keys()) {
      if (this.#blocks.size <= keptBlocks) break;
      this.#blocks.delete(old);
    }
    return rows;
  }

  async #readShown(numbers: readonly number[], shown: readonly TableColumn[]): Promise<readonly WindowRow[]> {
    const cells = shown.map((column, index) => `${shortened(column)} AS c${index}`);
    const rows = await this.#readRows(numbers, cells);
    return rows.map((each) => ({
      row: Number(each["row"]) + 1,
      cells: shown.map((_, index) => each[`c${index}`] ?? null),
    }));
  }
}

const shortened = (column: TableColumn): string =>
  isPlain(column) ? quoteName(column.name) : `left(${textOf(column)}, ${shownLetters})`;

/** Whether a cell is a value of its own, and no text or nested value. */
export const isPlain = ({ type }: TableColumn): boolean => !/^VARCHAR|^BLOB|[[(]/.test(type);
