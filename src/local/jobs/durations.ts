/**
 * How long a job stays in each state, in milliseconds of the service's time. The defaults follow the field: a floor of
 * about five minutes before anything runs, 8.7 to 24.7 minutes in all for some hundred records, about a quarter of an hour
 * for 2,000 (sources#job-life). Every bound is a range; where in it a job falls is drawn from its seed.
 */
export interface JobDurations {
  /** Before the service looks at a new job. */
  readonly submittedMs: Range;
  /** While it reads the input. */
  readonly validatingMs: Range;
  /** While it waits for its turn. */
  readonly scheduledMs: Range;
  /** While it runs, before the time per record. */
  readonly inProgressMs: Range;
  readonly perRecordMs: Range;
  /** Between a request to stop and the end. */
  readonly stoppingMs: Range;
}

/** The least and the most, or one number for both. */
export type Range = number | readonly [least: number, most: number];

export const fieldDurations: JobDurations = {
  submittedMs: [40_000, 80_000],
  validatingMs: [60_000, 120_000],
  scheduledMs: [120_000, 240_000],
  inProgressMs: [180_000, 600_000],
  perRecordMs: [15, 30],
  stoppingMs: [20_000, 60_000],
};

/** A point in a range. @param draw in [0, 1) */
export const pointIn = (range: Range, draw: number): number =>
  typeof range === "number" ? range : Math.round(range[0] + (range[1] - range[0]) * draw);
