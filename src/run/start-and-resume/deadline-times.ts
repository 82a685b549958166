/**
 * So many records a second are taken to be answered on demand. An assumption on the careful side: an account's quotas and a model's speed decide,
 * and both are known only when it is asked.
 */
export const onDemandPerSecond = 4;
/** What is left of the time for looks, and for jobs to stop. */
export const deadlineMarginMs = 15 * 60_000;

/** How long so many records are taken to need on demand, with what is left for looks. */
export const toOnDemandMs = (recordCount: number): number =>
  deadlineMarginMs + (recordCount / onDemandPerSecond) * 1000;

/** When a run with so many records that no job has begun has to go on demand to be done in time. */
export const findLastMoment = (deadline: number, recordCount: number): number => deadline - toOnDemandMs(recordCount);
