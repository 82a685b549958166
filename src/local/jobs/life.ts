/**
 * The life of a job.
 *
 *   Submitted    from Create, until the service takes the job up; nothing has been read
 *   Validating   the input is read whole, the output location is tried; ends in Failed with a message, or in Scheduled
 *   Scheduled    waits for its turn; whoever waits until the timeout ends as Expired, with no output
 *   InProgress   records are answered as the service's time goes by; ends in Completed when all are done, whatever their
 *                answers were, in PartiallyCompleted with what was done at the timeout, in Failed where the service breaks
 *   Stopping     from Stop, in any of the above; what was answered until then is written; ends in Stopped
 *   Completed, PartiallyCompleted, Failed, Stopped, Expired   the ends
 *
 * Every moment follows from the submission and the job's seed, so a job that is taken up again after a restart goes on as if
 * nothing had been. A state's moment is the planned one: a clock that jumps over it finds it as if it had walked.
 * Transitions derived from the API's descriptions of the states; AWS publishes no diagram (bedrock-facts §1.6).
 */

import type { MetricStore } from "../cloudwatch/metric-store.ts";
import type { Answers } from "../models/answers.ts";
import type { Quotas } from "../models/quotas.ts";
import { findInvokeProblem, findReference } from "../models/reference.ts";
import { makeRandom } from "../random.ts";
import type { World } from "../service.ts";
import { makeRecordAnswerer } from "./answer-record.ts";
import { type JobDurations, pointIn } from "./durations.ts";
import { expiresAtMs, isEnd, type Job, type JobStatus } from "./job.ts";
import { makeJobMeter } from "./job-metrics.ts";
import type { JobStore } from "./job-store.ts";
import { writeManifest } from "./manifest.ts";
import { makePace, type Pace } from "./pace.ts";
import { type InputVerdict, readInput } from "./read-input.ts";
import { runRecords } from "./run-records.ts";

export interface JobLifeOptions {
  readonly world: World;
  readonly store: JobStore;
  readonly quotas: Quotas;
  readonly answers: Answers;
  readonly durations: JobDurations;
  readonly metrics: MetricStore;
}

export interface JobLife {
  /** Begins the life of a job that the store already has, or takes it up again. */
  begin(job: Job): void;
  /** Asks a job to stop; it is Stopping when this resolves. Does nothing to a job that has ended. */
  stop(job: Job): Promise<void>;
  /** Resolves when no job can move before the clock does. */
  whenIdle(): Promise<void>;
  /** Moves no job any further; what is under way is left for the next process. */
  close(): void;
}

/** What the outside can do to a living job. */
interface Reins {
  stopped: boolean;
  wake: (() => void) | undefined;
  pace: Pace | undefined;
}

interface Plan {
  readonly validatingAtMs: number;
  readonly scheduledAtMs: number;
  readonly startAtMs: number;
  readonly stoppingMs: number;
  endsAtMs(recordCount: number): number;
  /** Between the end of the work and the state that says so: 0.4 to 1.3 s seen (real-answers.md). */
  readonly lagMs: number;
  /** Between the timeout and Expired: 16 to 42 s seen. */
  readonly expiryLagMs: number;
}

function makePlan(job: Job, durations: JobDurations): Plan {
  const random = makeRandom(job.seed);
  const draw = (range: Parameters<typeof pointIn>[0]): number => pointIn(range, random());
  const validatingAtMs = job.submittedAtMs + draw(durations.submittedMs);
  const scheduledAtMs = validatingAtMs + draw(durations.validatingMs);
  const startAtMs = scheduledAtMs + draw(durations.scheduledMs);
  const fixedMs = draw(durations.inProgressMs);
  const perRecordDraw = random();
  return {
    validatingAtMs,
    scheduledAtMs,
    startAtMs,
    stoppingMs: draw(durations.stoppingMs),
    endsAtMs: (recordCount) => startAtMs + fixedMs + recordCount * pointIn(durations.perRecordMs, perRecordDraw),
    lagMs: pointIn([400, 1300], random()),
    expiryLagMs: pointIn([16_000, 42_000], random()),
  };
}

const unexpected = "Encountered an unexpected error when processing the request, please try again";
const groupSize = 256;

export function makeJobLife({ world, store, quotas, answers, durations, metrics }: JobLifeOptions): JobLife {
  const { clock, objects } = world;
  const living = new Map<string, Reins>();
  const meter = makeJobMeter(metrics, ({ modelId, region }) => {
    let pending = 0;
    for (const job of store.jobs.values()) {
      if (job.modelId !== modelId || job.region !== region || job.status !== "InProgress") continue;
      pending += job.counts.total - job.counts.success - job.counts.error;
    }
    return pending;
  });
  let busy = 0;
  let closed = false;
  let idlers: (() => void)[] = [];

  const setBusy = (by: 1 | -1): void => {
    busy += by;
    if (busy > 0) return;
    for (const resolve of idlers) resolve();
    idlers = [];
  };
  const waiting = (isWaiting: boolean): void => setBusy(isWaiting ? -1 : 1);

  /** Waits for a moment, or for a stop. False where the job was stopped. */
  const reach = async (reins: Reins, atMs: number): Promise<boolean> => {
    while (!reins.stopped && clock.nowMs() < atMs) {
      await new Promise<void>((resolve) => {
        waiting(true);
        const go = (): void => {
          cancel();
          reins.wake = undefined;
          waiting(false);
          resolve();
        };
        // A wait without end is no wait for a clock.
        const cancel = Number.isFinite(atMs) ? clock.after(atMs - clock.nowMs(), go) : () => undefined;
        reins.wake = go;
      });
    }
    return !reins.stopped;
  };

  const enter = async (job: Job, status: JobStatus, atMs: number): Promise<void> => {
    job.status = status;
    job.enteredAtMs = atMs;
    job.lastModifiedAtMs = atMs;
    await store.keep(job);
    world.log(`job ${job.id} ${job.name} is ${status}`);
  };

  const end = async (
    job: Job,
    status: JobStatus,
    endedAtMs: number,
    lagMs: number,
    message?: string,
  ): Promise<void> => {
    job.endedAtMs = endedAtMs;
    if (message !== undefined) job.message = message.slice(0, 2048);
    await enter(job, status, endedAtMs + lagMs);
  };

  /** Waits for the next state's moment. False where the job has ended or was stopped on the way. */
  const advance = async (job: Job, reins: Reins, plan: Plan, atMs: number): Promise<boolean> => {
    const expiryMs = expiresAtMs(job);
    if (atMs <= expiryMs) return await reach(reins, atMs);
    if (await reach(reins, expiryMs + plan.expiryLagMs)) {
      // A real Expired job's end lies where it began to wait, not where it gave up (real-answers.md).
      const endedAtMs = Math.min(plan.scheduledAtMs, expiryMs);
      await end(job, "Expired", endedAtMs, expiryMs + plan.expiryLagMs - endedAtMs);
    }
    return false;
  };

  const validate = (job: Job): Promise<InputVerdict> => {
    const model = findReference(job.modelArn, job.region, world.accountId)?.model;
    // Only a data folder from another version of the catalogue can have such a job.
    if (model === undefined)
      return Promise.resolve({ ok: false, message: `The model ${job.modelId} is no longer known.` });
    return readInput(job, { objects, quotas, model });
  };

  /** Answers records until all are done, or until the moment from which none may be answered. */
  const run = async (
    job: Job,
    reins: Reins,
    plan: Plan,
    input: InputVerdict & { ok: true },
    untilMs: number | undefined,
  ): Promise<void> => {
    const reference = findReference(job.modelArn, job.region, world.accountId);
    if (reference === undefined) return;
    job.counts = { total: input.recordCount, success: 0, error: 0, inputTokens: 0, outputTokens: 0 };
    const pace = makePace({
      clock,
      recordCount: input.recordCount,
      startedAtMs: plan.startAtMs,
      durationMs: plan.endsAtMs(input.recordCount) - plan.startAtMs,
      untilMs,
      waiting,
    });
    reins.pace = pace;
    const answer = makeRecordAnswerer(job, {
      model: reference.model,
      answers,
      invokeProblem: findInvokeProblem(reference, job.region),
      nowMs: () => clock.nowMs(),
    });
    const noteProgress = (): void => meter.note(job, clock.nowMs());
    await runRecords(job, { objects, files: input.files, pace, answer, noteProgress, groupSize });
    reins.pace = undefined;
    if (job.counts.success + job.counts.error > 0) await writeManifest(objects, job, job.counts);
  };

  const work = async (job: Job, reins: Reins, plan: Plan, input: InputVerdict): Promise<void> => {
    if (!input.ok) {
      await end(job, "Failed", clock.nowMs(), plan.lagMs, input.message);
      return;
    }
    const endsAtMs = plan.endsAtMs(input.recordCount);
    const expiryMs = expiresAtMs(job);
    const isCut = endsAtMs > expiryMs;
    await run(job, reins, plan, input, isCut ? expiryMs : undefined);
    if (await reach(reins, Math.min(endsAtMs, expiryMs) + plan.lagMs)) {
      await end(job, isCut ? "PartiallyCompleted" : "Completed", Math.min(endsAtMs, expiryMs), plan.lagMs);
    }
  };

  const windUp = async (job: Job, plan: Plan): Promise<void> => {
    const stoppedAtMs = job.enteredAtMs;
    // Taken up again after a restart: what had been answered until the stop is answered again and written.
    if (job.startedAtMs !== undefined && job.counts.total === 0) {
      const input = await validate(job);
      if (input.ok) await run(job, { stopped: true, wake: undefined, pace: undefined }, plan, input, stoppedAtMs);
    }
    const reins: Reins = { stopped: false, wake: undefined, pace: undefined };
    await reach(reins, stoppedAtMs + plan.stoppingMs);
    if (!closed) await end(job, "Stopped", stoppedAtMs + plan.stoppingMs, 0);
  };

  const live = async (job: Job, reins: Reins): Promise<void> => {
    const plan = makePlan(job, durations);
    let input: InputVerdict | undefined;
    if (job.status === "Submitted") {
      if (!(await advance(job, reins, plan, plan.validatingAtMs))) return;
      await enter(job, "Validating", plan.validatingAtMs);
    }
    if (job.status === "Validating") {
      input = await validate(job);
      if (!(await advance(job, reins, plan, plan.scheduledAtMs))) return;
      if (!input.ok) return await end(job, "Failed", plan.scheduledAtMs, plan.lagMs, input.message);
      await enter(job, "Scheduled", plan.scheduledAtMs);
    }
    if (job.status === "Scheduled") {
      if (!(await advance(job, reins, plan, plan.startAtMs))) return;
      job.startedAtMs = plan.startAtMs;
      await enter(job, "InProgress", plan.startAtMs);
    }
    if (job.status === "InProgress") await work(job, reins, plan, input ?? (await validate(job)));
  };

  const lead = async (job: Job, reins: Reins): Promise<void> => {
    setBusy(1);
    try {
      if (job.status !== "Stopping") await live(job, reins);
      if (job.status === "Stopping" && !closed) await windUp(job, makePlan(job, durations));
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
      if (job.status !== "Stopping" || job.startedAtMs !== undefined)
        job.counts = { ...job.counts, total: 0, success: 0, error: 0 };
      const reins: Reins = { stopped: false, wake: undefined, pace: undefined };
      living.set(job.id, reins);
      lead(job, reins).catch((error: unknown) => world.log(`job ${job.id} could not be kept: ${String(error)}`));
    },
    async stop(job) {
      if (isEnd(job.status) || job.status === "Stopping") return;
      await enter(job, "Stopping", clock.nowMs());
      const reins = living.get(job.id);
      if (reins === undefined) return;
      reins.stopped = true;
      reins.pace?.end();
      reins.wake?.();
    },
    whenIdle: () => (busy === 0 ? Promise.resolve() : new Promise((resolve) => idlers.push(resolve))),
    close() {
      closed = true;
      for (const reins of living.values()) {
        reins.stopped = true;
        reins.pace?.abort();
        reins.wake?.();
      }
    },
  };
}
