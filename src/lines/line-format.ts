/**
 * The lines of a batch job, and nothing but this file knows them: input is `{"recordId":"…","modelInput":{…}}`, output has `modelInput`, the
 * answer as `modelOutput` or what went wrong as `error`, and `recordId` (sources#output-lines). SQL is of DuckDB.
 */

/** The member of a line that holds a request's body; a table of ready bodies has it as a column. */
export const bodyMember = "modelInput";

/** Letters of a record id: an md5 in hex. */
const idLength = 32;
const lineStart = '{"recordId":"';
const lineMiddle = `","${bodyMember}":`;

/** Letters of an input line before its record id. */
const idOffset = lineStart.length;
/** Letters of an input line before its body. */
const bodyOffset = idOffset + idLength + lineMiddle.length;

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** What an input line has before its body; behind the body there is a brace. */
export const lineStartOf = (recordId: string): string => `${lineStart}${recordId}${lineMiddle}`;

/** A line of a job's input, of SQL expressions of its record id and its body. */
export const inputLineSql = (recordId: string, body: string): string =>
  `concat(${quote(lineStart)}, ${recordId}, ${quote(lineMiddle)}, ${body}, '}')`;

/** A line of a job's input. */
export const makeInputLine = (recordId: string, body: string): string => `${lineStart}${recordId}${lineMiddle}${body}}`;

/** The record id of an input line, as SQL. */
export const inputIdSql = (line = "line"): string => `substring(${line}, ${idOffset + 1}, ${idLength})`;

/** The body of an input line, as SQL. */
export const inputBodySql = (line = "line"): string =>
  `substring(${line}, ${bodyOffset + 1}, length(${line}) - ${bodyOffset + 1})`;

/** The record id of an input line. */
export const readInputId = (line: string): string => line.slice(idOffset, idOffset + idLength);

/** The body of an input line. */
export const readInputBody = (line: string): string => line.slice(bodyOffset, -1);

const inputLine = new RegExp(`^\\{"recordId":"([0-9a-f]{${idLength}})","${bodyMember}":(.*)\\}$`, "su");

/** An input line taken apart; undefined where it is not as it was written. */
export function splitInputLine(line: string): { readonly recordId: string; readonly body: string } | undefined {
  const found = inputLine.exec(line);
  return found === null ? undefined : { recordId: found[1] ?? "", body: found[2] ?? "" };
}

/** What became of a record: the model's answer, or the service's error, each as JSON text. */
export type RecordEnd = { readonly answer: string } | { readonly error: string };

/** A line of output as a batch job would have written it: for records that were asked on demand. */
export function makeOutputLine(recordId: string, body: string, end: RecordEnd): string {
  const member = "answer" in end ? `"modelOutput":${end.answer}` : `"error":${end.error}`;
  // Between its members JSON may have line breaks; inside of texts they are always escaped.
  return `{"${bodyMember}":${body},${member.replace(/[\r\n]+/g, " ")},"recordId":"${recordId}"}\n`;
}

/** The record id of a line that `makeOutputLine` wrote; empty where it was torn. */
export const readOwnOutputId = (line: string): string => /"recordId":"([0-9a-f]{32})"\}\n?$/.exec(line)?.[1] ?? "";

/**
 * Where the service writes the record id: last (batch, 2024 to 2026), or first. Behind it only plain values and the end of the line may
 * stand: so it is a member of the line itself, and no part of a text, where its quotes would be escaped.
 */
const endPattern = /[,{]\s*"recordId"\s*:\s*"([^"\\]+)"(?:\s*,\s*"\w+"\s*:\s*(?:"[^"\\]*"|[-+.\w]+))*\s*\}\s*$/;
const startPattern = /^\s*\{\s*"recordId"\s*:\s*"([^"\\]+)"\s*[,}]/;
const lookedAtBytes = 256;

/** The record id of a line of output; undefined where it has none. Few lines have to be parsed for it. */
export function findRecordId(line: Buffer): string | undefined {
  const atEnd = endPattern.exec(line.toString("latin1", Math.max(0, line.length - lookedAtBytes)))?.[1];
  const found = atEnd ?? startPattern.exec(line.toString("latin1", 0, lookedAtBytes))?.[1];
  return found ?? parseRecordId(line.toString("utf8"));
}

function parseRecordId(text: string): string | undefined {
  try {
    const { recordId } = JSON.parse(text) as { recordId?: unknown };
    return typeof recordId === "string" ? recordId : undefined;
  } catch {
    // As the careful reading finds it in a line that is torn.
    return /"recordId"\s*:\s*"([^"\\]+)"/.exec(text)?.[1];
  }
}

/** The members of an output line, as columns for the engine's reader of JSON Lines. @param output the type of the answer */
export const outputColumns = (output: string, error: string): string =>
  `{recordId: 'VARCHAR', modelOutput: ${quote(output)}, error: ${quote(error)}}`;

/** The same columns under the names that all readings give. */
export const typedOutput = { recordId: "recordId", answer: "modelOutput", error: "error" } as const;

/** The members of an output line of any shape, as SQL over its JSON. @param json an expression of the parsed line */
export const outputMembers = (json: string): Readonly<Record<"recordId" | "answer" | "error", string>> => ({
  recordId: `${json} ->> '$.recordId'`,
  answer: `(${json} -> '$.modelOutput')`,
  error: `(${json} -> '$.error')`,
});

/** The record id that stands in a line of output which is no JSON any more, as SQL; empty where none is seen. */
export const tornIdSql = (line: string): string => `regexp_extract(${line}, '"recordId"\\s*:\\s*"([^"\\\\]+)"', 1)`;

/** Whether the first line of a JSON Lines file is a request for Bedrock's batch inference. */
export const isInputLine = (line: string): boolean => new RegExp(`"${bodyMember}"\\s*:`).test(line);
