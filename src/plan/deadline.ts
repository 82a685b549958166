import { HalfpriceError } from "../foundation/errors/index.ts";
import type { DeadlinePlan, Plan } from "../foundation/types/index.ts";

/**
 * The records a second that are assumed to be answered on demand. An assumption on the careful side: an account's quotas and a model's speed decide,
 * and both are known only when it is asked.
 */
const onDemandPerSecond = 4;
/** What is left of the time for looks, and for jobs to stop. */
const marginMs = 15 * 60_000;

/** How long a number of records is assumed to take on demand, with a margin for polling. */
const toOnDemandMs = (recordCount: number): number => marginMs + (recordCount / onDemandPerSecond) * 1000;

/** When a run has to move the records of jobs that have not begun to on demand, to be done in time. */
export const findLastMoment = (deadlineMs: number, recordCount: number): number =>
  deadlineMs - toOnDemandMs(recordCount);

/** What a deadline means for a plan; undefined without one. */
export function planDeadline(
  deadlineMs: number | undefined,
  { lanes, onDemandUsd }: Pick<Plan, "lanes" | "onDemandUsd">,
): DeadlinePlan | undefined {
  if (deadlineMs === undefined) return undefined;
  const recordCount = lanes.reduce((sum, each) => sum + each.recordCount, 0);
  return {
    atMs: deadlineMs,
    recordCount,
    lastMomentMs: findLastMoment(deadlineMs, recordCount),
    ...(onDemandUsd === undefined ? {} : { mostUsd: onDemandUsd.high }),
  };
}

/** Stops a plan that could not be done in time even on demand. @throws DEADLINE */
export function checkDeadline({ deadline }: Pick<Plan, "deadline">, nowMs: number): void {
  if (deadline === undefined || deadline.recordCount === 0 || nowMs <= deadline.lastMomentMs) return;
  const { atMs, recordCount, lastMomentMs } = deadline;
  throw new HalfpriceError("DEADLINE", { atMs, nowMs, recordCount, neededMs: atMs - lastMomentMs });
}
