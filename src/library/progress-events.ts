import { defined } from "../foundation/defined.ts";
import type { HalfpriceError } from "../foundation/errors/index.ts";
import type { Lane } from "../foundation/types/index.ts";
import type { JobLoad, JobProgress } from "../jobs/job-run.ts";
import { estimateTimeLeft, type Sample } from "../jobs/time-left.ts";
import { viewJobs } from "../run/start-and-resume/job-view.ts";

export type { JobLoad };

/** What a batch is doing. */
export type ProgressEvent =
  /** A step of planning or finishing has begun. */
  | { readonly kind: "step"; readonly step: string }
  | JobsEvent
  /** Something that passes by itself: the network, credentials that are renewed elsewhere. */
  | { readonly kind: "trouble"; readonly error: HalfpriceError; readonly retryInMs: number };

/** The jobs as they are now; told whenever they are looked at. */
export interface JobsEvent {
  readonly kind: "jobs";
  readonly jobs: readonly JobEvent[];
  readonly recordCount: number;
  /** As far as the service has counted. */
  readonly processedCount: number;
  /** Another process works on the run; this one watches. */
  readonly isFollower: boolean;
  /** Since the first job was sent, or since this process looks. */
  readonly elapsedMs: number;
  /** How long it will take yet, estimated; absent until that can be told. */
  readonly leftMs?: number;
  /** Of the whole run, as the plan estimates them: the service counts none while a job runs. */
  readonly expectedInputTokens?: number;
  readonly expectedCostUsd?: number;
  /** What the model has to do in the account, where it was read. */
  readonly load?: JobLoad;
}

/** One job, or the records that are asked on demand. */
export interface JobEvent {
  /** From 0. */
  readonly index: number;
  readonly lane: Lane;
  /** What it is doing: `waiting`, `uploading`, or the service's status of the job. */
  readonly state: string;
  readonly recordCount: number;
  readonly processedCount: number;
  /** The service has counted: until it does, `processedCount` is 0 and means nothing. */
  readonly isCounted: boolean;
  readonly sizeBytes: number;
  /** Of its input, as far as it is on its way up. */
  readonly sentBytes: number;
  readonly arn?: string;
  /** `s3://` URIs, once there is a job. */
  readonly inputUri?: string;
  readonly outputUri?: string;
}

/** A look at how far a run is, of those that the time left is told from: one in this many milliseconds. */
const sampleEveryMs = 1000;
const keptSamples = 1000;

/** What the jobs do, as a program is told: look by look, so that it can be told how fast they go. */
export function makeJobsEvents(nowMs: () => number): (progress: JobProgress) => JobsEvent {
  const openedMs = nowMs();
  const samples: Sample[] = [];
  return (progress) => {
    const now = nowMs();
    const event = toJobsEvent(progress, samples, openedMs, now);
    const { processedCount: doneCount } = event;
    const last = samples.at(-1);
    if (last === undefined || (now - last.atMs >= sampleEveryMs && doneCount !== last.doneCount)) {
      samples.push({ atMs: now, doneCount });
      if (samples.length > keptSamples) samples.shift();
    }
    return event;
  };
}

/** @param openedMs from when on this process has looked, where no job was sent before */
function toJobsEvent(progress: JobProgress, samples: readonly Sample[], openedMs: number, nowMs: number): JobsEvent {
  const jobs = viewJobs(progress).jobs.map(
    ({ index, lane, state, recordCount, doneCount, sizeBytes, sentBytes, arn, inputUri, outputUri }): JobEvent => ({
      ...{ index, lane, state, recordCount, processedCount: doneCount ?? 0, isCounted: doneCount !== undefined },
      ...{ sizeBytes, sentBytes },
      ...defined({ arn, inputUri, outputUri }),
    }),
  );
  const recordCount = sum(jobs, (job) => job.recordCount);
  const processedCount = sum(jobs, (job) => job.processedCount);
  const sent = progress.shards.flatMap(({ attempt, askedAt }) => attempt?.submittedAt ?? askedAt ?? []);
  const startedMs = sent.length === 0 ? undefined : Math.min(...sent);
  const { expectedInputTokens, expectedCostUsd, load } = progress;
  const leftTokens =
    expectedInputTokens === undefined || recordCount === 0
      ? undefined
      : (expectedInputTokens * (recordCount - processedCount)) / recordCount;
  const counts = { doneCount: processedCount, totalCount: recordCount };
  const leftMs = estimateTimeLeft({ nowMs, ...counts, samples, startedMs, leftTokens, load });
  return {
    kind: "jobs",
    ...{ jobs, recordCount, processedCount },
    isFollower: progress.isFollower === true,
    elapsedMs: Math.max(0, nowMs - (startedMs ?? openedMs)),
    ...defined({ leftMs, expectedInputTokens, expectedCostUsd, load }),
  };
}

const sum = (jobs: readonly JobEvent[], count: (job: JobEvent) => number): number =>
  jobs.reduce((total, job) => total + count(job), 0);
