import { readRubric } from "../../eval/judge.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { priceTokens, sumEstimates } from "../../foundation/money.ts";
import type { Estimate } from "../../foundation/types/index.ts";
import { chooseModel, type RunRequest } from "../../run/plan/choose-model.ts";
import { dropDraft, planRun } from "../../run/plan/plan-run.ts";
import { identify, type Session, toOrigin } from "../../workspace/session.ts";
import { type PlannedSample, toSampleOptions } from "../sample-runs.ts";
import type { CandidateRequest, CompareRequest, ComparisonPlan } from "./types.ts";

/** A comparison, before anything is sent. */
export interface PlannedComparison {
  readonly samples: readonly PlannedSample[];
  readonly plan: ComparisonPlan;
}

/** A sample's run: the same random rows for every candidate. */
export function toSampleRequest({ request, model }: CandidateRequest, { sample }: CompareRequest): RunRequest {
  return { ...request, model, options: { ...toSampleOptions(request.options), sample } };
}

/**
 * Plans every candidate. Nothing is left behind where one cannot be.
 * @throws what planRun throws; BAD_OPTIONS where a prompt shows the model what it is to find out
 */
export async function planComparison(session: Session, compare: CompareRequest): Promise<PlannedComparison> {
  const samples: PlannedSample[] = [];
  try {
    for (const candidate of compare.candidates) {
      refuseShownGold(candidate, compare);
      const request = toSampleRequest(candidate, compare);
      samples.push({ request, planned: await planRun(session, request) });
    }
    const judgeUsd = await priceJudge(session, compare, samples);
    return { samples, plan: makePlan(compare, samples, toOrigin(await identify(session)), judgeUsd) };
  } catch (error) {
    for (const { planned } of samples) dropDraft(planned);
    throw error;
  }
}

/** @throws BAD_OPTIONS */
function refuseShownGold({ request: { prompt }, prompt: name }: CandidateRequest, { judgedBy }: CompareRequest): void {
  if (judgedBy.kind !== "gold" || prompt.kind !== "template") return;
  const { column } = judgedBy;
  const shows = prompt.parts.find((part) => part.kind === "row" || (part.kind === "column" && part.name === column));
  if (shows === undefined) return;
  const how = shows.kind === "row" ? "{{row}}, which has all columns" : `{{${column}}}`;
  const problem = `${name} shows the model the column ${column}, which says what is right: it uses ${how}`;
  throw new HalfpriceError("BAD_OPTIONS", { problems: [problem], command: "halfprice compare-models" });
}

function makePlan(
  { candidates }: CompareRequest,
  samples: readonly PlannedSample[],
  origin: ComparisonPlan["origin"],
  judgeUsd: { readonly usd: number | undefined } | undefined,
): ComparisonPlan {
  const planned = samples.map(({ planned: { plan } }, at) => ({
    model: candidates[at]?.model ?? "",
    prompt: candidates[at]?.prompt ?? "",
    label: plan.model.label,
    recordCount: plan.recordCount,
    earlierCount: plan.earlier?.requestCount ?? 0,
    isBatch: plan.lanes.some(({ lane }) => lane === "batch"),
    costUsd: plan.recordCount === 0 ? { low: 0, expected: 0, high: 0 } : plan.costUsd,
    warnings: plan.model.warnings ?? [],
  }));
  const judge = judgeUsd === undefined ? [] : [judgeUsd.usd === undefined ? undefined : upTo(judgeUsd.usd)];
  return {
    rowCount: samples[0]?.planned.plan.rowCount ?? 0,
    candidates: planned,
    ...(judgeUsd === undefined ? {} : { judgeUsd: judgeUsd.usd }),
    costUsd: sumEstimates([...planned.map(({ costUsd }) => costUsd), ...judge]),
    origin,
  };
}

const upTo = (usd: number): Estimate => ({ low: usd / 4, expected: usd / 2, high: usd });

/** Tokens of a verdict at most, and of what a judge is told besides rubric, row and answer. */
const verdictTokens = 1024;
const frameTokens = 300;
/** Fewer letters than this a token seldom has. */
const lettersPerToken = 3;

/** What a judge of all candidates may cost at most; its questions are not written before there are answers. */
async function priceJudge(
  session: Session,
  { judgedBy, candidates }: CompareRequest,
  samples: readonly PlannedSample[],
): Promise<{ readonly usd: number | undefined } | undefined> {
  const [candidate] = candidates;
  if (judgedBy.kind !== "judge" || candidate === undefined) return undefined;
  const rubric = readRubric(judgedBy.rubric);
  const { region } = await identify(session);
  const { settings: _, ...prompt } = candidate.request.prompt;
  const asked = { ...candidate.request, prompt: { ...prompt, settings: {} }, model: judgedBy.model };
  const { choice } = await chooseModel(asked, region, session.nowMs(), { isOnDemand: true });
  const price = choice.prices?.onDemand;
  if (price === undefined) return { usd: undefined };
  const usd = samples.reduce((sum, { planned: { plan, run } }) => {
    const each = rubric.length / lettersPerToken + frameTokens + run.parameters.maxTokens;
    const inputTokens = plan.inputTokens.high + plan.rowCount * each;
    return sum + priceTokens(price, { inputTokens, outputTokens: plan.rowCount * verdictTokens });
  }, 0);
  return { usd };
}
