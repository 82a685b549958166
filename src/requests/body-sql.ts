import { quoteText } from "../engine/sql.ts";
import { makeSystemText } from "../models/describe-schema.ts";
import type { Family } from "../models/family.ts";
import type { InvocationType, JsonSchema, ModelParameters, StructuredOutput } from "../types.ts";

/** What makes a request of a text. */
export interface RequestShape {
  readonly family: Family;
  readonly baseId: string;
  readonly invocation: InvocationType;
  readonly parameters: ModelParameters;
  readonly output: JsonSchema | undefined;
  /** @defaultValue "prompt" */
  readonly structured?: StructuredOutput;
  /** The text is a ready body: it is sent as it is. */
  readonly isRaw?: boolean;
}

/** No prompt holds this: private-use letters around a name. */
const marker = "\uE000halfprice:text\uE001";

export interface BodySql {
  /** The request's body, as JSON text, of a text expression. */
  readonly body: (text: string) => string;
  /** The md5 (hex) that names a request, of a body expression. */
  readonly recordId: (body: string) => string;
  /** What a body has around its text, quotes included. */
  readonly around: string;
  /** The text of a body that was made so: for showing it. */
  readonly readText: (body: string) => string;
  /** What a model reads besides the text, system prompt and schema: for the estimate of tokens. */
  readonly fixedText: string;
}

/**
 * The family encodes a body once, with a marker where the text goes; the engine fills it for every row. So the family's
 * code runs once, and the bytes of a text are the engine's on every path.
 */
export function bodySql(shape: RequestShape): BodySql {
  const { family, baseId, invocation, parameters, output, structured = "prompt", isRaw } = shape;
  const recordId = (body: string): string => `md5(concat(${quoteText(`${baseId}\n${invocation}\n`)}, ${body}))`;
  const request = { baseId, parameters, output, structured };
  if (isRaw === true) {
    // A ready body has about as much around its texts as one of ours.
    const around = JSON.stringify(family.makeBody("", { ...request, output: undefined }));
    return { body: (text) => text, recordId, around, readText: (body) => body, fixedText: "" };
  }
  const encoded = JSON.stringify(family.makeBody(marker, request));
  const escape = family.escapeText ?? ((text: string) => text);
  const json = (text: string): string => `to_json(${escape(text)})::VARCHAR`;
  const whole = encoded.split(JSON.stringify(marker));
  // A family that writes one prompt has the text inside of a longer string: its JSON goes there without the quotes.
  const [parts, fill] =
    whole.length === 2
      ? [whole, json]
      : [encoded.split(marker), (text: string) => `substring(${json(text)}, 2, length(${json(text)}) - 2)`];
  const [before, after, ...more] = parts;
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`the family ${family.name} does not put the text into its body once`);
  }
  return {
    body: (text) => `concat(${quoteText(before)}, ${fill(text)}, ${quoteText(after)})`,
    recordId,
    around: `${before}${after}${whole.length === 2 ? '""' : ""}`,
    readText: (body) => {
      const middle = body.slice(before.length, body.length - after.length);
      return JSON.parse(whole.length === 2 ? middle : `"${middle}"`) as string;
    },
    fixedText: makeSystemText(request) ?? "",
  };
}

/** A line of a job's input, of SQL expressions. */
export function lineOf(recordId: string, body: string): string {
  return `concat(${quoteText(lineStart)}, ${recordId}, ${quoteText(lineMiddle)}, ${body}, '}')`;
}

const lineStart = '{"recordId":"';
const lineMiddle = '","modelInput":';

/** Letters of a line before its record id. */
export const idOffset = lineStart.length;

/** Letters of a line before its body: the frame and an md5 in hex. */
export const bodyOffset = lineStart.length + 32 + lineMiddle.length;
