import type { DialectOptions } from "../foundation/options/dialect-options.ts";
import { splitHeader } from "./csv-header.ts";

/** Lines before a table's names are looked for in so many bytes. */
const mostBytes = 4 * 1024 * 1024;
const usualBytes = 64 * 1024;

/** Excel's own line before a table: which delimiter the file has. */
const separatorLine = /^"?sep=([^\r\n"])"?\r?\n/i;

/**
 * What comes before a CSV's rows, as the file goes by: lines to skip and Excel's `sep=` are dropped, and names are put before a
 * table that has none.
 */
export class TableHead {
  readonly #dialect: DialectOptions;
  readonly #format: "csv" | "tsv";
  #held: Buffer | undefined = Buffer.alloc(0);
  /** The delimiter that the file or the user names. */
  delimiter: string | undefined;
  /** Lines that the file has more than what is given on: negative where names were put before it. */
  lineOffset = 0;

  constructor(dialect: DialectOptions, format: "csv" | "tsv") {
    this.#dialect = dialect;
    this.#format = format;
    this.delimiter = dialect.delimiter;
  }

  /** @returns what is given on: nothing as long as the head is not known */
  take(chunk: Buffer): Buffer {
    if (this.#held === undefined) return chunk;
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const { skippedRows = 0 } = this.#dialect;
    const isKnown =
      this.#held.length >= mostBytes ||
      (this.#held.length >= usualBytes && findLine(this.#held, skippedRows + 2) !== undefined);
    return isKnown ? this.end() : Buffer.alloc(0);
  }

  /** What was held back. */
  end(): Buffer {
    let bytes = this.#held;
    if (bytes === undefined) return Buffer.alloc(0);
    this.#held = undefined;
    const { skippedRows = 0, hasHeader, quote } = this.#dialect;
    bytes = bytes.subarray(findLine(bytes, skippedRows) ?? bytes.length);
    this.lineOffset = skippedRows;
    const separator = this.#format === "csv" ? separatorLine.exec(bytes.toString("utf8", 0, 16)) : null;
    if (separator !== null) {
      this.delimiter ??= separator[1];
      bytes = bytes.subarray(Buffer.byteLength(separator[0]));
      this.lineOffset += 1;
    }
    if (hasHeader !== false) return bytes;
    const found = splitHeader(bytes.toString("utf8"), this.#format, this.delimiter, quote);
    if (found === undefined || bytes.length === 0) return bytes;
    this.delimiter ??= found.delimiter;
    this.lineOffset -= 1;
    const names = found.cells.map((_, index) => `column_${index + 1}`).join(found.delimiter);
    return Buffer.concat([Buffer.from(`${names}\n`), bytes]);
  }
}

/** Where the line of a number (from 0) begins; undefined where there are not so many. */
function findLine(bytes: Buffer, number: number): number | undefined {
  let from = 0;
  for (let line = 0; line < number; line += 1) {
    const at = bytes.indexOf(10, from);
    if (at === -1) return undefined;
    from = at + 1;
  }
  return from;
}
