/** How the rows of a run share requests, as it crosses a stage border. */
import type { Figure } from "./evaluation.ts";

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
  /** What is asked before anything else, on demand: `rowCount` rows twice alone, and packed in each of the sizes. Absent without a canary. */
  readonly canary?: { readonly rowCount: number; readonly sizes: readonly number[] };
  /** What a canary has shown; absent where there was none. */
  readonly decision?: PackDecision;
}

/** How packed answers of some rows agreed with single ones. */
export interface PackTrial {
  readonly rowsPerRequest: number;
  /** Rows that were answered every time: twice alone, and packed. */
  readonly rows: number;
  /** Rows that came back without an answer of their own, which a run would ask again alone. */
  readonly lostCount: number;
  /** The share of rows whose packed answer is the first single one. */
  readonly packed: Figure;
  /** The share of rows whose two single answers are the same. */
  readonly single: Figure;
  /** The first less the second; `low` is what is sure of it, on one side of 97.5 %. */
  readonly difference: { readonly value: number; readonly low: number };
  /** The low end is within the tolerance. */
  readonly isWithin: boolean;
}

/** What a canary of packed requests has led to. */
export interface PackDecision {
  readonly rowsPerRequest: number;
  readonly tolerance: number;
  /** In the order in which they were made, fewer rows first; the first that is not within the tolerance is the last. */
  readonly trials: readonly PackTrial[];
  /** Why, in a sentence. */
  readonly reason: string;
  /** What it has cost on demand; absent where a price is not known. */
  readonly paidUsd?: number;
}
