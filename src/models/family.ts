import type { JsonSchema, MediaKind, ModelParameters, StructuredOutput } from "../foundation/types/index.ts";
import type { BodySummary, JsonObject } from "./body-summary.ts";

/** What a body is made of besides the text. */
export interface BodyRequest {
  /** Tells the generations of one make apart. */
  readonly baseId: string;
  readonly parameters: ModelParameters;
  /** The shape that answers are to have; undefined for plain text. */
  readonly output: JsonSchema | undefined;
  readonly structured: StructuredOutput;
}

/** A picture or a document as a body has it. */
export interface BodyMedia {
  readonly kind: MediaKind;
  /** As Converse names it: `png`, `pdf`. */
  readonly format: string;
  /** `image/png`. */
  readonly mimeType: string;
  /** What a document is called; letters, digits, single spaces, hyphens and brackets. */
  readonly name: string;
  /** What stands for its bytes in base64, or for its text where the family has texts as they are. */
  readonly data: string;
}

/** How a family has pictures and documents in its body: pieces of JSON with commas between, where the text alone would stand. */
export interface MediaShape {
  /** A text's piece, as the body without pictures has it. */
  readonly writeText: (text: string) => string;
  readonly writeMedia: (media: BodyMedia) => string;
  /** The body has room for one picture, and its texts are one: an embedding's. */
  readonly isSingle?: true;
  /** A vector is of a picture or of a text, and not of both. */
  readonly isEither?: true;
  /** Formats whose bytes go into the body as the text that they are. */
  readonly textFormats?: readonly string[];
}

/** How the models of one make are asked, and how they answer. One file a family. */
export interface Family {
  /** As `--family` takes it: `anthropic-messages`. */
  readonly name: string;
  readonly label: string;
  /** What comes back: a text, or the vector of one. */
  readonly kind: "text" | "embedding";
  /** The vendor prefixes of model ids that are of this family: `anthropic`. */
  readonly vendors: readonly string[];
  /**
   * Body out: the request for one text. It is called once a run, with a marker for the text; the text stands in it
   * exactly once.
   */
  makeBody(text: string, request: BodyRequest): object;
  /** Absent where the family's bodies have no pictures and documents of ours. */
  readonly media?: MediaShape;
  /** Where a text could be taken for marks of the prompt's form: SQL that takes the marks' meaning away. */
  readonly escapeText?: (textSql: string) => string;
  /** What the family itself does not take, one sentence a problem. */
  findProblems(request: BodyRequest): string[];
  /** Members of a ready body; undefined `optional`: any further one is let through. */
  readonly keys: { readonly required: readonly string[]; readonly optional: readonly string[] | undefined };
  /**
   * The rules of a ready body's turns. Converse and Nova want them to alternate from the user's on; Anthropic joins turns of
   * one role, but the user begins; the others take any.
   */
  readonly turns: "alternating" | "user-first" | "any";
  /** What a ready body says, in terms that are the same for all families, and what is wrong with it. */
  inspectBody(body: JsonObject): BodySummary;
  /** Answer in. */
  readonly answer: AnswerShape;
}

/**
 * Where the parts of an answer are, as SQL of the engine over `o`, the record's `modelOutput`. The answers never enter
 * JavaScript; a part that is not there is NULL.
 */
export interface AnswerShape {
  /** The engine's type of `modelOutput`, as far as it is read. */
  readonly type: string;
  readonly text: string;
  /** What the model thought before it answered; left out where the family has none. */
  readonly reasoning?: string;
  /** A list of FLOAT; for embedding families, which have no text. */
  readonly vector?: string;
  readonly stopReason: string;
  /** NULL where the service reports none: a count is never made up. */
  readonly inputTokens: string;
  readonly outputTokens: string;
  /** Of the input tokens, those read from a prompt cache and those written to it; left out where the family reports none. */
  readonly cacheReadTokens?: string;
  readonly cacheWriteTokens?: string;
  /** Of the output tokens, those of reasoning; left out where the family reports none apart. */
  readonly reasoningTokens?: string;
  /** Whether it thought, where its thoughts may be hidden; by `reasoning` where left out. */
  readonly hasThought?: string;
  /**
   * Whether the text is all that a whole answer says, letter by letter: it has no calls, no thoughts, no cached tokens, and nothing was cut off
   * the text. Left out where nobody has to know.
   */
  readonly isPlain?: string;
  /** The calls of tools that an answer makes, as JSON text; NULL where it makes none. Left out where the family has no tools. */
  readonly toolCalls?: string;
  /**
   * Stop reasons that mean: the answer is whole. Nothing else does, not even none at all: what is new, broken or paused is no
   * answer until it is known to be one. Undefined for families that report no reason, as vectors are whole or not there.
   */
  readonly wholeReasons: readonly string[] | undefined;
  /** Stop reasons that mean: cut off, by the limit of tokens or the size of the context window. */
  readonly truncatedReasons: readonly string[];
  /** Stop reasons that mean: the model or a filter declined. */
  readonly refusedReasons: readonly string[];
}
