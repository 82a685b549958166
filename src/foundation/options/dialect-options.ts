import { defined } from "../defined.ts";
/** How a table's file is written, as options say it. */
export interface DialectOptionsInput {
  readonly sheet?: string;
  readonly delimiter?: string;
  readonly quote?: string;
  /** False with `--no-header`. */
  readonly header?: boolean;
  readonly skipRows?: string;
  readonly encoding?: string;
}

/** How a table's file is written; what is left out halfprice finds out by itself. */
export interface DialectOptions {
  /** Of a workbook: its name, or its number from 1. */
  readonly sheet?: string;
  /** One character; of CSV and TSV, as all that follow. */
  readonly delimiter?: string;
  /** One character; empty where quotes are letters like others. */
  readonly quote?: string;
  /** The first row is data: columns are called `column_1` and so on. */
  readonly hasHeader?: false;
  /** Lines before the names of columns. */
  readonly skippedRows?: number;
  /** A label of the WHATWG Encoding Standard, such as `windows-1252`; of JSON Lines too. */
  readonly encoding?: string;
}

const named: Readonly<Record<string, string>> = {
  tab: "\t",
  "\\t": "\t",
  comma: ",",
  semicolon: ";",
  pipe: "|",
  space: " ",
};

/** @returns undefined where nothing is said */
export function parseDialect(input: DialectOptionsInput, problems: string[]): DialectOptions | undefined {
  const { sheet, delimiter, quote, header, skipRows, encoding } = input;
  const character = (option: string, text: string | undefined, wants: string): string | undefined => {
    if (text === undefined) return undefined;
    const value = named[text.toLowerCase()] ?? text;
    // One byte: the files are cut at it before they are read.
    if (/^[\x20-\x7e\t]$/.test(value) && !/[\w]/.test(value)) return value;
    problems.push(`${option} is ${JSON.stringify(text)}; it has to be ${wants}`);
    return undefined;
  };
  const delimiterValue = character("--delimiter", delimiter, "one character that is no letter or digit, or tab");
  const isWithout = quote === "" || quote?.toLowerCase() === "none";
  const quoteValue = isWithout ? "" : character("--quote", quote, "one character that is no letter or digit, or none");
  if (quoteValue !== undefined && quoteValue !== "" && quoteValue === delimiterValue)
    problems.push("--delimiter and --quote are the same character");
  if (sheet?.trim() === "") problems.push("--sheet is empty; it has to be a sheet's name, or its number from 1");
  if (skipRows !== undefined && !/^\d{1,6}$/.test(skipRows))
    problems.push(`--skip-rows is ${JSON.stringify(skipRows)}; it has to be a whole number from 0`);
  if (encoding !== undefined && !isEncoding(encoding))
    problems.push(
      `--encoding is ${JSON.stringify(encoding)}; it has to be an encoding such as utf-8, windows-1252, iso-8859-2, utf-16le, gbk, shift_jis or euc-kr`,
    );
  const dialect = {
    ...defined({ sheet, delimiter: delimiterValue }),
    ...(quoteValue === undefined || quoteValue === '"' ? {} : { quote: quoteValue }),
    ...(header === false ? { hasHeader: false as const } : {}),
    ...(skipRows === undefined || Number(skipRows) === 0 ? {} : { skippedRows: Number(skipRows) }),
    ...(encoding === undefined ? {} : { encoding: encoding.toLowerCase() }),
  };
  return Object.keys(dialect).length === 0 ? undefined : dialect;
}

function isEncoding(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== "";
  } catch {
    return false;
  }
}
