import { defined } from "../foundation/defined.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { type MatchMode, matchModes } from "../foundation/types/index.ts";
import type { BatchOptions } from "./batch-options.ts";
import { compareCandidates } from "./compare/compare-candidates.ts";
import {
  type CandidateRequest,
  type CompareRequest,
  type ComparisonPlan,
  type JudgedBy,
  type ModelComparison,
  usualSample,
  usualWithin,
} from "./compare/types.ts";
import { inLibrarySession } from "./library-session.ts";
import { type Batch, readBatch } from "./read-batch.ts";

/** Which models are compared, on how many rows, and what says that an answer is right: one of `gold`, `reference` and `judge`. */
export interface CompareOptions extends Omit<BatchOptions, "sample"> {
  /** Aliases, model ids, inference profile ids or ARNs; at least two. */
  readonly models: readonly string[];
  /** The same batch with other prompts: each is a candidate with each model. */
  readonly prompts?: readonly Batch[];
  /** The column that holds what is right. */
  readonly gold?: string;
  /** One of the models, whose answers the others are compared with. */
  readonly reference?: string;
  /** A model that judges each answer by a rubric, a text file. */
  readonly judge?: { readonly model: string; readonly rubric: string };
  /** The answer's field; may be left out where there is one. */
  readonly answer?: string;
  /** When an answer is right. @defaultValue "exact" */
  readonly match?: MatchMode;
  /** Rows at random; the same seed takes the same. @defaultValue 1,200 rows, seed 1 */
  readonly sample?: { readonly count?: number; readonly seed?: number };
  /** The share of right answers that a candidate has to be shown to have, 0 to 1. */
  readonly atLeast?: number;
  /** How far below the best a candidate may be on the same rows. @defaultValue 0.02, where `atLeast` is left out */
  readonly within?: number;
  /** Of all candidates together, and of the judge. */
  readonly maxCostUsd?: number;
  /** Asked before anything is sent; `false` leaves it unsent, and rejects with DECLINED. */
  readonly confirm?: (plan: ComparisonPlan) => boolean | Promise<boolean>;
}

const names = ["models", "prompts", "gold", "reference", "judge", "answer", "match", "atLeast", "within"];

/**
 * Asks several models about the same random rows of a batch, and recommends the cheapest that is shown to be good enough. What was paid for is
 * kept: a run of the whole batch takes the answers.
 * @param spec its own model is not asked, unless `models` names it
 * @example
 * ```ts
 * const { recommended } = await compareModels(sentiment, { models: ["claude-haiku-4.5", "nova-micro"], gold: "label", atLeast: 0.88 });
 * ```
 * @throws BAD_SPEC, BAD_OPTIONS; MAX_COST, PRICE_UNKNOWN, DECLINED; NO_GOLD; what planBatch and runBatch throw
 */
export async function compareModels<Row extends object, const Output = undefined>(
  spec: Batch<Row, Output>,
  options: CompareOptions,
): Promise<ModelComparison> {
  const { models, prompts = [], answer, match = "exact", sample, atLeast, maxCostUsd, confirm = () => true } = options;
  const { sample: _, maxCostUsd: __, confirm: ___, ...ofEach } = options;
  const within = options.within ?? (atLeast === undefined ? usualWithin : undefined);
  const judgedBy = readJudgedBy(options);
  const candidates: CandidateRequest[] = [];
  for (const batch of [spec, ...prompts] as readonly Batch[]) {
    const request = await readBatch(batch, ofEach, "compareModels", names);
    const prompt = request.prompt.source;
    for (const model of models) candidates.push({ model, prompt, request: { ...request, model } });
  }
  const compare: CompareRequest = {
    candidates,
    sample: { count: sample?.count ?? usualSample, seed: sample?.seed ?? 1 },
    ...{ judgedBy, matching: { mode: match } },
    ...defined({ answer, atLeast, within, maxCostUsd }),
  };
  return inLibrarySession(options, (session) => compareCandidates(session, compare, { confirm }));
}

/** @throws BAD_OPTIONS */
function readJudgedBy({
  models,
  prompts = [],
  gold,
  reference,
  judge,
  match = "exact",
  atLeast,
  within,
}: CompareOptions): JudgedBy {
  const given = [gold, reference, judge].filter((each) => each !== undefined).length;
  const isShare = (value: number | undefined): boolean => value === undefined || (value >= 0 && value < 1);
  const problems = [
    ...(new Set(models).size * (prompts.length + 1) < 2 ? ["models has to name at least two, or prompts another"] : []),
    ...(given === 1 ? [] : ["one of gold, reference and judge says what is right"]),
    ...(reference === undefined || models.includes(reference)
      ? []
      : [`reference is ${reference}; it has to be one of models`]),
    ...(matchModes.includes(match) ? [] : [`match is ${match}; it has to be one of ${matchModes.join(", ")}`]),
    ...(isShare(atLeast) && isShare(within) ? [] : ["atLeast and within have to be shares from 0 to below 1"]),
  ];
  if (problems.length > 0) throw new HalfpriceError("BAD_OPTIONS", { problems, command: "compareModels" });
  if (reference !== undefined) return { kind: "reference", model: reference };
  return judge === undefined
    ? { kind: "gold", column: gold ?? "" }
    : { kind: "judge", rubric: judge.rubric, model: judge.model };
}
