import { HalfpriceError, isError } from "../../foundation/errors/index.ts";
import { readAwaits } from "../../ledger/look-at-runs.ts";
import { openWorkspace, type Session } from "../../workspace/session.ts";
import type { FinishedRun } from "../finish/finish-run.ts";
import { dropRetry, isWorthwhile, planRetry, type RetryPlan } from "./plan-retry.ts";
import { checkRetry, startRetry } from "./start-retry.ts";

/**
 * Begins a further round where something is left that can get a good answer, the run may send it once more, and the limits of cost
 * and jobs leave room for it. What another run was to answer and did not was not sent yet: it may be sent once, always.
 * @returns the limit that leaves none
 */
export async function beginNextRound(
  session: Session,
  { run, plan, summary }: FinishedRun,
): Promise<"begun" | "none" | HalfpriceError> {
  const { maxAttempts = 1 } = run;
  // A trial is looked at as it came back.
  if (run.isTrial === true) return "none";
  const { answered: _, skipped: __, ...others } = summary.outcomeCounts;
  if (Object.values(others).every((count) => count === 0)) return "none";
  // Whatever was awaited from other runs, this one has not sent yet; and what was lost in a pack it has not asked alone.
  if (maxAttempts < 2 && run.pack === undefined && !(await hasAwaited(session, run.id))) return "none";
  // What packs have lost is little, and was promised to be asked alone: where no job takes so few, at the full price.
  const retry = await planRetry(session, run.id, {
    maxAttempts,
    ...(run.pack === undefined ? {} : { belowMinimum: "on-demand" }),
  });
  if (!isWorthwhile(retry)) {
    await dropRetry(session, retry);
    return "none";
  }
  try {
    if (maxAttempts < 2) refuseLoss({ run, plan, summary }, retry);
    await checkRetry(session, retry);
    return (await startRetry(session, retry)) === undefined ? "none" : "begun";
  } catch (error) {
    await dropRetry(session, retry);
    if (isError(error)) return error;
    throw error;
  }
}

/**
 * What packs have lost is asked again within what the plan said at most: nobody was asked about more. Where a great part of them was lost,
 * to ask it alone may cost as much as packing was to save.
 * @throws PACK_LOSS
 */
function refuseLoss({ run, plan, summary }: Pick<FinishedRun, "run" | "plan" | "summary">, retry: RetryPlan): void {
  const { costUsd } = plan;
  if (run.pack === undefined || costUsd === undefined || retry.costUsd === undefined) return;
  const leftUsd = costUsd.high - (summary.paidUsd ?? 0);
  if (retry.costUsd.high <= leftUsd) return;
  const { recordCount } = retry;
  throw new HalfpriceError("PACK_LOSS", { runId: run.id, recordCount, upperUsd: retry.costUsd.high, leftUsd });
}

async function hasAwaited({ config }: Session, id: string): Promise<boolean> {
  const ledger = await openWorkspace(config);
  try {
    return readAwaits(ledger, id).length > 0;
  } finally {
    ledger.close();
  }
}
