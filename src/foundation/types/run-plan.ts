/** What a run would do and cost, as it crosses a stage border. */

import type { Estimate, JobLimits, JobSlots, Lane, ModelChoice, RecordSummary, Shard, Usage } from "./basics.ts";
import type { MediaSummary } from "./media.ts";
import type { PackPlan } from "./run-pack.ts";

/** Limits of what may be spent, in US dollars. */
export interface CostLimits {
  /** Of one run, with all that it sends again. */
  readonly maxCostUsd?: number;
  /** Of all runs of the workspace in the same account, or on the local service. */
  readonly maxCostTotalUsd?: number;
}

/** What of a plan goes one way, and what it costs that way. */
export interface LanePlan {
  readonly lane: Lane;
  readonly shardCount: number;
  readonly recordCount: number;
  /** Absent where the price is not known. */
  readonly usd?: Estimate;
}

/** When answers are wanted, and what that may take. */
export interface DeadlinePlan {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** Records that may be moved on demand. */
  readonly recordCount: number;
  /** If no job has begun until then, all of them are. Milliseconds since 1970. */
  readonly lastMomentMs: number;
  /** What the run may cost where all of them are, in US dollars; absent where the price is not known. */
  readonly mostUsd?: number;
}

/** What becomes of records that no job takes: asked on demand, or the whole plan is refused. */
export type BelowMinimum = "on-demand" | "fail";

/** What of a plan is not sent, since the workspace has it or will have it. */
export interface EarlierPlan {
  /** Requests that an earlier run has answered, and the tokens that those took. */
  readonly requestCount: number;
  readonly usage: Usage;
  /** Requests that other runs have in flight, run by run and round by round; the round is absent in plans of before ledger version 3. */
  readonly awaited: readonly { readonly runId: string; readonly requestCount: number; readonly round?: number }[];
}

/** Records that are asked before the rest, to see how it goes. */
export interface CanaryPlan {
  readonly recordCount: number;
  readonly sizeBytes: number;
  /** On demand; absent where the price is not known. */
  readonly usd?: Estimate;
}

/** Why a plan was made without asking the account: its limits are documented ones, its prices the catalogue's. */
export interface OfflinePlan {
  /** The error's code, what happened, and what to do. */
  readonly code: string;
  readonly message: string;
  readonly fix: string;
}

/** Another way to have the same requests answered, where it is known to cost less than the plan. */
export interface OtherWay {
  /** What it is and why it is cheaper, without a full stop. */
  readonly way: string;
  /** What to add to the command, `--model …`; absent where halfprice does not do it. */
  readonly command?: string;
  /** How sure its price is, where it is less sure than the plan's. */
  readonly doubt?: string;
  readonly usd: number;
}

/** A way to have the answers of a plan, with its price. */
export interface Way {
  readonly kind: "batch" | "on-demand" | "global" | "packed" | "single" | "model" | "other";
  /** What it is, without a full stop. */
  readonly way: string;
  readonly usd: number;
  /** It is what the plan does. */
  readonly isPlan?: true;
  /** Its requests were not made: the price is estimated from those of the plan. */
  readonly isEstimate?: true;
  /** What to add to the command, or the command that would measure it. */
  readonly command?: string;
  /** What is not known of it. */
  readonly doubt?: string;
}

/** What of a plan is done in parts. Its figures are those of some files, for all of them. */
export interface PartsPlan {
  readonly count: number;
  readonly fileCount: number;
  readonly sizeBytes: number;
  /** Where manifests or the files themselves count them, all three are the same. */
  readonly rowCount: Estimate;
  readonly recordCount: Estimate;
  /** Of all parts together. */
  readonly jobCount: number;
  /** How often all slots have to be filled: jobs by the account's limit. */
  readonly waveCount: number;
  /** Files that were looked into. */
  readonly sampledFileCount: number;
  readonly sampledRowCount: number;
}

/** What a run would do and cost. What it says is what `run` does. */
export interface Plan {
  readonly model: ModelChoice;
  readonly limits: JobLimits;
  readonly belowMinimum: BelowMinimum;
  /** As they were at the plan; absent where the jobs may not be listed. */
  readonly slots?: JobSlots;
  /** Rows of the results: where several answers of a row are wanted, each is one. */
  readonly rowCount: number;
  /** From 2; absent where a row has one answer. */
  readonly answersPerRow?: number;
  /** What is asked on demand before the rest, beside the lanes; absent without a canary. */
  readonly canary?: CanaryPlan;
  /** Distinct requests that are sent; where rows share requests, what each row would be asked alone. */
  readonly recordCount: number;
  /** Rows share requests: the shards count those. Absent where each is asked alone. */
  readonly pack?: PackPlan;
  /** It is done in parts: there are no shards yet, and rows, records and tokens are estimates. Absent where it is not. */
  readonly parts?: PartsPlan;
  readonly skippedCount: number;
  readonly duplicateCount: number;
  readonly emptyCells: Readonly<Record<string, number>>;
  readonly sizeBytes: number;
  readonly shards: readonly Shard[];
  /** Those ways that have records; batch first. */
  readonly lanes: readonly LanePlan[];
  readonly inputTokens: Estimate;
  /** No reported count of this maker's models was ever compared with the estimate. */
  readonly isUnmeasured?: true;
  readonly outputTokens: Estimate;
  /** The plan as it is: every lane at its price. Absent where one is not known. */
  readonly costUsd?: Estimate;
  /** All of it in batch; absent where the model's price is not known, or it has no batch. */
  readonly batchUsd?: Estimate;
  /** All of it on demand. */
  readonly onDemandUsd?: Estimate;
  /** Absent without a deadline. */
  readonly deadline?: DeadlinePlan;
  /** The same through the global profile, where that is another: every lane, and the canary, at its global price. */
  readonly globalUsd?: Estimate;
  /** What the global profile costs with all of it in batch. */
  readonly globalBatchUsd?: Estimate;
  /** Cheaper ways, where one is known; absent in plans of before there was the question. */
  readonly otherWays?: readonly OtherWay[];
  /** All known ways to get these answers, the cheapest first; absent where no price is known, and in plans of earlier versions. */
  readonly ways?: readonly Way[];
  /** Absent where nothing was looked for. */
  readonly earlier?: EarlierPlan;
  readonly samples: RecordSummary["samples"];
  /** Absent where the prompt has neither pictures nor documents. */
  readonly media?: MediaSummary;
  /** Absent where the account was asked. */
  readonly offline?: OfflinePlan;
}
