import { HalfpriceError } from "../errors.ts";
import type { FinishedRun } from "./finish-run.ts";
import { dropRetry, planRetry } from "./plan-retry.ts";
import type { Session } from "./session.ts";
import { checkRetry, startRetry } from "./start-retry.ts";

/**
 * Begins a further round where the run was allowed to try more than once, something is left that can get a good answer, and
 * the limits of cost and jobs leave room for it.
 * @returns the limit that leaves none
 */
export async function beginNextRound(
  session: Session,
  { run, summary }: FinishedRun,
): Promise<"begun" | "none" | HalfpriceError> {
  const { maxAttempts = 1 } = run;
  const { answered: _, skipped: __, ...others } = summary.outcomeCounts;
  if (maxAttempts < 2 || Object.values(others).every((count) => count === 0)) return "none";
  const retry = await planRetry(session, run.id, { maxAttempts });
  if (retry.recordCount === 0) return "none";
  try {
    await checkRetry(session, retry);
    await startRetry(session, retry);
    return "begun";
  } catch (error) {
    await dropRetry(session, retry);
    if (error instanceof HalfpriceError) return error;
    throw error;
  }
}
