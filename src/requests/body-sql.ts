import { quoteText } from "../engine/sql.ts";
import { describeSchema } from "../models/describe-schema.ts";
import type { Family } from "../models/family.ts";
import type { InvocationType, JsonSchema, ModelParameters } from "../types.ts";

/** What makes a request of a text. */
export interface RequestShape {
  readonly family: Family;
  readonly baseId: string;
  readonly invocation: InvocationType;
  readonly parameters: ModelParameters;
  readonly output: JsonSchema | undefined;
}

/** No prompt holds this: private-use letters around a name. */
const marker = "\uE000halfprice:text\uE001";

export interface BodySql {
  /** The request's body, as JSON text, of a text expression. */
  readonly body: (text: string) => string;
  /** The md5 (hex) that names a request, of a body expression. */
  readonly recordId: (body: string) => string;
  /** What a model reads besides the text, system prompt and schema: for the estimate of tokens. */
  readonly fixedText: string;
}

/**
 * The family encodes a body once, with a marker where the text goes; the engine fills it for every row. So the family's
 * code runs once, and the bytes of a text are the engine's on every path.
 */
export function bodySql({ family, baseId, invocation, parameters, output }: RequestShape): BodySql {
  const encoded = JSON.stringify(family.makeBody(marker, parameters, output));
  const [before, after, ...more] = encoded.split(JSON.stringify(marker));
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`the family ${family.name} does not put the text into its body once, as a whole string`);
  }
  return {
    body: (text) => `concat(${quoteText(before)}, to_json(${text})::VARCHAR, ${quoteText(after)})`,
    recordId: (body) => `md5(concat(${quoteText(`${baseId}\n${invocation}\n`)}, ${body}))`,
    fixedText: [parameters.system ?? "", output === undefined ? "" : describeSchema(output)].join("\n"),
  };
}

/** A line of a job's input, of SQL expressions. */
export function lineOf(recordId: string, body: string): string {
  return `concat('{"recordId":"', ${recordId}, '","modelInput":', ${body}, '}')`;
}

/** Bytes of a line besides its body: the frame of `lineOf`, an md5 in hex, and the newline. */
export const lineFrameBytes = '{"recordId":"","modelInput":}\n'.length + 32;
