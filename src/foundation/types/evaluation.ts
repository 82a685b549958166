/** How good answers are, as it crosses a stage border. */

/** A figure of an evaluation with its 95 % interval. */
export interface Figure {
  /** Null where it is not defined: kappa where gold and answers are one label throughout. */
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** The figures of one class. */
export interface ClassFigures {
  readonly precision: Figure;
  readonly recall: Figure;
  readonly f1: Figure;
  /** Rows of gold with the label. */
  readonly support: number;
}

/** How good one set of answers is. Figures that make no sense for a way of matching are null. */
export interface Figures {
  readonly accuracy: Figure;
  /** Cohen's κ: agreement beyond what comes about at random. For one label a row. */
  readonly kappa: Figure;
  readonly macroF1: Figure;
  readonly weightedF1: Figure;
  /** Over all labels of all rows together. Other than accuracy where a row has several, or none. */
  readonly microPrecision: Figure;
  readonly microRecall: Figure;
  readonly microF1: Figure;
  /** With numbers: the mean distance from gold, of rows where both are numbers. */
  readonly meanAbsoluteError: Figure;
  readonly perClass: Readonly<Record<string, ClassFigures>>;
}

/** Two sets of answers to the same rows, the first less the second. */
export interface Comparison {
  readonly bothRight: number;
  readonly onlyThis: number;
  readonly onlyOther: number;
  readonly bothWrong: number;
  /** McNemar's exact test: how likely such a difference is where both are equally good. */
  readonly mcnemarP: number;
  /** Paired bootstrap: both are counted on the same drawings of rows. */
  readonly difference: Readonly<Record<"accuracy" | "kappa" | "macroF1" | "weightedF1", Figure>>;
}

/** How good the answers of a run are: what `halfprice eval --json` prints. */
export interface Evaluation extends Figures {
  readonly runId: string;
  readonly answer: string;
  /** The gold column, or the run that stands in for it. */
  readonly gold: string;
  readonly match: string;
  /** Rows that count: those with gold. */
  readonly rows: number;
  /** Of those, rows without an answer: they count as wrong. */
  readonly unanswered: number;
  /** Rows that are left out. */
  readonly withoutGold: number;
  /** The most frequent mistakes, with one label a row. */
  readonly confusions: readonly { readonly gold: string; readonly answer: string | null; readonly rows: number }[];
  /** Some of the rows that are wrong; with another run, of those that only one has right. */
  readonly differing: readonly DifferingRow[];
  readonly against?: ComparedRun;
  readonly atLeast: readonly Target[];
}

/** A row in which two runs differ. */
export interface DifferingRow {
  /** From 1. */
  readonly row: number;
  readonly gold: string;
  readonly answer: string | null;
  readonly isRight: boolean;
  /** The other run's; absent without one. */
  readonly other?: string | null;
}

/** Another run on the same rows, and what tells the two apart. */
export interface ComparedRun extends Comparison, Pick<Figures, "accuracy" | "kappa" | "macroF1" | "weightedF1"> {
  readonly runId: string;
  readonly answer: string;
  readonly unanswered: number;
}

/** A figure that was asked for, by the lower end of its interval. */
export interface Target {
  readonly name: string;
  readonly least: number;
  readonly figure: Figure;
  readonly isMet: boolean;
}

/** When an answer is right. */
export const matchModes = ["exact", "trimmed", "folded", "set", "number", "spans"] as const;
/** How two cells are compared. */
export type MatchMode = (typeof matchModes)[number];

/** A way to compare cells, with its tolerance. */
export interface Matching {
  readonly mode: MatchMode;
  /** With `number`: how far an answer may be from gold, in gold's unit, or as a ratio of gold. @defaultValue 0 */
  readonly tolerance?: { readonly distance: number; readonly isRatio: boolean };
}

/** The figures of all labels together. */
export const wholeFigures = [
  "accuracy",
  "kappa",
  "macroF1",
  "weightedF1",
  "microPrecision",
  "microRecall",
  "microF1",
] as const;
/** The figures of one label, as `recall:fraud`. */
export const labelFigures = ["precision", "recall", "f1"] as const;

/** A figure and the least that it has to be: `accuracy`, `recall:fraud`. */
export interface AskedTarget {
  readonly name: string;
  readonly least: number;
}
