/** The work of a job: its records answered at its pace, its files and its manifest written. */
import { join } from "node:path";
import type { MetricStore } from "../cloudwatch/metric-store.ts";
import type { Faults } from "../faults/faults.ts";
import type { Answers } from "../models/answers.ts";
import type { Quotas } from "../models/quotas.ts";
import { findInvokeProblem, findReference } from "../models/reference.ts";
import type { World } from "../service.ts";
import { openAnswerJournal } from "./answer-journal.ts";
import { makeRecordAnswerer } from "./answer-record.ts";
import { fillMessage } from "./fill-message.ts";
import type { Job } from "./job.ts";
import { makeJobMeter } from "./job-metrics.ts";
import type { JobStore } from "./job-store.ts";
import { writeManifest } from "./manifest.ts";
import { makePace } from "./pace.ts";
import type { Plan } from "./plan.ts";
import { type InputVerdict, readInput } from "./read-input.ts";
import { runRecords } from "./run-records.ts";
import type { Reins, Waiting } from "./waiting.ts";

export interface WorkOptions {
  readonly world: World;
  readonly store: JobStore;
  readonly quotas: Quotas;
  readonly answers: Answers;
  readonly metrics: MetricStore;
  readonly faults: Faults;
  readonly waiting: Waiting;
}

export interface Work {
  /** What Validating finds. */
  validate(job: Job, reins: Reins): Promise<InputVerdict>;
  /** Answers records until all are done, the job is stopped, or those before `cutAtMs` are. */
  run(
    job: Job,
    reins: Reins,
    plan: Plan,
    input: InputVerdict & { ok: true },
    cutAtMs: number | undefined,
  ): Promise<void>;
}

const groupSize = 256;
/** A slow model's answers are waited for in groups: small enough to be written soon, large enough to keep it busy. */
const groupsPerPlace = 4;

export function makeWork({ world, store, quotas, answers, metrics, faults, waiting }: WorkOptions): Work {
  const { clock, objects, accountId } = world;
  const isSlow = answers.concurrency > 1;
  const answersFolder = join(world.dataDir, "bedrock", "answers");
  const meter = makeJobMeter(metrics, ({ modelId, region }) => {
    let pending = 0;
    for (const job of store.jobs.values()) {
      if (job.modelId !== modelId || job.region !== region || job.status !== "InProgress") continue;
      pending += job.counts.total - job.counts.success - job.counts.error;
    }
    return pending;
  });

  return {
    validate(job, reins) {
      const message = faults.forJob(job)?.failValidation;
      if (message !== undefined) return Promise.resolve({ ok: false, message: fillMessage(message, job) });
      const model = findReference(job.modelArn, job.region, accountId)?.model;
      // Only a data folder from another version of the catalogue can have such a job.
      if (model === undefined)
        return Promise.resolve({ ok: false, message: `The model ${job.modelId} is no longer known.` });
      return readInput(job, { objects, quotas, model, isStopped: () => reins.stopped });
    },

    async run(job, reins, plan, input, cutAtMs) {
      const reference = findReference(job.modelArn, job.region, accountId);
      if (reference === undefined) return;
      const fault = faults.forJob(job);
      job.counts = { total: input.recordCount, success: 0, error: 0, inputTokens: 0, outputTokens: 0 };
      const pace = makePace({
        clock,
        recordCount: input.recordCount,
        startedAtMs: plan.startAtMs,
        durationMs: plan.end(input.recordCount).allAnsweredAtMs - plan.startAtMs,
        untilMs: cutAtMs,
        waiting: (isWaiting) => waiting.setBusy(isWaiting ? -1 : 1),
      });
      reins.pace = pace;
      const journal = isSlow ? await openAnswerJournal(join(answersFolder, `${job.id}.jsonl`)) : undefined;
      try {
        await runRecords(job, {
          objects,
          files: input.files,
          pace,
          answer: makeRecordAnswerer(job, {
            model: reference.model,
            answers,
            invokeProblem: findInvokeProblem(reference, job.region),
            nowMs: () => clock.nowMs(),
            faults,
            objects,
            journal,
          }),
          noteProgress: () => meter.note(job, clock.nowMs()),
          groupSize: isSlow ? answers.concurrency * groupsPerPlace : groupSize,
          fault: fault?.output,
        });
      } catch (error) {
        await journal?.close();
        throw error;
      }
      await journal?.remove();
      reins.pace = undefined;
      if (job.counts.success + job.counts.error > 0) await writeManifest(objects, job, job.counts, fault?.manifest);
    },
  };
}
