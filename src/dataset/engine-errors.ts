import { createReadStream } from "node:fs";
import { HalfpriceError, isError } from "../foundation/errors/index.ts";
import type { BreakMarks } from "./quoted-breaks.ts";

interface Pattern {
  readonly matches: RegExp;
  readonly explain: (groups: Readonly<Record<string, string>>) => {
    line?: number;
    problem: string;
    expected?: string;
    fix?: string;
  };
}

const titleFix =
  "fix that line; where lines stand before the names of the columns, leave them out: --skip-rows 1 (or more)";

const wholeFix = "write the file again, or take it from where it was made: a disk or a copy may have changed it";

const numberOf = (text: string | undefined): { line?: number } => (text === undefined ? {} : { line: Number(text) });

/** What the engine says of a table it cannot read, in the words of someone who has to fix it. First hit wins. */
const patterns: readonly Pattern[] = [
  {
    matches: /CSV Error on Line: (?<line>\d+)[\s\S]*?Value with unterminated quote found/,
    explain: ({ line }) => ({
      ...numberOf(line),
      problem: "a quote is opened and never closed",
      expected: 'a closing "',
    }),
  },
  {
    matches: /CSV Error on Line: (?<line>\d+)[\s\S]*?Expected Number of Columns: (?<expected>\d+) Found: (?<found>\d+)/,
    explain: ({ line, expected, found }) => ({
      ...numberOf(line),
      problem: `the row has ${found} ${found === "1" ? "cell" : "cells"}`,
      expected: `${expected}, as the first line has`,
      // A title above the table has fewer cells, or none.
      ...(expected === "1" || line === "2" ? { fix: titleFix } : {}),
    }),
  },
  {
    matches: /CSV Error on Line: (?<line>\d+)[\s\S]*?Maximum line size of (?<size>\d+) bytes exceeded/,
    explain: ({ line, size }) => ({ ...numberOf(line), problem: `the row is longer than ${size} bytes` }),
  },
  {
    matches: /CSV Parser state machine reached an invalid state/,
    explain: () => ({
      problem: "a carriage return stands alone, where no row ends and outside of quotes",
      expected: "rows that all end alike; a cell with a line break in double quotes",
    }),
  },
  {
    matches: /CSV Error on Line: (?<line>\d+)\s*(?:Original Line:[\s\S]*?\n)(?<words>[^\n]+)/,
    explain: ({ line, words }) => ({ ...numberOf(line), problem: (words ?? "").replace(/\.\s*$/, "") }),
  },
  {
    matches:
      /Malformed JSON in file "[^"]*", at byte (?<byte>\d+) in (?:line|record\/value) (?<line>\d+): (?<words>[^\n]*)/,
    explain: ({ line, byte, words }) => ({
      ...numberOf(line),
      problem: `not valid JSON at byte ${byte} of the line (${(words ?? "").trim().replace(/\.\s*(Try auto-detecting.*)?$/i, "")})`,
      expected: "one JSON object a line",
    }),
  },
  {
    matches: /JSON transform error in file "[^"]*", in (?:line|record\/value) (?<line>\d+): (?<words>[^\n]*)/,
    explain: ({ line, words }) => ({
      ...numberOf(line),
      problem: (words ?? "").replace(/\.\s*Try .*$/, ""),
      expected: "one JSON object a line",
    }),
  },
  {
    matches: /No magic bytes found at end of file|too small to be a Parquet file|Invalid Input Error: .*parquet/i,
    explain: () => ({
      problem: "this is not a whole Parquet file",
      expected: "a file that was written to its end",
      fix: wholeFix,
    }),
  },
];

/** How files are called in errors: the frozen copy's own path helps nobody. */
export interface ShownPaths {
  /** The table as the user named it: a path or a glob. */
  readonly whole: string;
  /** Copy → source, where there are several. */
  readonly sources?: ReadonlyMap<string, string>;
}

function showPath({ whole, sources }: ShownPaths, message: string): string {
  for (const [copy, source] of sources ?? []) if (message.includes(copy)) return source;
  return whole;
}

/** Turns what the engine threw while it read a table into an error of ours; anything else goes on as it is. */
export async function explainTableError(
  error: unknown,
  shown: ShownPaths,
  reading: { readonly marks?: Partial<BreakMarks>; readonly lineOffset?: number } | undefined,
): Promise<unknown> {
  if (isError(error, "DAMAGED_FILE")) {
    const { path, reason } = error.details;
    const problem = `this is not a whole Parquet file (${reason})`;
    const expected = "a file that was written to its end, and not changed since";
    const details = { path: showPath(shown, path), problem, expected, fix: wholeFix };
    return new HalfpriceError("BROKEN_TABLE", details, { cause: error });
  }
  if (isError(error) || !(error instanceof Error)) return error;
  const path = showPath(shown, error.message);
  const invalidText = /CSV Error on Line: (\d+)[\s\S]*?(?:Invalid unicode|not utf-8)/i.exec(error.message);
  if (invalidText !== null) {
    return new HalfpriceError("BAD_ENCODING", { path, ...numberOf(invalidText[1]) }, { cause: error });
  }
  for (const { matches, explain } of patterns) {
    const matched = matches.exec(error.message);
    if (matched !== null) {
      const explained = explain(matched.groups ?? {});
      const isLoneReturn = error.message.includes("state machine");
      const found = isLoneReturn
        ? await findLoneReturn(error.message, shown, reading?.marks)
        : await findSourceLine(error.message, explained.line, reading?.marks);
      const line = found === undefined ? undefined : found + (reading?.lineOffset ?? 0);
      const details = { path, ...explained, line };
      return new HalfpriceError("BROKEN_TABLE", details, { cause: error });
    }
  }
  return error;
}

/** The engine counts rows of the copy; in the source, each mark before that row was a line more. */
async function findSourceLine(
  message: string,
  line: number | undefined,
  marks: Partial<BreakMarks> | undefined,
): Promise<number | undefined> {
  const copy = /\n\s*file = (.+)/.exec(message)?.[1];
  if (line === undefined || marks === undefined || copy === undefined) return line;
  let row = 1;
  let more = 0;
  for await (const chunk of createReadStream(copy.trim()) as AsyncIterable<Buffer>) {
    for (const byte of chunk) {
      if (row >= line) return line + more;
      if (byte === 10) row += 1;
      else if (byte === marks.lineFeed) more += 1;
    }
  }
  return line + more;
}

/** The line of the first carriage return that no line feed follows; in the copy, marks stand for line feeds inside of cells. */
async function findLoneReturn(
  message: string,
  { sources }: ShownPaths,
  marks: Partial<BreakMarks> | undefined,
): Promise<number | undefined> {
  const copy =
    [...(sources?.keys() ?? [])].find((path) => message.includes(path)) ?? /\n\s*file = (.+)/.exec(message)?.[1];
  if (copy === undefined) return undefined;
  let line = 1;
  let before = 0;
  for await (const chunk of createReadStream(copy.trim()) as AsyncIterable<Buffer>) {
    for (const byte of chunk) {
      if (before === 13 && byte !== 10) return line;
      if (byte === 10 || byte === marks?.lineFeed) line += 1;
      before = byte;
    }
  }
  return undefined;
}
