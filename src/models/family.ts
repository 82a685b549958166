import type { JsonSchema, ModelParameters } from "../types.ts";

/** How the models of one make are asked, and how they answer. One file a family. */
export interface Family {
  /** As `--family` takes it: `anthropic-messages`. */
  readonly name: string;
  readonly label: string;
  /** The vendor prefixes of model ids that are of this family: `anthropic`. */
  readonly vendors: readonly string[];
  /**
   * Body out: the request for one text. It is called once a run, with a marker for the text; the text stands in it
   * exactly once, as a whole string.
   */
  makeBody(text: string, parameters: ModelParameters, output: JsonSchema | undefined): object;
  /** What the family itself does not take, one sentence a problem. */
  findProblems(parameters: ModelParameters): string[];
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
  readonly stopReason: string;
  readonly inputTokens: string;
  readonly outputTokens: string;
  /** Stop reasons that mean: cut off by the token limit. */
  readonly truncatedReasons: readonly string[];
  /** Stop reasons that mean: the model or a filter declined. */
  readonly refusedReasons: readonly string[];
}
