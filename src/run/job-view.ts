import type { JobProgress } from "../jobs/job-run.ts";

/** How far a run's jobs are, in words and numbers that are ready to show. */
export interface JobView {
  /** Of the whole run, estimated; undefined where there is no estimate. */
  readonly expectedInputTokens: number | undefined;
  readonly jobs: readonly {
    readonly index: number;
    /** The service's state, or ours before there is a job. */
    readonly state: string;
    readonly arn: string | undefined;
    readonly recordCount: number;
    /** Undefined until the service counts. */
    readonly doneCount: number | undefined;
    readonly sizeBytes: number;
    readonly sentBytes: number;
    readonly inputUri: string | undefined;
    readonly outputUri: string | undefined;
  }[];
}

/** @param progress what a pass told */
export function viewJobs({ shards, upload, expectedInputTokens }: JobProgress): JobView {
  return {
    expectedInputTokens,
    jobs: shards.map(({ index, state, recordCount, sizeBytes, attempt }) => ({
      index,
      state: attempt?.status ?? state,
      arn: attempt?.jobArn,
      recordCount,
      // The counts are 0 while a job is validated; then they mean nothing yet.
      doneCount: attempt?.counts === undefined || attempt.counts.total === 0 ? undefined : attempt.counts.processed,
      sizeBytes,
      sentBytes: upload?.index === index ? upload.sentBytes : attempt?.jobArn === undefined ? 0 : sizeBytes,
      inputUri: attempt?.inputUri,
      outputUri: attempt?.outputUri,
    })),
  };
}
