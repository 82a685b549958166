import type { Estimate, Figure, Matching, Origin } from "../../foundation/types/index.ts";
import type { RunRequest } from "../../run/plan/choose-model.ts";

/** Who is compared on which rows, and what the answers are held against. */
export interface CompareRequest {
  /** One for each candidate: a model, and a prompt; the rows are the same for all. */
  readonly candidates: readonly CandidateRequest[];
  /** Rows that are asked. */
  readonly sample: { readonly count: number; readonly seed: number };
  readonly judgedBy: JudgedBy;
  /** The answer column; may be left out where there is one. */
  readonly answer?: string;
  readonly matching: Matching;
  /** The share of right answers that is asked for. */
  readonly atLeast?: number;
  /** How far below the best a candidate may be on the same rows. */
  readonly within?: number;
  /** Of all candidates together, and of the judge. */
  readonly maxCostUsd?: number;
}

/** Rows that are asked where nobody says how many. */
export const usualSample = 1200;
/** How far below the best a candidate may be, where nothing else is asked of it. */
export const usualWithin = 0.02;

/** A model and a prompt, as they were named. */
export interface CandidateRequest {
  readonly model: string;
  readonly prompt: string;
  readonly request: RunRequest;
}

/** What says that an answer is right: a column, another candidate's answer, or a judge. */
export type JudgedBy =
  | { readonly kind: "gold"; readonly column: string }
  | { readonly kind: "reference"; readonly model: string }
  /** `rubric` is a text file. */
  | { readonly kind: "judge"; readonly rubric: string; readonly model: string };

/** The ways to have a million rows answered: prices in US dollars. */
export type RouteName = "batch" | "onDemand" | "globalBatch" | "globalOnDemand" | "packedBatch" | "packedOnDemand";

/** A candidate as it did on the sample. */
export interface ComparedCandidate {
  readonly model: string;
  readonly prompt: string;
  /** The run with its answers, which a run that follows takes. */
  readonly runId: string;
  /** The share of rows that are right, or that agree with the reference, with its 95 % interval. */
  readonly accuracy: Figure;
  /** What is sure of the share, at the level that Holm's correction leaves; absent where no share is asked for. */
  readonly lowestShare?: number;
  /** What is sure of the distance from the best candidate; absent where it is not asked for. */
  readonly lowestDifference?: number;
  readonly isGoodEnough: boolean;
  /** From the tokens that the service reported. */
  readonly costPerMillionRowsUsd: Readonly<Partial<Record<RouteName, number>>>;
  /** Routes whose tokens were not reported: several rows in a request were not asked. */
  readonly estimatedRoutes: readonly RouteName[];
  /** Of all rows of the sample together. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Rows whose answer is not what was asked for, that was cut off, and that have none for another reason. */
  readonly invalid: number;
  readonly truncated: number;
  readonly unanswered: number;
  /** The others are compared with its answers. */
  readonly isReference?: true;
}

/** What a comparison came to. */
export interface ModelComparison {
  /** Rows that count. */
  readonly sample: number;
  /** Rows of the sample that are left out: they have no gold, no answer of the reference, or no verdict. */
  readonly leftOut: number;
  readonly seed: number;
  readonly gold: string;
  readonly candidates: readonly ComparedCandidate[];
  readonly recommended: {
    readonly model: string;
    readonly prompt: string;
    readonly route: RouteName;
    /** A sentence. */
    readonly reason: string;
  } | null;
  /** Why nothing is recommended, in a sentence; absent where something is. */
  readonly reason?: string;
  /** Rows at which nine of ten samples would show a candidate that is good enough; absent where one is, or none seems to be. */
  readonly rowsNeeded?: number;
  readonly origin: Origin;
  /** What answers and verdicts have cost; undefined where a price is not known. */
  readonly costUsd: number | undefined;
}

/** What a comparison would do and cost. */
export interface ComparisonPlan {
  readonly rowCount: number;
  readonly candidates: readonly {
    readonly model: string;
    readonly prompt: string;
    readonly label: string;
    /** Requests that are sent, and those that earlier runs have answered. */
    readonly recordCount: number;
    readonly earlierCount: number;
    readonly isBatch: boolean;
    readonly costUsd: Estimate | undefined;
    readonly warnings: readonly string[];
  }[];
  /** What a judge may cost at most, for all candidates; absent without one. */
  readonly judgeUsd?: number | undefined;
  /** Undefined where a price is not known. */
  readonly costUsd: Estimate | undefined;
  readonly origin: Origin;
}
