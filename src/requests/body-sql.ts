import { quoteText } from "../engine/sql.ts";
import type {
  InvocationType,
  ItemPart,
  JsonSchema,
  ModelParameters,
  StructuredOutput,
} from "../foundation/types/index.ts";
import { splitMarks } from "../media/media-mark.ts";
import { makeSystemText } from "../models/describe-schema.ts";
import type { Family, MediaShape } from "../models/family.ts";
import { itemTextSql, readItemText } from "./packs/item-parts.ts";

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
  /** Several answers of a row are several records: the number of each is part of its name. From 2. */
  readonly answersPerRow?: number;
  /** The column with that number. */
  readonly answerColumn?: string;
  /** The lines of the run's file have the cells of each row in place of a body, since rows share requests; the body is made of them. */
  readonly items?: readonly ItemPart[];
  /** Requests have pictures or documents: in place of the text stand pieces, with marks for the files. */
  readonly hasMedia?: boolean;
}

/** No prompt holds this: private-use letters around a name. */
const marker = "\uE000halfprice:text\uE001";

/** The body of a request as SQL. */
export interface BodySql {
  /** The request's body, as JSON text, of a text expression. */
  readonly body: (text: string) => string;
  /**
   * The md5 (hex) that names a request, of a body expression, and of the answer's number where there are several. The first
   * answer has the name that an only one would have.
   */
  readonly recordId: (body: string, answerNumber?: string) => string;
  /** The request's body, of what a line of the run's file has: the body itself, or the cells of its row. */
  readonly ofLine: (content: string) => string;
  /** What a body has around its text, quotes included. */
  readonly around: string;
  /** The text of what a line of the run's file has: for showing it. */
  readonly readText: (content: string) => string;
  /** What a model reads besides the text, system prompt and schema: for the estimate of tokens. */
  readonly fixedText: string;
}

/** What of a body does not depend on its text, and how the text goes between. */
export interface BodyFrame {
  readonly before: string;
  readonly after: string;
  /** The text is a JSON string of its own; else it stands inside of a longer one, without quotes. */
  readonly isQuoted: boolean;
  /** A text expression as the body has it. */
  readonly fill: (text: string) => string;
}

/** The frame of a body of this shape. */
export function frameOf({ family, baseId, parameters, output, structured = "prompt" }: RequestShape): BodyFrame {
  const encoded = JSON.stringify(family.makeBody(marker, { baseId, parameters, output, structured }));
  const escape = family.escapeText ?? ((text: string) => text);
  const json = (text: string): string => `to_json(${escape(text)})::VARCHAR`;
  const whole = encoded.split(JSON.stringify(marker));
  // A family that writes one prompt has the text inside of a longer string: its JSON goes there without the quotes.
  const isQuoted = whole.length === 2;
  const [before, after, ...more] = isQuoted ? whole : encoded.split(marker);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`the family ${family.name} does not put the text into its body once`);
  }
  const fill = isQuoted ? json : (text: string) => `substring(${json(text)}, 2, length(${json(text)}) - 2)`;
  return { before, after, isQuoted, fill };
}

/** What the name of a request is made of before its body. */
export const requestHead = ({ baseId, invocation }: Pick<RequestShape, "baseId" | "invocation">): string =>
  `${baseId}\n${invocation}\n`;

/** What a body with pictures or documents has around its pieces. */
export function mediaFrame(
  { family, baseId, parameters, output, structured = "prompt" }: RequestShape,
  media: MediaShape,
): { readonly before: string; readonly after: string } {
  const encoded = JSON.stringify(family.makeBody(marker, { baseId, parameters, output, structured }));
  const [before, after, ...more] = encoded.split(media.writeText(marker));
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(`the family ${family.name} does not put a text's piece into its body once`);
  return { before, after };
}

/** The texts of pieces, with words where files stand. */
function readPieces(pieces: string): string {
  const texts: string[] = [];
  const walk = (value: unknown, name = ""): void => {
    if (typeof value === "string") {
      if (splitMarks(value).length > 1) texts.push(`[${lastKind}]`);
      else if (/^(text|inputText|value)$/.test(name) && value !== "text") texts.push(value);
      return;
    }
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (/^(image|inputImage)$/.test(key) || inner === "image") lastKind = "image";
      if (key === "document" || inner === "document") lastKind = "document";
      walk(inner, key);
    }
  };
  let lastKind = "file";
  walk(JSON.parse(pieces.startsWith("{") ? `[${pieces}]` : `{${pieces}}`));
  return texts.join(" ");
}

/**
 * The family encodes a body once, with a marker where the text goes; the engine fills it for every row. So the family's
 * code runs once, and the bytes of a text are the engine's on every path.
 */
export function bodySql(shape: RequestShape): BodySql {
  const { family, baseId, parameters, output, structured = "prompt", isRaw, items } = shape;
  const recordId = (body: string, answerNumber?: string): string => {
    const number =
      answerNumber === undefined
        ? ""
        : `, CASE WHEN ${answerNumber} > 1 THEN concat(chr(10), ${answerNumber}) ELSE '' END`;
    return `md5(concat(${quoteText(requestHead(shape))}, ${body}${number}))`;
  };
  if (isRaw === true) {
    // A ready body has about as much around its texts as one of ours.
    const request = { baseId, parameters, output: undefined, structured };
    const around = JSON.stringify(family.makeBody("", request));
    const same = (text: string): string => text;
    return { body: same, recordId, ofLine: same, around, readText: same, fixedText: "" };
  }
  const fixedText = makeSystemText({ baseId, parameters, output, structured }) ?? "";
  if (shape.hasMedia === true && family.media !== undefined) {
    const { before, after } = mediaFrame(shape, family.media);
    const readText = (body: string): string => readPieces(body.slice(before.length, body.length - after.length));
    return {
      body: (pieces) => `concat(${quoteText(before)}, ${pieces}, ${quoteText(after)})`,
      recordId,
      ofLine: (content) => content,
      around: `${before}${after}`,
      readText,
      fixedText,
    };
  }
  const { before, after, isQuoted, fill } = frameOf(shape);
  const body = (text: string): string => `concat(${quoteText(before)}, ${fill(text)}, ${quoteText(after)})`;
  return {
    body,
    recordId,
    ofLine: (content) => (items === undefined ? content : body(itemTextSql(content, items))),
    around: `${before}${after}${isQuoted ? '""' : ""}`,
    readText: (content) => {
      if (items !== undefined) return readItemText(content, items);
      const middle = content.slice(before.length, content.length - after.length);
      return JSON.parse(isQuoted ? middle : `"${middle}"`) as string;
    },
    fixedText,
  };
}

/** The frame of pieces, and a note as a piece behind them. */
function withNotePiece(shape: RequestShape, media: MediaShape): BodyFrame {
  const [start = "", end = ""] = media.writeText(marker).split(JSON.stringify(marker));
  const fill = (text: string): string =>
    `concat(',', ${quoteText(start)}, to_json(${text})::VARCHAR, ${quoteText(end)})`;
  return { ...mediaFrame(shape, media), isQuoted: false, fill };
}

/**
 * The body of a request that is sent again in another form, as SQL: with a higher limit, with a note behind its text. What
 * is left as it was keeps its bytes; ready bodies are never changed.
 * @param limits every limit that `maxTokens` may be
 */
export function changedBodySql(
  shape: RequestShape,
  limits: readonly number[],
): (sql: { readonly body: string; readonly maxTokens: string; readonly note: string }) => string {
  const withLimit = (maxTokens: number): RequestShape => ({ ...shape, parameters: { ...shape.parameters, maxTokens } });
  if (shape.isRaw === true) return ({ body }) => body;
  const media = shape.hasMedia === true ? shape.family.media : undefined;
  const own = media === undefined ? frameOf(shape) : withNotePiece(shape, media);
  const frames = limits.map((limit) => ({
    limit,
    ...(media === undefined ? frameOf(withLimit(limit)) : mediaFrame(withLimit(limit), media)),
  }));
  const choose = (part: "before" | "after", maxTokens: string): string =>
    `CASE ${maxTokens} ${frames.map((frame) => `WHEN ${frame.limit} THEN ${quoteText(frame[part])}`).join(" ")} ELSE ${quoteText(own[part])} END`;
  return ({ body, maxTokens, note }) => {
    // The engine counts letters, JavaScript halves of some.
    const [head, tail] = [[...own.before].length, [...own.after].length];
    const text = `substring(${body}, ${head + 1}, length(${body}) - ${head + tail})`;
    const noted = own.isQuoted
      ? `concat(left(${text}, length(${text}) - 1), substring(${own.fill(note)}, 2))`
      : `concat(${text}, ${own.fill(note)})`;
    const before = frames.length === 0 ? quoteText(own.before) : choose("before", maxTokens);
    const after = frames.length === 0 ? quoteText(own.after) : choose("after", maxTokens);
    return `concat(${before}, CASE WHEN ${note} IS NULL THEN ${text} ELSE ${noted} END, ${after})`;
  };
}
