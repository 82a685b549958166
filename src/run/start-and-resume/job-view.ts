import type { Lane } from "../../foundation/types/index.ts";
import type { JobProgress } from "../../jobs/job-run.ts";
import type { ShardRow } from "../../ledger/shards.ts";

/** How far a run's jobs are, in words and numbers that are ready to show. */
export interface JobView {
  /** Of the whole run, estimated; undefined where there is no estimate. */
  readonly expectedInputTokens: number | undefined;
  readonly jobs: readonly {
    readonly index: number;
    /** On demand there is no job: records are asked one by one. */
    readonly lane: Lane;
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
export function viewJobs({ shards, upload, asked, expectedInputTokens }: JobProgress): JobView {
  return {
    expectedInputTokens,
    jobs: shards.map((shard) => {
      const { index, lane, state, recordCount, sizeBytes, attempt } = shard;
      return {
        index,
        lane,
        state: attempt?.status ?? (lane === "on_demand" && state === "collected" ? "answered" : state),
        arn: attempt?.jobArn,
        recordCount,
        doneCount: lane === "on_demand" ? countAnswered(shard, asked) : countProcessed(shard),
        sizeBytes,
        sentBytes: upload?.index === index ? upload.sentBytes : attempt?.jobArn === undefined ? 0 : sizeBytes,
        inputUri: attempt?.inputUri,
        outputUri: attempt?.outputUri,
      };
    }),
  };
}

/** The counts are 0 while a job is validated; then they mean nothing yet. */
function countProcessed({ attempt }: ShardRow): number | undefined {
  return attempt?.counts === undefined || attempt.counts.total === 0 ? undefined : attempt.counts.processed;
}

function countAnswered({ index, state, recordCount }: ShardRow, asked: JobProgress["asked"]): number | undefined {
  if (state === "collected") return recordCount;
  return asked?.index === index ? asked.answeredCount : undefined;
}
