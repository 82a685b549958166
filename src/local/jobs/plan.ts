/** When a job will be where: everything follows from its submission, its seed, and the fault that may befall it. */
import type { JobFault } from "../faults/fault-plan.ts";
import { makeRandom } from "../random.ts";
import { type JobDurations, pointIn, type Range } from "./durations.ts";
import { expiresAtMs, type Job, type JobStatus } from "./job.ts";

/** Moments in the service's time; infinite for what never comes. */
export interface Plan {
  readonly validatingAtMs: number;
  readonly scheduledAtMs: number;
  readonly startAtMs: number;
  readonly expiryAtMs: number;
  readonly stoppingMs: number;
  /** The end of the work, and the state that it leads to. */
  end(recordCount: number): PlannedEnd;
  /** Between the end of the work and the state that says so: 0.4 to 1.3 s seen (sources#job-life). */
  readonly lagMs: number;
  /** Between the timeout and Expired: 16 to 42 s seen (sources#job-life). */
  readonly expiryLagMs: number;
}

export interface PlannedEnd {
  readonly status: JobStatus;
  /** When the last record would be answered, at the job's pace. */
  readonly allAnsweredAtMs: number;
  /** Records that would be answered after this moment are not; undefined: all are. */
  readonly cutAtMs: number | undefined;
  readonly endsAtMs: number;
  readonly message: string | undefined;
}

export function makePlan(job: Job, durations: JobDurations, fault: JobFault | undefined): Plan {
  const random = makeRandom(job.seed);
  const draw = (range: Range): number => pointIn(range, random());
  const stickMs = (status: JobStatus): number =>
    fault?.stick?.in !== status
      ? 0
      : fault.stick.seconds === undefined
        ? Number.POSITIVE_INFINITY
        : fault.stick.seconds * 1000;
  const validatingAtMs = job.submittedAtMs + draw(durations.submittedMs) + stickMs("Submitted");
  const scheduledAtMs = validatingAtMs + draw(durations.validatingMs) + stickMs("Validating");
  const startAtMs = scheduledAtMs + draw(durations.scheduledMs) + stickMs("Scheduled");
  const fixedMs = draw(durations.inProgressMs);
  const perRecordMs = draw(durations.perRecordMs);
  const expiryAtMs = expiresAtMs(job);
  return {
    validatingAtMs,
    scheduledAtMs,
    startAtMs,
    expiryAtMs,
    stoppingMs: draw(durations.stoppingMs),
    lagMs: draw([400, 1300]),
    expiryLagMs: draw([16_000, 42_000]),
    end(recordCount) {
      const allAnsweredAtMs = startAtMs + fixedMs + recordCount * perRecordMs;
      const plain = { allAnsweredAtMs, message: undefined };
      if (fault?.end !== undefined) return { ...plain, ...endOf(fault.end, startAtMs, allAnsweredAtMs) };
      const endsAtMs = allAnsweredAtMs + stickMs("InProgress");
      if (endsAtMs <= expiryAtMs) return { ...plain, status: "Completed", cutAtMs: undefined, endsAtMs };
      return { ...plain, status: "PartiallyCompleted", cutAtMs: expiryAtMs, endsAtMs: expiryAtMs };
    },
  };
}

function endOf(
  { status, doneRatio = 0, message }: NonNullable<JobFault["end"]>,
  startAtMs: number,
  allAnsweredAtMs: number,
): Pick<PlannedEnd, "status" | "cutAtMs" | "endsAtMs" | "message"> {
  const cutAtMs = startAtMs + doneRatio * (allAnsweredAtMs - startAtMs);
  // A role that may not invoke fails the job at the end of InProgress, not before (sources#where-checks-happen).
  return { status, cutAtMs, endsAtMs: status === "Failed" ? allAnsweredAtMs : cutAtMs, message };
}
