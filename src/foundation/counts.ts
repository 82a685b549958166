import type { JobCounts, RunSummary } from "./types/index.ts";

/** Whether a job's counts say anything yet: they are 0 until records are processed. */
export function isCounted(counts: JobCounts | undefined): counts is JobCounts {
  return counts !== undefined && counts.total > 0;
}

/** Rows that were sent and have no good answer. */
export function countWithoutAnswer({ outcomeCounts }: RunSummary): number {
  const { answered: _, skipped: __, ...others } = outcomeCounts;
  return Object.values(others).reduce((sum, count) => sum + count, 0);
}
