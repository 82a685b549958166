import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import type { CellValue } from "hucre/xlsx";
import { HalfpriceError } from "../foundation/errors/index.ts";

/**
 * The first sheet of a workbook as lines of CSV, row by row: memory does not grow with its rows. Every cell is the text of its
 * value: a number without its format, a date as `2026-11-21` or `2026-11-21T09:30:00.000Z`, a formula's last result. Rows and
 * cells that are left out are empty.
 * @throws BROKEN_TABLE where a whole number has more digits than a workbook holds: its last ones are gone already
 */
export async function* readFirstSheet(path: string): AsyncGenerator<string> {
  // Loaded with the first workbook.
  const { streamXlsxRows } = await import("hucre/xlsx");
  const bytes = Readable.toWeb(createReadStream(path, { highWaterMark: 1024 * 1024 })) as ReadableStream<Uint8Array>;
  let width = 0;
  for await (const { index, values } of streamXlsxRows(bytes, { sheet: 0 })) {
    refuseRounded(path, index + 1, values);
    const texts = values.map(textOf);
    while (texts.at(-1) === "") texts.pop();
    if (texts.length === 0) continue;
    // The first row has the names. A row that is longer is told by the reader of the CSV, as in any other file.
    if (width === 0) width = texts.length;
    while (texts.length < width) texts.push("");
    yield `${texts.map(quote).join(",")}\n`;
  }
}

/**
 * From here on a whole number has more than 15 digits: Excel keeps no more, and puts zeros for the rest
 * (https://support.microsoft.com/en-us/office/excel-specifications-and-limits-1672b34d-7043-467e-8e27-269d656771c3, read 2026-11-30).
 */
const firstRounded = 1e15;

function refuseRounded(path: string, line: number, values: readonly (CellValue | undefined)[]): void {
  const at = values.findIndex((value) => Number.isInteger(value) && Math.abs(value as number) >= firstRounded);
  if (at === -1) return;
  throw new HalfpriceError("BROKEN_TABLE", {
    path,
    line,
    problem: `the number in cell ${at + 1} (about ${String(values[at])}) has more than 15 digits, which a workbook does not keep`,
    expected: "such a number as text: format the column as Text and enter it again, or export CSV from where it came",
  });
}

const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;

function textOf(value: CellValue | undefined): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Date) return value.toISOString().replace(/T00:00:00\.000Z$/, "");
  return String(value);
}
