import type { HalfpriceError } from "../foundation/errors/index.ts";
import type { Lane } from "../foundation/types/index.ts";
import type { JobProgress } from "../jobs/job-run.ts";
import { viewJobs } from "../run/start-and-resume/job-view.ts";

/** What a batch is doing. */
export type ProgressEvent =
  /** A step of planning or finishing has begun. */
  | { readonly kind: "step"; readonly step: string }
  /** The jobs as they are now; told whenever they are looked at. */
  | {
      readonly kind: "jobs";
      readonly jobs: readonly JobEvent[];
      readonly recordCount: number;
      /** As far as the service has counted. */
      readonly processedCount: number;
      /** Another process works on the run; this one watches. */
      readonly isFollower: boolean;
    }
  /** Something that passes by itself: the network, credentials that are renewed elsewhere. */
  | { readonly kind: "trouble"; readonly error: HalfpriceError; readonly retryInMs: number };

/** One job, or the records that are asked on demand. */
export interface JobEvent {
  /** From 0. */
  readonly index: number;
  readonly lane: Lane;
  /** What it is doing: `waiting`, `uploading`, or the service's status of the job. */
  readonly state: string;
  readonly recordCount: number;
  readonly processedCount: number;
  readonly arn?: string;
}

/** What the jobs do, as a program is told. */
export function toJobsEvent(progress: JobProgress): ProgressEvent {
  const { jobs } = viewJobs(progress);
  const events = jobs.map(
    ({ index, lane, state, recordCount, doneCount, arn }): JobEvent => ({
      index,
      lane,
      state,
      recordCount,
      processedCount: doneCount ?? 0,
      ...(arn === undefined ? {} : { arn }),
    }),
  );
  const sum = (count: (event: JobEvent) => number): number => events.reduce((total, event) => total + count(event), 0);
  return {
    kind: "jobs",
    jobs: events,
    recordCount: sum((event) => event.recordCount),
    processedCount: sum((event) => event.processedCount),
    isFollower: progress.isFollower === true,
  };
}
