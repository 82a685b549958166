import { defined } from "../foundation/defined.ts";
import { type HalfpriceError, isError } from "../foundation/errors/index.ts";
import type {
  Estimate,
  Lane,
  OfflinePlan,
  Origin,
  OtherWay,
  PackPlan,
  PartsPlan,
  Plan,
  Way,
} from "../foundation/types/index.ts";
import type { CostCap } from "../plan/check-cost.ts";
import { checkRunPlan } from "../run/plan/check-run-plan.ts";
import type { RunRequest } from "../run/plan/choose-model.ts";
import type { PlannedRun } from "../run/plan/plan-run.ts";
import { makePins } from "./plan-pins.ts";

/** What a batch would do and cost. Nothing was spent for it, and nothing is kept of it. */
export interface BatchPlan {
  /** US dollars of what is sent; on the local service, what it would cost on AWS. Undefined where the price is not known. */
  readonly cost: Estimate | undefined;
  /** The same requests on demand, in US dollars. */
  readonly onDemandCost: Estimate | undefined;
  /** Rows of the table that is written. */
  readonly rowCount: number;
  /** Distinct requests that are sent. */
  readonly recordCount: number;
  /** Rows with nothing to ask: the prompt function returned `null`, or the text is blank. */
  readonly skippedCount: number;
  /** Rows that share a request with another. */
  readonly duplicateCount: number;
  /** Requests that earlier runs have answered. */
  readonly answeredCount: number;
  /** Input and output tokens of what is sent, estimated. */
  readonly inputTokens: Estimate;
  readonly outputTokens: Estimate;
  /** The jobs, and what is asked on demand. */
  readonly jobs: readonly PlannedJob[];
  /** The model as the region has it. */
  readonly model: { readonly id: string; readonly label: string; readonly warnings: readonly string[] };
  readonly origin: Origin;
  /** The first prompts, at most three; `row` counts from 1. */
  readonly samples: readonly { readonly row: number; readonly text: string }[];
  /** Cheaper ways to have the same answers, where one is known. */
  readonly cheaper: readonly OtherWay[];
  /** All ways to have these answers that are known, the cheapest first, the plan's own among them; empty where no price is known. */
  readonly ways: readonly Way[];
  /** It is done in parts: `jobs` are not cut yet, and its figures are those of some files, for all of them. Absent where it is not. */
  readonly parts?: PartsPlan;
  /** Rows share requests: how many, and what a canary would ask or has shown. `jobs` count those requests. Absent where each is asked alone. */
  readonly pack?: PackPlan;
  /** Why the account was not asked, where it could not be: limits and prices are documented ones. */
  readonly offline?: OfflinePlan;
  /** Everything that the plan says, as `halfprice plan --json` has it. */
  readonly details: Plan;
  /** What messages call the table. */
  readonly table: string;
  /** Maximum output tokens per answer. */
  readonly maxTokens: number;
  /** The limits of what may be spent, and what counts against each. */
  readonly caps: readonly CostCap[];
  /** What the plan rests on, each as a text that is the same as long as nothing has changed. */
  readonly pins: Readonly<Record<string, string>>;
  /** The files that the run reads; none of them may be written over. */
  readonly reads: readonly string[];
  /** What `runBatch` would reject with: too few records for a job, a cost above `maxCostUsd`. Empty where it would begin. */
  readonly problems: readonly HalfpriceError[];
}

/** Records that are answered the same way: one job, or one after the other on demand. */
export interface PlannedJob {
  readonly lane: Lane;
  readonly recordCount: number;
  readonly sizeBytes: number;
}

/** A plan as a program sees it. */
export function toBatchPlan(planned: PlannedRun, request: RunRequest): BatchPlan {
  const { plan, run } = planned;
  return {
    cost: plan.costUsd,
    onDemandCost: plan.onDemandUsd,
    rowCount: plan.rowCount,
    recordCount: plan.recordCount,
    skippedCount: plan.skippedCount,
    duplicateCount: plan.duplicateCount,
    answeredCount: plan.earlier?.requestCount ?? 0,
    inputTokens: plan.inputTokens,
    outputTokens: plan.outputTokens,
    jobs: plan.shards.map(({ lane, recordCount, sizeBytes }) => ({ lane, recordCount, sizeBytes })),
    model: { id: plan.model.invokeId, label: plan.model.label, warnings: plan.model.warnings ?? [] },
    origin: run.origin,
    samples: plan.samples.map(({ row, text }) => ({ row: row + 1, text })),
    cheaper: plan.otherWays ?? [],
    ways: plan.ways ?? [],
    ...defined({ parts: plan.parts, pack: plan.pack, offline: plan.offline }),
    ...{ details: plan, table: request.table, maxTokens: run.parameters.maxTokens, caps: planned.caps },
    ...{ pins: makePins(planned), reads: run.reads ?? [] },
    problems: findProblems(planned, request),
  };
}

function findProblems(planned: PlannedRun, request: RunRequest): HalfpriceError[] {
  try {
    checkRunPlan(planned, request);
    return [];
  } catch (error) {
    if (isError(error)) return [error];
    throw error;
  }
}
