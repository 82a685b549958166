import { countAgreement, judgeTrial } from "../eval/pack-agreement.ts";
import { defined } from "../foundation/defined.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { addUsd } from "../foundation/money.ts";
import { formatPoints, sayTrial } from "../foundation/pack-trial.ts";
import type { PackDecision, PackPlan, PackTrial } from "../foundation/types/index.ts";
import { makeResultColumns } from "../results/result-columns.ts";
import type { FinishedRun } from "../run/finish/finish-run.ts";
import type { RunRequest } from "../run/plan/choose-model.ts";
import { usualTolerance } from "../run/plan/pack-records.ts";
import { type PlannedRun, planRun } from "../run/plan/plan-run.ts";
import { type Session, withEngine } from "../workspace/session.ts";
import { runSamples, toSampleOptions } from "./sample-runs.ts";

/**
 * Finds out how many rows may share a request: asks some rows alone, twice, and packed, on demand, and compares how often each agrees. The
 * sizes are tried in their order, and the first that is not within the tolerance ends it: so no correction for their number is needed.
 * The single answers are runs like any other, and what follows takes them.
 * @returns the draft as it was decided
 * @throws PACK_CANARY where the one size that was asked for is not within the tolerance
 */
export async function runPackCanary(session: Session, request: RunRequest, planned: PlannedRun): Promise<PlannedRun> {
  const { canary, asked } = planned.plan.pack ?? {};
  if (canary === undefined) return planned;
  const decision = await decide(session, request, planned, canary);
  const [trial] = decision.trials;
  if (asked !== "auto" && trial !== undefined && !trial.isWithin) throw toRefusal(trial, decision.tolerance);
  session.onStep(decision.reason);
  const { maxCostUsd } = request.options;
  const left = maxCostUsd === undefined ? {} : { maxCostUsd: Math.max(0, maxCostUsd - (decision.paidUsd ?? 0)) };
  return planned.replan({ pack: decision, ...left });
}

function toRefusal(
  { rowsPerRequest, rows: rowCount, packed, single, difference }: PackTrial,
  allowed: number,
): HalfpriceError<"PACK_CANARY"> {
  const shares = { packedShare: packed.value ?? 0, singleShare: single.value ?? 0, worstLoss: -difference.low };
  return new HalfpriceError("PACK_CANARY", { rowsPerRequest, rowCount, ...shares, allowed });
}

async function decide(
  session: Session,
  request: RunRequest,
  planned: PlannedRun,
  { rowCount, sizes }: NonNullable<PackPlan["canary"]>,
): Promise<PackDecision> {
  const { canary, packTolerance: tolerance = usualTolerance } = request.options;
  const table = await planned.takeSample(rowCount, canary?.seed ?? 1);
  const name = planned.run.name;
  const single = await ask(session, toSample(request, table, `${name}-canary`, { answersPerRow: 2 }));
  const trials: PackTrial[] = [];
  let paidUsd = single.summary.paidUsd;
  for (const rowsPerRequest of sizes) {
    const wish = { pack: rowsPerRequest, fullRefresh: true };
    const sample = toSample(request, table, `${name}-canary-${rowsPerRequest}`, wish);
    const packed = await ask(session, { ...sample, isTrial: true });
    const counts = await withEngine(single.paths, (engine) => countAgreement(engine, toTable(single), toTable(packed)));
    const trial = judgeTrial(rowsPerRequest, counts, tolerance);
    trials.push(trial);
    paidUsd = addUsd(paidUsd, packed.summary.paidUsd);
    session.onStep(sayTrial(trial));
    if (!trial.isWithin) break;
  }
  const taken = trials.filter(({ isWithin }) => isWithin).at(-1)?.rowsPerRequest ?? 1;
  const reason =
    taken === 1
      ? `Each row is asked alone: packed answers were not shown to be within ${formatPoints(tolerance)} of single ones.`
      : `Up to ${taken} rows may share a request: the most that was shown to be within ${formatPoints(tolerance)} of single answers.`;
  return { rowsPerRequest: taken, tolerance, trials, reason, ...defined({ paidUsd }) };
}

const toTable = ({ paths, run }: FinishedRun) => ({
  path: paths.results,
  columns: makeResultColumns(run.output, run.answerPrefix, run.answer),
});

/** Some rows of a request, on demand: a table of their own, and nothing else of what was asked of the whole. */
function toSample(
  { prompt, model, family, invocation, structured, options }: RunRequest,
  table: string,
  name: string,
  more: Partial<RunRequest["options"]>,
): RunRequest {
  // The table of the sample is Parquet, with the columns that were asked for.
  const { select: _select, sql: _sql, dialect: _dialect, ...kept } = toSampleOptions(options);
  return {
    ...{ table, prompt, name },
    options: { ...kept, isOnDemandAsked: true, ...more },
    ...defined({ model, family, invocation, structured }),
  };
}

async function ask(session: Session, request: RunRequest): Promise<FinishedRun> {
  const planned = await planRun(session, request);
  const [finished] = await runSamples(session, [{ request, planned }]);
  if (finished === undefined) throw new Error(`the canary ${request.table} has not ended`);
  return finished;
}
