/** How the rows of a run share requests, as it crosses a stage border. */

/** A piece of the prompt of one row: text that all rows have, or a cell. */
export type ItemPart =
  | { readonly kind: "text"; readonly text: string }
  /** `name` is that of the member which has the cell. */
  | { readonly kind: "cell"; readonly name: string };

/** Several rows are asked in one request, each by a key of its own. */
export interface RunPack {
  /** From 2. */
  readonly rowsPerRequest: number;
  /** Maximum output tokens of a request with several rows. */
  readonly maxTokens: number;
  /** The member with a row's key, in the request and in the answer. */
  readonly keyName: string;
  /** The member of an answer's item that has the text, where answers are plain text. */
  readonly answerName?: string;
  /** What a row is asked where it is asked alone. */
  readonly parts: readonly ItemPart[];
}

/** What packing makes of a plan. */
export interface PackPlan {
  /** At most; 1 where rows are asked alone after all. */
  readonly rowsPerRequest: number;
  /** What was asked for. */
  readonly asked: number | "auto";
  /** Requests that are sent, for all records of the plan. */
  readonly requestCount: number;
  /** Why fewer rows share a request than was asked for; whole sentences. */
  readonly notes: readonly string[];
}
