import type { Engine } from "../../engine/engine.ts";
import { defined } from "../../foundation/defined.ts";
import type { EarlierPlan, RecordSummary } from "../../foundation/types/index.ts";
import { type Look, lookAtRuns } from "../../ledger/look-at-runs.ts";
import type { Ledger } from "../../ledger/open-ledger.ts";
import type { CanaryRecords } from "../../plan/make-plan.ts";
import { findEarlier } from "../shared-answers/find-earlier.ts";
import type { FrozenInput } from "./freeze-input.ts";
import type { PlanContext } from "./plan-context.ts";
import { keepCanary, takeCanary } from "./take-canary.ts";

/** What of a table is left to be sent. */
export interface RecordsLeft {
  /** Without the canary. */
  readonly summary: RecordSummary;
  /** Absent where nothing was looked for. */
  readonly earlier?: EarlierPlan;
  /** How other runs stood when answers were looked for; absent where nothing is looked for. */
  readonly look?: Look;
  readonly canary?: CanaryRecords;
}

/** Takes out of what is sent what the workspace has or will have, unless everything is to be paid again. */
export async function reuseAnswers(
  { session, request, origin, paths }: PlanContext,
  { answer }: FrozenInput,
  formerIds: string | undefined,
  left: RecordsLeft,
  engine: Engine,
  ledger: Ledger,
): Promise<RecordsLeft> {
  const { prompt, options } = request;
  if (options.fullRefresh) return left;
  session.onStep("looking for answers of earlier runs");
  const { output } = prompt.settings;
  const asked = {
    origin,
    answer,
    answerPrefix: options.answerPrefix,
    ...defined({ output }),
  };
  const look = lookAtRuns(ledger, origin);
  const sharing = {
    ...{ ledger, workspace: session.config.workspace, look, asked },
    ...{ former: formerIds, onTrouble: session.onStep, isPart: request.partOf !== undefined },
  };
  const { summary, earlier } = await findEarlier(engine, sharing, paths.directory, left.summary);
  const canary = left.canary === undefined ? undefined : await keepCanary(engine, paths.directory);
  return { summary, earlier, look, ...defined({ canary }) };
}

/** Takes what is asked before the rest, where that is wanted and something is sent at all. */
export async function takeCanaryRecords(
  { request, limits, paths }: PlanContext,
  left: RecordsLeft,
  engine: Engine,
): Promise<RecordsLeft> {
  // The canary of packed requests comes before the run, and is runs of its own.
  const canary = request.options.pack === undefined ? request.options.canary : undefined;
  const { summary, earlier } = left;
  if (left.canary !== undefined || canary === undefined || summary.recordCount === 0) return left;
  const isShared = (earlier?.requestCount ?? 0) + (earlier?.awaited.length ?? 0) > 0;
  return { ...left, ...(await takeCanary(engine, paths.directory, { summary, canary, limits, isShared })) };
}
