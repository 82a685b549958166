/**
 * A line of the input, read without being rebuilt: the text of its modelInput goes into the output as it came. The service
 * writes compact JSON with non-ASCII unescaped (sources#output-lines), so white space and needless escapes are taken out. Lines
 * and what is cut out of them are byte text.
 */
import { fromByteText, toByteText } from "./byte-text.ts";

/** The JSON texts of a record's members, cut out of its line. */
export interface RecordText {
  /** The JSON text of a string, quotes included; undefined where the record has no id. */
  readonly recordId: string | undefined;
  readonly modelInput: string | undefined;
  /** Where modelInput begins in the line. */
  readonly modelInputAt: number;
}

const quote = 34;
const backslash = 92;

function endOfString(text: string, start: number): number {
  let at = start;
  for (;;) {
    at = text.indexOf('"', at + 1);
    if (at < 0) return text.length;
    let escapes = 0;
    while (text.charCodeAt(at - 1 - escapes) === backslash) escapes++;
    if (escapes % 2 === 0) return at + 1;
  }
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (text.charCodeAt(at) <= 32) at++;
  return at;
}

function endOfValue(text: string, start: number): number {
  const first = text.charCodeAt(start);
  if (first === quote) return endOfString(text, start);
  if (first !== 123 && first !== 91) {
    let at = start;
    for (let code = first; at < text.length && code !== 44 && code !== 125 && code > 32; code = text.charCodeAt(at))
      at++;
    return at;
  }
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      at = endOfString(text, at);
      continue;
    }
    if (code === 123 || code === 91) depth++;
    else if ((code === 125 || code === 93) && --depth === 0) return at + 1;
    at++;
  }
  return at;
}

/** Cuts a record's members out of its line. @param line a JSON object, already known to be valid */
export function readRecordText(line: string): RecordText {
  let recordId: string | undefined;
  let modelInput: string | undefined;
  let modelInputAt = 0;
  let at = skipSpace(line, 0) + 1;
  for (;;) {
    at = skipSpace(line, at);
    if (line.charCodeAt(at) === 44) at = skipSpace(line, at + 1);
    if (line.charCodeAt(at) !== quote) break;
    const keyEnd = endOfString(line, at);
    const key = line.slice(at + 1, keyEnd - 1);
    const valueStart = skipSpace(line, skipSpace(line, keyEnd) + 1);
    const valueEnd = endOfValue(line, valueStart);
    if (key === "recordId") recordId = line.slice(valueStart, valueEnd);
    else if (key === "modelInput") {
      modelInput = line.slice(valueStart, valueEnd);
      modelInputAt = valueStart;
    }
    at = valueEnd;
  }
  // A number as an id becomes a string, as Java's JSON readers do; null is no id. Both unconfirmed.
  if (recordId === "null" || recordId === '""') recordId = undefined;
  else if (recordId !== undefined && recordId.charCodeAt(0) !== quote) recordId = JSON.stringify(recordId);
  return { recordId, modelInput, modelInputAt };
}

function isAsciiFrom(byteText: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (byteText.charCodeAt(at) > 127) return false;
  return true;
}

/** The JSON text of modelInput as it is. @param text the whole line as it is, @param line and as byte text */
export function cutModelInput(text: string, line: string, { modelInput = "", modelInputAt }: RecordText): string {
  if (text.length === line.length) return modelInput;
  const after = line.length - modelInputAt - modelInput.length;
  // Around it there mostly is nothing but ASCII, which is as long in both.
  return isAsciiFrom(line, 0, modelInputAt) && isAsciiFrom(line, line.length - after, line.length)
    ? text.slice(modelInputAt, text.length - after)
    : fromByteText(modelInput);
}

const needsWork = /\\[u/]/;

function compactString(text: string): string {
  return needsWork.test(text) ? toByteText(JSON.stringify(JSON.parse(fromByteText(text)))) : text;
}

/** A JSON text without white space between its tokens and without needless escapes; numbers stay as they are written. */
export function compactJson(text: string): string {
  const mayHaveEscapes = needsWork.test(text);
  let compact = "";
  let kept = 0;
  let at = 0;
  const { length } = text;
  while (at < length) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      const end = endOfString(text, at);
      if (mayHaveEscapes) {
        const raw = text.slice(at, end);
        const plain = compactString(raw);
        if (plain !== raw) {
          compact += text.slice(kept, at) + plain;
          kept = end;
        }
      }
      at = end;
    } else if (code <= 32) {
      compact += text.slice(kept, at);
      while (text.charCodeAt(at) <= 32) at++;
      kept = at;
    } else at++;
  }
  return kept === 0 ? text : compact + text.slice(kept);
}

/** The line of an answered record. @param modelOutput as it is: JSON text */
export const answeredLine = (recordId: string, modelInput: string, modelOutput: string): string =>
  `{"modelInput":${modelInput},"modelOutput":${toByteText(modelOutput)},"recordId":${recordId}}\n`;

/**
 * The line of a record that failed. Its members are in the order of the alphabet as those above; unconfirmed.
 * @param errorMessage as it is
 */
export const failedLine = (recordId: string, modelInput: string, errorCode: number, errorMessage: string): string =>
  `{"error":{"errorCode":${errorCode},"errorMessage":${toByteText(JSON.stringify(errorMessage))}},"modelInput":${modelInput},"recordId":${recordId}}\n`;

/** The id that a record gets which brought none. Its form is undocumented; eleven letters and digits were once the rule. */
export const makeRecordId = (index: number): string => `"REC${index.toString(36).toUpperCase().padStart(8, "0")}"`;
