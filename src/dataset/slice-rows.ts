import { rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { quoteName, quoteText } from "../engine/sql.ts";
import type { Table } from "../foundation/types/index.ts";

/** Gives rows of a table as a relation of their own, slice by slice. */
export type RowSlices = (index: number) => Promise<RowSlice>;

/** Some rows of a table, one after the other. */
export interface RowSlice {
  readonly relation: string;
  /** Has to be called when the slice was read: it may be a copy of a part of the table. */
  readonly remove: () => void;
}

const chunkBytes = 2 * 1024 * 1024;

/**
 * Cuts a frozen table into slices of rows that the engine can read on their own, so that no slice has to read past those
 * before it. Text is cut at its lines (in a frozen CSV every line is a row), Parquet by its row numbers; where the lines of a
 * text are not its rows (lines that end in a carriage return alone), the engine counts them.
 * @param fromRows the first row of each slice, ascending; the first is 0
 * @param folder for the slices that are being read
 */
export async function sliceRows(
  table: Table,
  fromRows: readonly number[],
  rowCount: number,
  folder: string,
): Promise<RowSlices> {
  const end = (index: number): number => fromRows[index + 1] ?? rowCount;
  const inPlace = (relation: string): Promise<RowSlice> => Promise.resolve({ relation, remove: () => undefined });
  if (fromRows.length === 1) return () => inPlace(table.relation);
  const counted: RowSlices = (index) => {
    const from = fromRows[index] ?? 0;
    return inPlace(`(SELECT * FROM ${table.relation} LIMIT ${end(index) - from} OFFSET ${from})`);
  };
  if (table.format === "parquet") {
    const number = "file_row_number";
    if (table.columns.some(({ name }) => name.toLowerCase() === number)) return counted;
    const columns = table.columns.map(({ name }) => quoteName(name)).join(", ");
    const relation = `read_parquet([${quoteText(table.path)}], ${number} = true)`;
    return (index) =>
      inPlace(
        `(SELECT ${columns} FROM ${relation} WHERE ${number} >= ${fromRows[index] ?? 0} AND ${number} < ${end(index)})`,
      );
  }
  const isCsv = table.format !== "jsonl";
  const found = await findOffsets(table.path, fromRows, isCsv, isCsv && table.columns.length === 1);
  if (found.rowCount !== rowCount) return counted;
  return async (index) => {
    // A name of its own: the engine remembers files by name and time.
    const slice = join(folder, `rows-${index}.${table.format}`);
    await copyRanges(table.path, slice, [
      ...(found.headerBytes > 0 ? [[0, found.headerBytes] as const] : []),
      [found.offsets[index] ?? 0, found.offsets[index + 1] ?? found.sizeBytes],
    ]);
    const relation = table.relation.replaceAll(quoteText(table.path), quoteText(slice));
    return { relation, remove: () => rmSync(slice, { force: true }) };
  };
}

interface Offsets {
  /** Bytes of the line of column names; 0 where there is none. */
  readonly headerBytes: number;
  /** Where the rows that were asked for begin. */
  readonly offsets: readonly number[];
  readonly rowCount: number;
  readonly sizeBytes: number;
}

/** An empty line is no row, but in a CSV of one column, where it is an empty cell (as the engine has it). */
async function findOffsets(
  path: string,
  fromRows: readonly number[],
  hasHeader: boolean,
  emptyIsRow: boolean,
): Promise<Offsets> {
  const offsets: number[] = [];
  let headerBytes = hasHeader ? -1 : 0;
  let rowCount = 0;
  let sizeBytes = 0;
  let lineStart = 0;
  /** Of the line that a chunk ended in: bytes so far, and whether they are all white space. */
  let isBlank = true;
  const endLine = (lineEnd: number): void => {
    if (headerBytes === -1) headerBytes = lineEnd;
    else if (!isBlank || emptyIsRow) {
      if (fromRows[offsets.length] === rowCount) offsets.push(lineStart);
      rowCount += 1;
    }
    lineStart = lineEnd;
    isBlank = true;
  };
  for await (const chunk of readRange(path, 0, Number.POSITIVE_INFINITY)) {
    let from = 0;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
      isBlank &&= isBlankBytes(chunk, from, at);
      endLine(sizeBytes + at + 1);
      from = at + 1;
    }
    isBlank &&= isBlankBytes(chunk, from, chunk.length);
    sizeBytes += chunk.length;
  }
  if (lineStart < sizeBytes) endLine(sizeBytes);
  return { headerBytes, offsets, rowCount, sizeBytes };
}

function isBlankBytes(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at];
    if (byte !== 13 && byte !== 32 && byte !== 9) return false;
  }
  return true;
}

/** The bytes of a part of a file; every chunk is in the same memory as the one before. */
async function* readRange(path: string, start: number, end: number): AsyncGenerator<Buffer> {
  const file = await open(path, "r");
  try {
    const buffer = Buffer.allocUnsafe(chunkBytes);
    for (let at = start; at < end; ) {
      const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, end - at), at);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
      at += bytesRead;
    }
  } finally {
    await file.close();
  }
}

async function copyRanges(
  source: string,
  target: string,
  ranges: readonly (readonly [number, number])[],
): Promise<void> {
  const file = await open(target, "w", 0o600);
  try {
    for (const [start, end] of ranges) {
      // Unlike write, it goes on where the system took only a part.
      for await (const chunk of readRange(source, start, end)) await file.writeFile(chunk);
    }
  } finally {
    await file.close();
  }
}
