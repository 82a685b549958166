/** How a run ended, as it crosses a stage border: counts, money, and what stood in the way. */
import type { Estimate, Lane, Outcome, Usage } from "./basics.ts";

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

/** What `retry` would do about the records that have no good answer. */
export interface RetryOffer {
  /** Records that can still get one. */
  readonly recordCount: number;
  /** Records that cannot: their requests were refused, the model declined, or their limit is the model's own. */
  readonly leftCount: number;
  /** Of those that can, records that were never sent: the run was stopped, or another run was to answer them. */
  readonly unsentCount: number;
  /** How they would go; absent where there are none. */
  readonly lane?: Lane;
  /** Absent where the price is not known. */
  readonly usd?: Estimate;
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

/** How some of a run's requests were paid: in jobs, on demand, sent again, or before the rest to see how it goes. */
export type PaidKind = "batch" | "on_demand" | "retry" | "canary";

/** What was paid in one way. */
export interface PaidPart {
  readonly kind: PaidKind;
  /** Requests that came back with an answer. */
  readonly requestCount: number;
  readonly usage: Usage;
  /** Absent where price or usage is not known. */
  readonly usd?: number;
}

/** A run's money, in US dollars; a figure that is not known is absent. On the local service it is what it would be. */
export interface RunMoney {
  /** What the plan said. */
  readonly estimateUsd?: Estimate;
  /** Those ways that were used. */
  readonly parts: readonly PaidPart[];
  /** All parts together. */
  readonly paidUsd?: number;
  /** The same requests at the on-demand price. */
  readonly onDemandUsd?: number;
  /** What batch saved of it; negative where it was dearer. */
  readonly savedByBatchUsd?: number;
  /** Rows whose request an earlier row had sent, and what sending it again would have cost. */
  readonly onceCount: number;
  readonly savedByOnceUsd?: number;
  /** Requests that an earlier run had answered, and what asking them again would have cost. */
  readonly earlierCount: number;
  readonly savedByEarlierUsd?: number;
  /** The day on which the prices were read, or `given`; absent where none is known. */
  readonly pricesAsOf?: string;
  readonly pricesSource?: string;
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
  /** Of the output tokens, those of reasoning, where there were any; estimated where the answers do not report them apart. */
  readonly reasoning?: { readonly tokens: number; readonly isEstimated: boolean };
  /** From reported usage and the plan's prices; absent where the price is not known. */
  readonly paidUsd?: number;
  readonly onDemandUsd?: number;
  /** The whole of it; absent in runs of before there was such an account. */
  readonly money?: RunMoney;
  /** Reasons of rows without an answer, the most frequent first; what has one explanation is one cause. */
  readonly causes: readonly Cause[];
  /** Jobs that did not end well, and what their end means; absent where none was looked at. */
  readonly jobEnds?: readonly JobEnd[];
  /** Absent where every record has a good answer, and in runs of before there was such an offer. */
  readonly retry?: RetryOffer;
  /** What the manifests, the counts and the lines disagree about; empty when they agree. */
  readonly discrepancies: readonly string[];
  /** Wall time from the first submission to the table, in milliseconds. */
  readonly durationMs: number;
}
