import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import type { CellValue } from "hucre/xlsx";

/**
 * The first sheet of a workbook as lines of CSV, row by row: memory does not grow with its rows. Every cell is the text of its
 * value: a number without its format, a date as `2026-11-21` or `2026-11-21T09:30:00.000Z`, a formula's last result. Rows and
 * cells that are left out are empty.
 */
export async function* readFirstSheet(path: string): AsyncGenerator<string> {
  // Loaded with the first workbook.
  const { streamXlsxRows } = await import("hucre/xlsx");
  const bytes = Readable.toWeb(createReadStream(path, { highWaterMark: 1024 * 1024 })) as ReadableStream<Uint8Array>;
  let width = 0;
  for await (const { values } of streamXlsxRows(bytes, { sheet: 0 })) {
    const texts = values.map(textOf);
    while (texts.at(-1) === "") texts.pop();
    if (texts.length === 0) continue;
    // The first row has the names. A row that is longer is told by the reader of the CSV, as in any other file.
    if (width === 0) width = texts.length;
    while (texts.length < width) texts.push("");
    yield `${texts.map(quote).join(",")}\n`;
  }
}

const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;

function textOf(value: CellValue | undefined): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Date) return value.toISOString().replace(/T00:00:00\.000Z$/, "");
  return String(value);
}
