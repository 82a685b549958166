/** How a run ended, as it crosses a stage border: counts, money, and what stood in the way. */
import type { Outcome, Usage } from "./types.ts";

/** What a message of the service means. */
export interface Explanation {
  /** The row of the table of messages that it comes from: `E24`; or a name, for what is no message: `COMPLETED_EMPTY`. */
  readonly id: string;
  /** A whole sentence. */
  readonly cause: string;
  /** What to do, as a command where there is one. */
  readonly fix: string;
}

/** Why rows have no answer. */
export interface Cause {
  readonly outcome: Outcome;
  /** The raw words of one of them. */
  readonly message: string;
  /** Rows. */
  readonly count: number;
  /** Absent where the words are not known. */
  readonly explanation?: Explanation;
}

/** A job that did not end well. */
export interface JobEnd {
  /** From 0. */
  readonly index: number;
  readonly jobName: string;
  readonly status: string;
  /** The service's words, raw; absent where it gave none. */
  readonly message?: string;
  readonly explanation: Explanation;
}

/** How a run ended, from what the service reported. */
export interface RunSummary {
  readonly rowCount: number;
  readonly recordCount: number;
  readonly outcomeCounts: Readonly<Record<Outcome, number>>;
  readonly jobCount: number;
  readonly usage: Usage;
  /**
   * Where the usage comes from, where not every record reported its own: the jobs' manifests, or nowhere, which leaves
   * the tokens incomplete and the cost unknown. Absent where the records reported it.
   */
  readonly usageSource?: "manifests" | "none";
  /** From reported usage and the plan's prices; absent where the price is not known. */
  readonly paidUsd?: number;
  readonly onDemandUsd?: number;
  /** Reasons of rows without an answer, the most frequent first; what has one explanation is one cause. */
  readonly causes: readonly Cause[];
  /** Jobs that did not end well, and what their end means; absent where none was looked at. */
  readonly jobEnds?: readonly JobEnd[];
  /** What the manifests, the counts and the lines disagree about; empty when they agree. */
  readonly discrepancies: readonly string[];
  /** Wall time from the first submission to the table, in milliseconds. */
  readonly durationMs: number;
}
