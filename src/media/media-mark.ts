/**
 * Stands in a request's body for a file's content until the request is sent: so that requests are named, measured, compared and sorted as
 * short lines. `<private letter>halfprice:media:<sha256>:<b or t>:<bytes in the line>:<tokens><private letter>`.
 */

const open = "\uE000";
const close = "\uE001";
const head = `${open}halfprice:media:`;

/** What a mark says of a file. */
export interface MediaMark {
  /** The file's name in the store. */
  readonly sha256: string;
  /** As base64, or as the text that it is, within a JSON string. */
  readonly form: "base64" | "text";
  /** What the content takes in a line. */
  readonly lineBytes: number;
  /** More than the letters around it. */
  readonly tokens: number;
}

/** Writes a mark. */
export function writeMark({ sha256, form, lineBytes, tokens }: MediaMark): string {
  return `${head}${sha256}:${form === "base64" ? "b" : "t"}:${lineBytes}:${tokens}${close}`;
}

const pattern = `${head}([0-9a-f]{64}):([bt]):(\\d+):(\\d+)${close}`;

/** Splits a text at its marks: texts and marks in turn, a text first and last. */
export function splitMarks(text: string): (string | MediaMark)[] {
  const parts: (string | MediaMark)[] = [];
  let at = 0;
  for (const found of text.matchAll(new RegExp(pattern, "gu"))) {
    const [whole, sha256 = "", form, lineBytes, tokens] = found;
    parts.push(text.slice(at, found.index), {
      sha256,
      form: form === "b" ? "base64" : "text",
      lineBytes: Number(lineBytes),
      tokens: Number(tokens),
    });
    at = found.index + whole.length;
  }
  return [...parts, text.slice(at)];
}

/** A body without what may change while its files stay the same: the estimate of tokens. */
export const nameMarks = (body: string): string =>
  body.replace(new RegExp(pattern, "gu"), (_, sha256: string) => `${head}${sha256}${close}`);

/** A text as JSON that has no mark in it, whatever letters it has. */
export const quoteUnmarked = (json: string): string => json.replaceAll(open, "\\ue000");

const sqlPattern = `'\\x{E000}halfprice:media:[0-9a-f]{64}:[bt]:(\\d+):(\\d+)\\x{E001}'`;
const sum = (list: string): string => `coalesce(list_sum(${list}), 0)`;

/** The bytes of a line once its files stand in it, as SQL; without its line feed. */
export const expandedBytesSql = (line: string): string =>
  `(strlen(${line}) + ${sum(`[x::BIGINT FOR x IN regexp_extract_all(${line}, ${sqlPattern}, 1)]`)} - ${sum(`[strlen(x) FOR x IN regexp_extract_all(${line}, ${sqlPattern})]`)})`;

/** The tokens of a line's files, as SQL. */
export const mediaTokensSql = (line: string): string =>
  sum(`[x::BIGINT FOR x IN regexp_extract_all(${line}, ${sqlPattern}, 2)]`);

/** A line without its marks, as SQL. */
export const unmarkedSql = (line: string): string => `regexp_replace(${line}, ${sqlPattern}, '', 'g')`;
