/** What the answers of a run are like, column by column, as it crosses a stage border. */
import type { Outcome } from "./basics.ts";

/** Values from one number to another, the last bin's upper end included. */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** A value and how often it comes. */
export interface Counted {
  readonly text: string;
  readonly count: number;
}

interface Filled {
  /** The column, or a part of it: `entities[].type`, `address.city`. */
  readonly name: string;
  /** Values that are there; of lists, members. */
  readonly count: number;
  /** Answered rows without a value. */
  readonly emptyCount: number;
}

/** The most frequent values. */
export interface LabelProfile extends Filled {
  readonly kind: "labels";
  /** At most 20, the most frequent first; `true` and `false` for booleans, numbers in their order. */
  readonly labels: readonly Counted[];
  readonly distinctCount: number;
  /** Values that are none of those. */
  readonly otherCount: number;
}

/** What a column of numbers holds. */
export interface NumberProfile extends Filled {
  readonly kind: "numbers";
  /** At most 20, of the same width. */
  readonly bins: readonly Bin[];
  readonly min: number;
  readonly median: number;
  readonly mean: number;
  readonly max: number;
}

/** What a column of texts holds. */
export interface TextProfile extends Filled {
  readonly kind: "texts";
  /** Letters of a text. */
  readonly lengths: readonly Bin[];
  readonly medianLength: number;
  /** Frequent words, with the texts that have them; at most 15. */
  readonly words: readonly Counted[];
}

/** How many members the lists have. */
export interface ListProfile extends Filled {
  readonly kind: "lists";
  readonly lengths: readonly Bin[];
  readonly medianLength: number;
}

/** What a column of vectors holds. */
export interface VectorProfile extends Filled {
  readonly kind: "vectors";
  readonly dimensions: number;
}

/** What a column of answers holds. */
export type AnswerProfile = LabelProfile | NumberProfile | TextProfile | ListProfile | VectorProfile;

/** A row as a report shows it. */
export interface SampleRow {
  /** The pictures and documents that were asked about. */
  readonly files?: readonly ShownFile[];
  /** From 1. */
  readonly row: number;
  readonly outcome: Outcome;
  /** What was asked; undefined where it is not on disk any more, or nothing was. */
  readonly prompt: string | undefined;
  /** The row's own cells, as text; NULL left out. */
  readonly cells: readonly (readonly [column: string, text: string])[];
  readonly answer: readonly (readonly [column: string, text: string])[];
  readonly error: string | undefined;
}

/** A picture or document as a report shows it. */
export interface ShownFile {
  /** `png, 640 by 480 pixels, 34 KB`. */
  readonly label: string;
  /** A small picture, as a `data:` address. */
  readonly dataUri?: string;
}

/** What a report shows of a run's table. */
export interface TableProfile {
  readonly answers: readonly AnswerProfile[];
  readonly samples: readonly SampleRow[];
  /** Tokens of an answered row's request and answer; empty where the service did not report them. */
  readonly inputTokens: readonly Bin[];
  readonly outputTokens: readonly Bin[];
}
