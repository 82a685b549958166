import { closeSync, openSync, readSync } from "node:fs";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { mostColumns } from "./json-columns.ts";
import type { BreakMarks } from "./quoted-breaks.ts";

/** The header of a CSV. */
export interface CsvHeader {
  readonly delimiter: string;
  /** As in the file; a column without a name is called after its position, `column_1`. */
  readonly names: readonly string[];
}

/** What is known of a CSV before its header is read. */
export interface CsvReading {
  readonly marks?: Partial<BreakMarks>;
  readonly delimiter?: string;
  /** Empty where quotes are letters like others. @defaultValue `"` */
  readonly quote?: string;
}

/** The longest header line that is looked for. */
const headerLimitBytes = 4 * 1024 * 1024;

/** The first record of a CSV text: its cells, for one delimiter. Undefined where a quote is left open. */
function splitRecord(text: string, delimiter: string, quote: string): string[] | undefined {
  const cells: string[] = [];
  let cell = "";
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (quoted) {
      if (letter !== quote) cell += letter;
      else if (text[at + 1] === quote) {
        cell += quote;
        at += 1;
      } else quoted = false;
    } else if (letter === quote && cell === "") quoted = true;
    else if (letter === delimiter) {
      cells.push(cell);
      cell = "";
    } else if (letter === "\n" || letter === "\r") return [...cells, cell];
    else cell += letter;
  }
  return quoted ? undefined : [...cells, cell];
}

/** Of the four delimiters in use the one that splits the first record into most cells; a `.tsv` has tabs. */
export function splitHeader(
  text: string,
  format: "csv" | "tsv",
  known?: string,
  quote = '"',
): { delimiter: string; cells: string[] } | undefined {
  let best: { delimiter: string; cells: string[] } | undefined;
  const usual = format === "tsv" ? ["\t"] : [",", ";", "\t", "|"];
  for (const delimiter of known === undefined ? usual : [known]) {
    const cells = splitRecord(text, delimiter, quote);
    if (cells !== undefined && cells.length > (best?.cells.length ?? 0)) best = { delimiter, cells };
  }
  return best;
}

/** The delimiter of a table that begins so, or undefined where its first record does not end. */
export function findDelimiter(start: string, format: "csv" | "tsv", quote?: string): string | undefined {
  return splitHeader(start, format, undefined, quote)?.delimiter;
}

/**
 * Reads the delimiter and the column names off the first record.
 * @throws EMPTY_TABLE, BROKEN_TABLE, BAD_COLUMN_NAMES
 */
export function readCsvHeader(
  path: string,
  format: "csv" | "tsv",
  shownPath: string,
  { marks, delimiter, quote }: CsvReading = {},
): CsvHeader {
  const bytes = Buffer.alloc(headerLimitBytes);
  const file = openSync(path, "r");
  let length: number;
  try {
    length = readSync(file, bytes, 0, bytes.length, 0);
  } finally {
    closeSync(file);
  }
  const text = bytes.toString("utf8", 0, length).replace(/^\uFEFF/, "");
  if (text.trim() === "") throw new HalfpriceError("EMPTY_TABLE", { path: shownPath });
  const best = splitHeader(text, format, delimiter, quote);
  if (best === undefined) {
    throw new HalfpriceError("BROKEN_TABLE", {
      path: shownPath,
      line: 1,
      problem: "the first line opens a quote that is never closed",
      expected: "column names",
    });
  }
  const put = (name: string, mark: number | undefined, letter: string): string =>
    mark === undefined ? name : name.replaceAll(String.fromCharCode(mark), letter);
  const restore = (name: string): string => put(put(name, marks?.lineFeed, "\n"), marks?.carriageReturn, "\r");
  const names = best.cells.map((name, index) => (name.trim() === "" ? `column_${index + 1}` : restore(name)));
  checkNames(names, shownPath);
  return { delimiter: best.delimiter, names };
}

/** @throws BAD_COLUMN_NAMES where two are the same, BROKEN_TABLE where there are too many */
export function checkNames(names: readonly string[], shownPath: string): void {
  const positions = new Map<string, number[]>();
  names.forEach((name, index) => {
    positions.set(name, [...(positions.get(name) ?? []), index]);
  });
  const problems = [...positions.values()]
    .filter((indexes) => indexes.length > 1)
    .map(
      (indexes) =>
        `columns ${indexes.map((index) => `${index + 1} (${names[index]})`).join(" and ")} have the same name`,
    );
  if (names.length > mostColumns) {
    const problem = `it has ${names.length.toLocaleString("en-US")} columns`;
    const expected = `at most ${mostColumns.toLocaleString("en-US")}`;
    throw new HalfpriceError("BROKEN_TABLE", {
      path: shownPath,
      problem,
      expected,
      fix: "leave out the columns that no prompt needs",
    });
  }
  if (problems.length > 0) throw new HalfpriceError("BAD_COLUMN_NAMES", { path: shownPath, problems });
}
