import { makeScorer } from "../../eval/match.ts";
import { type Recommendation, recommend } from "../../eval/recommend.ts";
import { defined } from "../../foundation/defined.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { addUsd } from "../../foundation/money.ts";
import { estimatePackedRun } from "../../run/finish/estimate-packed-run.ts";
import type { FinishedRun } from "../../run/finish/finish-run.ts";
import { dropDraft } from "../../run/plan/plan-run.ts";
import { type Session, withEngine } from "../../workspace/session.ts";
import { runSamples } from "../sample-runs.ts";
import { type CandidateVerdicts, judgeCandidates } from "./judge-candidates.ts";
import { planComparison } from "./plan-comparison.ts";
import { type PricedRoutes, priceRoutes } from "./price-routes.ts";
import { readSampleAnswers, type SampleAnswers } from "./read-answers.ts";
import type { ComparedCandidate, CompareRequest, ComparisonPlan, ModelComparison } from "./types.ts";

/** Who is asked before a comparison, and told on the way. */
export interface CompareHooks {
  /** @returns false where nothing is to be sent */
  readonly confirm: (plan: ComparisonPlan) => boolean | Promise<boolean>;
}

/** Rows in a request, in the price of packing. */
const packedRows = 25;

/**
 * Asks several models, or prompts, about the same random rows, and recommends the cheapest that is shown to be good enough. Its runs are runs
 * like any other: what was asked is kept whatever happens, and a run over the whole table takes the answers.
 * @throws DECLINED, MAX_COST, PRICE_UNKNOWN, NO_GOLD, and what runs throw
 */
export async function compareCandidates(
  session: Session,
  compare: CompareRequest,
  hooks: CompareHooks,
): Promise<ModelComparison> {
  const { samples, plan } = await planComparison(session, compare);
  try {
    checkMaxCost(compare, plan);
    const isNothing = plan.candidates.every(({ recordCount }) => recordCount === 0) && plan.judgeUsd === undefined;
    if (!isNothing && !(await hooks.confirm(plan))) throw new HalfpriceError("DECLINED", {});
  } catch (error) {
    for (const { planned } of samples) dropDraft(planned);
    throw error;
  }
  const finished = await runSamples(session, samples);
  const { judgedBy, answer } = compare;
  const gold = judgedBy.kind === "gold" ? judgedBy.column : undefined;
  const answers: SampleAnswers[] = [];
  for (const run of finished) answers.push(await readSampleAnswers(session, run, answer, gold));
  const verdicts = judgedBy.kind === "judge" ? await judgeCandidates(session, finished, judgedBy, answer) : undefined;
  const rights = findRights(compare, answers, verdicts);
  const routes: PricedRoutes[] = [];
  for (const [at, run] of finished.entries()) routes.push(await priceRun(run, compare, at, answers[at]));
  return describe({ compare, plan, finished, answers, verdicts, rights, routes });
}

/** @throws MAX_COST, PRICE_UNKNOWN */
function checkMaxCost({ maxCostUsd }: CompareRequest, plan: ComparisonPlan): void {
  const { costUsd } = plan;
  if (maxCostUsd === undefined) return;
  if (costUsd === undefined) {
    const unknown = plan.candidates.find((each) => each.costUsd === undefined)?.model ?? "the judge";
    throw new HalfpriceError("PRICE_UNKNOWN", { model: unknown, option: "--max-cost" });
  }
  if (costUsd.high <= maxCostUsd) return;
  const details = {
    option: "--max-cost",
    maxUsd: maxCostUsd,
    spentUsd: 0,
    reservedUsd: 0,
    upperUsd: costUsd.high,
  } as const;
  throw new HalfpriceError("MAX_COST", details);
}

interface Rights {
  /** For each candidate and each row that counts, whether it is right. */
  readonly right: readonly (readonly boolean[])[];
  readonly leftOut: number;
  readonly gold: string;
}

/** What is right, by gold, by the reference's answers, or by the judge. @throws NO_GOLD */
function findRights(
  { judgedBy, matching, candidates }: CompareRequest,
  answers: readonly SampleAnswers[],
  verdicts: readonly CandidateVerdicts[] | undefined,
): Rights {
  const rowCount = answers[0]?.answers.length ?? 0;
  const rows = Array.from({ length: rowCount }, (_, at) => at);
  const gold =
    judgedBy.kind === "gold" ? judgedBy.column : judgedBy.kind === "judge" ? judgedBy.rubric : judgedBy.model;
  if (verdicts !== undefined) {
    // A row counts where each candidate has a verdict on it: the rows are the same for all.
    const counted = rows.filter((at) => verdicts.every(({ met }) => met[at] !== undefined));
    return {
      right: verdicts.map(({ met }) => counted.map((at) => met[at] === true)),
      leftOut: rowCount - counted.length,
      gold,
    };
  }
  const reference = judgedBy.kind === "reference" ? candidates.findIndex(({ model }) => model === judgedBy.model) : -1;
  const wanted = reference < 0 ? answers[0]?.golds : answers[reference]?.answers;
  const counted = rows.filter((at) => (wanted?.[at] ?? null) !== null);
  if (counted.length === 0) throw new HalfpriceError("NO_GOLD", { column: gold, rows: rowCount });
  const score = makeScorer(matching);
  const right = answers.map((own) => counted.map((at) => score(wanted?.[at] ?? "", own.answers[at] ?? null).isRight));
  return { right, leftOut: rowCount - counted.length, gold };
}

async function priceRun(
  run: FinishedRun,
  { candidates }: CompareRequest,
  at: number,
  answers: SampleAnswers | undefined,
): Promise<PricedRoutes> {
  const prompt = candidates[at]?.request.prompt;
  const packed =
    prompt === undefined
      ? undefined
      : await withEngine(run.paths, (engine) => estimatePackedRun(engine, run, prompt, packedRows));
  const { inputTokens = 0, outputTokens = 0 } = answers ?? {};
  return priceRoutes(run.plan.model, { usage: { inputTokens, outputTokens }, rowCount: run.plan.rowCount, packed });
}

interface Compared {
  readonly compare: CompareRequest;
  readonly plan: ComparisonPlan;
  readonly finished: readonly FinishedRun[];
  readonly answers: readonly SampleAnswers[];
  readonly verdicts: readonly CandidateVerdicts[] | undefined;
  readonly rights: Rights;
  readonly routes: readonly PricedRoutes[];
}

function describe(compared: Compared): ModelComparison {
  const { compare, plan, finished, answers, verdicts, rights, routes } = compared;
  const { atLeast, within, judgedBy } = compare;
  const found = recommend(
    compare.candidates.map(({ model }, at) => ({
      right: rights.right[at] ?? [],
      usd: routes[at]?.cheapest?.usd,
      ...(judgedBy.kind === "reference" && judgedBy.model === model ? { isReference: true } : {}),
    })),
    { atLeast, within },
  );
  const candidates = compare.candidates.map(({ model, prompt }, at): ComparedCandidate => {
    const { golds: _, answers: __, ...counts } = answers[at] ?? noAnswers;
    const verdict = found.verdicts[at];
    return {
      ...{ model, prompt, runId: finished[at]?.run.id ?? "" },
      accuracy: verdict?.accuracy ?? { value: null, low: null, high: null },
      ...defined({ lowestShare: verdict?.lowestShare, lowestDifference: verdict?.lowestDifference }),
      isGoodEnough: verdict?.isGoodEnough === true,
      costPerMillionRowsUsd: routes[at]?.costs ?? {},
      estimatedRoutes: routes[at]?.estimated ?? [],
      ...counts,
      ...(judgedBy.kind === "reference" && judgedBy.model === model ? { isReference: true as const } : {}),
    };
  });
  const paid = [...finished.map(({ summary }) => summary.paidUsd), ...(verdicts ?? []).map(({ paidUsd }) => paidUsd)];
  const sample = rights.right[0]?.length ?? 0;
  return {
    ...{ sample, leftOut: rights.leftOut, seed: compare.sample.seed, gold: rights.gold, candidates },
    ...sayRecommended(compared, found, sample),
    origin: plan.origin,
    costUsd: paid.reduce<number | undefined>(addUsd, 0),
  };
}

const noAnswers: SampleAnswers = {
  ...{ answers: [], golds: [] },
  ...{ inputTokens: 0, outputTokens: 0, invalid: 0, truncated: 0, unanswered: 0 },
};

const percent = (share: number | null | undefined): string => `${((share ?? 0) * 100).toFixed(1)} %`;

function sayRecommended(
  { compare, routes }: Compared,
  { chosen, verdicts, rowsNeeded, best }: Recommendation,
  sample: number,
): Pick<ModelComparison, "recommended" | "reason" | "rowsNeeded"> {
  const { atLeast, within, candidates } = compare;
  const goals = [
    ...(atLeast === undefined ? [] : [`at least ${percent(atLeast)} right`]),
    ...(within === undefined ? [] : [`within ${Number((within * 100).toFixed(2))} points of the best`]),
  ].join(" and ");
  if (chosen !== undefined) {
    const { accuracy } = verdicts[chosen] ?? {};
    const reason = `The cheapest that is shown to be ${goals}: ${percent(accuracy?.value)} (${percent(accuracy?.low)} to ${percent(accuracy?.high)}) of ${sample.toLocaleString("en-US")} rows.`;
    const { model = "", prompt = "" } = candidates[chosen] ?? {};
    return { recommended: { model, prompt, route: routes[chosen]?.cheapest?.route ?? "onDemand", reason } };
  }
  const top = `${candidates[best]?.model ?? ""} has ${percent(verdicts[best]?.accuracy.value)} of ${sample.toLocaleString("en-US")} rows right`;
  const reason =
    rowsNeeded === undefined
      ? `No candidate seems to be ${goals}: the best, ${top}. More rows would not change that; a better prompt or model may.`
      : `The sample is too small to show a candidate that is ${goals}: the best, ${top}. About ${rowsNeeded.toLocaleString("en-US")} rows would settle it.`;
  return { recommended: null, reason, ...defined({ rowsNeeded }) };
}
