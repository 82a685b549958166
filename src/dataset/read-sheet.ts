import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import type { CellValue } from "hucre/xlsx";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { findNearest } from "../foundation/nearest-name.ts";
import { UnpackLimit } from "./unpack-limit.ts";
import { readZipEntries, readZipEntry, type ZipEntry } from "./zip-entries.ts";

/** A sheet of a workbook. */
interface Sheet {
  readonly name: string;
  readonly isHidden: boolean;
  /** Its file in the archive. */
  readonly file: string;
}

/** The sheet that is read, and what to know of it. */
export interface FoundSheet {
  readonly name: string;
  /** What the workbook has besides, and what of the sheet may surprise; in sentences. */
  readonly notes: readonly string[];
}

/** The list of sheets is small; texts that cells share are held in memory. */
const mostListBytes = 8 * 1024 * 1024;
const mostSharedBytes = 512 * 1024 * 1024;

/**
 * The first visible sheet of a workbook, or the one that is wanted.
 * @param wanted a sheet's name, or its number from 1
 * @throws BROKEN_TABLE where a part of it unpacks to more than any workbook's; BAD_OPTIONS where there is no such sheet
 * @throws Error where it is no workbook
 */
export async function findSheet(path: string, wanted: string | undefined): Promise<FoundSheet> {
  const entries = await readZipEntries(path);
  const sheets = await listSheets(path, entries);
  const named =
    sheets.find(({ name }) => name === wanted) ?? sheets[/^\d+$/.test(wanted ?? "") ? Number(wanted) - 1 : -1];
  const found = wanted === undefined ? (sheets.find(({ isHidden }) => !isHidden) ?? sheets[0]) : named;
  if (found === undefined) {
    const names = sheets.map(({ name }) => name);
    const near = findNearest(wanted ?? "", names);
    const problem = `--sheet is ${JSON.stringify(wanted)}; ${path} has ${names.map((name) => JSON.stringify(name)).join(", ")}${near === undefined ? "" : `; the nearest is ${near}`}`;
    throw new HalfpriceError("BAD_OPTIONS", { problems: [problem], command: "halfprice run" });
  }
  const mergeCount = await lookAtParts(path, entries, found.file);
  const others = sheets.filter((sheet) => sheet !== found);
  const listed = others.map(({ name, isHidden }) => `${JSON.stringify(name)}${isHidden ? " (hidden)" : ""}`).join(", ");
  const notes = [
    ...(others.length === 0
      ? []
      : [
          `The sheet ${JSON.stringify(found.name)}${found.isHidden ? " (hidden)" : ""} is read; the workbook also has ${listed}: --sheet reads another.`,
        ]),
    ...(mergeCount === 0
      ? []
      : [
          `The sheet ${JSON.stringify(found.name)} has ${mergeCount.toLocaleString("en-US")} merged ${mergeCount === 1 ? "range" : "ranges"}: only the first cell of each has its text, the others are empty.`,
        ]),
  ];
  return { name: found.name, notes };
}

async function listSheets(path: string, entries: readonly ZipEntry[]): Promise<Sheet[]> {
  const workbook = entries.find(({ name }) => /(^|\/)workbook\.xml$/.test(name));
  if (workbook === undefined) throw new Error("it is no Excel workbook");
  const folder = workbook.name.replace(/workbook\.xml$/, "");
  const links = entries.find(({ name }) => name === `${folder}_rels/workbook.xml.rels`);
  const { XMLParser } = await import("fast-xml-parser");
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "",
    removeNSPrefix: true,
    isArray: (name) => name === "sheet" || name === "Relationship",
  });
  const parse = async (entry: ZipEntry | undefined): Promise<Record<string, unknown>> =>
    entry === undefined ? {} : (parser.parse(await readText(path, entry)) as Record<string, unknown>);
  const list = (await parse(workbook)) as { workbook?: { sheets?: { sheet?: Record<string, string>[] } } };
  const related = (await parse(links)) as { Relationships?: { Relationship?: Record<string, string>[] } };
  const targets = new Map(
    (related.Relationships?.Relationship ?? []).map((each) => [each["Id"], each["Target"] ?? ""]),
  );
  return (list.workbook?.sheets?.sheet ?? []).map(({ name = "", state = "visible", id }) => {
    const target = targets.get(id) ?? "";
    return {
      name,
      isHidden: state !== "visible",
      file: target.startsWith("/") ? target.slice(1) : `${folder}${target}`,
    };
  });
}

async function readText(path: string, entry: ZipEntry): Promise<string> {
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  for await (const piece of readZipEntry(path, entry)) {
    sizeBytes += piece.length;
    if (sizeBytes > mostListBytes) throw new Error("its list of sheets is too long");
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

/** Unpacks what a reader would hold in memory, or read row by row, without keeping it. @returns the sheet's merged ranges */
async function lookAtParts(path: string, entries: readonly ZipEntry[], sheetFile: string): Promise<number> {
  let mergeCount = 0;
  for (const entry of entries) {
    const isSheet = entry.name === sheetFile;
    // Other sheets, pictures and macros are never opened.
    if (!isSheet && (!/\.(xml|rels)$/.test(entry.name) || /\/worksheets\//.test(entry.name))) continue;
    const limit = new UnpackLimit(
      path,
      entry.packedBytes,
      isSheet ? {} : { freeBytes: 32 * 1024 * 1024, mostBytes: mostSharedBytes },
    );
    let rest = "";
    for await (const piece of readZipEntry(path, entry)) {
      limit.add(piece.length);
      if (!isSheet) continue;
      const text = rest + piece.toString("latin1");
      mergeCount += text.split("<mergeCell ").length - 1;
      rest = text.slice(-"<mergeCell".length);
    }
  }
  return mergeCount;
}

/**
 * A sheet of a workbook as lines of CSV, row by row: memory does not grow with its rows. Every cell is the text of its
 * value: a number without its format, a date as `2026-11-21` or `2026-11-21T09:30:00.000Z`, a formula's last result. Rows and
 * cells that are left out are empty.
 * @throws BROKEN_TABLE where a whole number has more digits than a workbook holds: its last ones are gone already
 */
export async function* readSheet(path: string, wanted: string | undefined): AsyncGenerator<string> {
  const { name } = await findSheet(path, wanted);
  // Loaded with the first workbook.
  const { streamXlsxRows } = await import("hucre/xlsx");
  const bytes = Readable.toWeb(createReadStream(path, { highWaterMark: 1024 * 1024 })) as ReadableStream<Uint8Array>;
  let width = 0;
  for await (const { index, values } of streamXlsxRows(bytes, { sheet: name })) {
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
