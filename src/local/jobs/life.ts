/**
 * The life of a job.
 *
 *   Submitted    from Create, until the service takes the job up; nothing has been read
 *   Validating   the input is read whole, the output location is tried; ends in Failed with a message, or in Scheduled
 *   Scheduled    waits for its turn; whoever waits until the timeout ends as Expired, with no output
 *   InProgress   records are answered as the service's time goes by; ends in Completed when all are done, whatever their
 *                answers were, in PartiallyCompleted with what was done at the timeout, in Failed where the service breaks
 *                or the role may not invoke the model
 *   Stopping     from Stop, in any of the above; what was answered until then is written; ends in Stopped
 *   Completed, PartiallyCompleted, Failed, Stopped, Expired   the ends
 *
 * Every moment follows from the submission and the job's seed, so a job that is taken up again after a restart goes on as if
 * nothing had been. A state's moment is the planned one: a clock that jumps over it finds it as if it had walked.
 * Transitions derived from the API's descriptions of the states; AWS publishes no diagram (sources#job-life).
 */

import { fillMessage } from "./answering/fill-message.ts";
import type { JobDurations } from "./durations.ts";
import { isEnd, type Job, type JobStatus } from "./job.ts";
import { makePlan, type Plan } from "./plan.ts";
import type { InputVerdict } from "./read-input.ts";
import { makeWork, unexpected, type WorkOptions } from "./run-job.ts";
import { type JobControl, makeJobControl, makeWaiting } from "./waiting.ts";

export interface JobLifeOptions extends Omit<WorkOptions, "waiting"> {
  readonly durations: JobDurations;
}

export interface JobLife {
  /** Begins the life of a job that the store already has, or takes it up again. */
  begin(job: Job): void;
  /** Asks a job to stop; it is Stopping when this resolves. Does nothing to a job that has ended. */
  stop(job: Job): Promise<void>;
  /** Resolves when no job can move before the clock does. */
  whenIdle(): Promise<void>;
  /** Moves no job any further; what is under way is left for the next process. Resolves when nothing is written any more. */
  close(): Promise<void>;
}

const longestMessage = 2048;

export function makeJobLife(options: JobLifeOptions): JobLife {
  const { world, store, durations, faults } = options;
  const { clock } = world;
  const waiting = makeWaiting(clock);
  const { reach, setBusy } = waiting;
  const work = makeWork({ ...options, waiting });
  const living = new Map<string, { readonly control: JobControl; readonly done: Promise<void> }>();
  let closed = false;

  const planOf = (job: Job): Plan => makePlan(job, durations, faults.forJob(job));

  const enter = async (job: Job, status: JobStatus, atMs: number): Promise<void> => {
    job.status = status;
    job.enteredAtMs = atMs;
    job.lastModifiedAtMs = atMs;
    await store.keep(job);
    world.log(`job ${job.id} ${job.name} is ${status}`);
  };

  /** Enters a state of the usual way, unless a stop came first: it may come while the state before is still being kept. */
  const move = async (job: Job, status: JobStatus, atMs: number): Promise<void> => {
    if (job.status !== "Stopping") await enter(job, status, atMs);
  };

  const end = async (
    job: Job,
    status: JobStatus,
    endedAtMs: number,
    lagMs: number,
    message?: string,
  ): Promise<void> => {
    job.endedAtMs = endedAtMs;
    if (message !== undefined) job.message = message.slice(0, longestMessage);
    await enter(job, status, endedAtMs + lagMs);
  };

  /** Waits for the next state's moment. False where the job has ended or was stopped on the way. */
  const advance = async (job: Job, control: JobControl, plan: Plan, atMs: number): Promise<boolean> => {
    if (atMs <= plan.expiryAtMs) return await reach(control, atMs);
    if (await reach(control, plan.expiryAtMs + plan.expiryLagMs)) {
      // A real Expired job's end lies where it began to wait, not where it gave up (sources#job-life).
      const endedAtMs = Math.min(plan.scheduledAtMs, plan.expiryAtMs);
      await end(job, "Expired", endedAtMs, plan.expiryAtMs + plan.expiryLagMs - endedAtMs);
    }
    return false;
  };

  const finish = async (job: Job, control: JobControl, plan: Plan, input: InputVerdict): Promise<void> => {
    if (control.stopped) return;
    if (!input.ok) return await end(job, "Failed", clock.nowMs(), 0, input.message);
    const { status, cutAtMs, endsAtMs: plannedMs, message } = plan.end(input.recordCount);
    const refusal = await work.run(job, control, plan, input, cutAtMs);
    // A real model's own time is the job's; that of the simulation is the machine's, and no client's concern.
    const endsAtMs = options.answers.concurrency > 1 ? Math.max(plannedMs, clock.nowMs()) : plannedMs;
    if (!(await reach(control, endsAtMs + plan.lagMs))) return;
    if (refusal !== undefined) return await end(job, "Failed", endsAtMs, plan.lagMs, refusal);
    const told = status === "Failed" ? fillMessage(message ?? unexpected, job) : undefined;
    await end(job, status, endsAtMs, plan.lagMs, told);
  };

  const finishStopping = async (job: Job, plan: Plan): Promise<void> => {
    const stoppedAtMs = job.enteredAtMs;
    const entry = living.get(job.id);
    if (entry !== undefined) entry.control.stopped = closed;
    // Taken up again after a restart: what had been answered until the stop is answered again and written.
    if (job.startedAtMs !== undefined && job.counts.total === 0) {
      const input = await work.validate(job, entry?.control ?? makeJobControl());
      if (input.ok) await work.run(job, entry?.control ?? makeJobControl(), plan, input, stoppedAtMs);
    }
    if (await reach(entry?.control ?? makeJobControl(), stoppedAtMs + plan.stoppingMs))
      await end(job, "Stopped", stoppedAtMs + plan.stoppingMs, 0);
  };

  const live = async (job: Job, control: JobControl): Promise<void> => {
    const plan = planOf(job);
    let input: InputVerdict | undefined;
    if (job.status === "Submitted") {
      if (!(await advance(job, control, plan, plan.validatingAtMs))) return;
      await move(job, "Validating", plan.validatingAtMs);
    }
    if (job.status === "Validating") {
      input = await work.validate(job, control);
      if (!(await advance(job, control, plan, plan.scheduledAtMs))) return;
      if (!input.ok) return await end(job, "Failed", plan.scheduledAtMs, plan.lagMs, input.message);
      await move(job, "Scheduled", plan.scheduledAtMs);
    }
    if (job.status === "Scheduled") {
      if (!(await advance(job, control, plan, plan.startAtMs))) return;
      if (job.status !== "Scheduled") return;
      job.startedAtMs = plan.startAtMs;
      await move(job, "InProgress", plan.startAtMs);
    }
    if (job.status === "InProgress") await finish(job, control, plan, input ?? (await work.validate(job, control)));
  };

  const lead = async (job: Job, control: JobControl): Promise<void> => {
    setBusy(1);
    try {
      if (job.status !== "Stopping") await live(job, control);
      if (job.status === "Stopping" && !closed) await finishStopping(job, planOf(job));
    } catch (error) {
      if (closed) return;
      world.log(`job ${job.id} broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      await end(job, "Failed", clock.nowMs(), 0, unexpected);
    } finally {
      living.delete(job.id);
      setBusy(-1);
    }
  };

  return {
    begin(job) {
      if (isEnd(job.status) || living.has(job.id)) return;
      // What an earlier process had counted is counted again.
      job.counts = { total: 0, success: 0, error: 0, inputTokens: 0, outputTokens: 0 };
      const control = makeJobControl();
      const done = lead(job, control).catch((error: unknown) =>
        world.log(`job ${job.id} could not be kept: ${String(error)}`),
      );
      living.set(job.id, { control, done });
    },
    async stop(job) {
      if (isEnd(job.status) || job.status === "Stopping") return;
      const control = living.get(job.id)?.control;
      if (control !== undefined) control.stopped = true;
      await enter(job, "Stopping", clock.nowMs());
      control?.pace?.end();
      control?.wake?.();
    },
    whenIdle: () => waiting.whenIdle(),
    async close() {
      closed = true;
      const left = [...living.values()];
      for (const { control } of left) {
        control.stopped = true;
        control.pace?.abort();
        control.wake?.();
      }
      await Promise.all(left.map(({ done }) => done));
    },
  };
}
