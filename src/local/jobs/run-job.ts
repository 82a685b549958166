/** The work of a job: its records answered at its pace, its files and its manifest written. */
import { join } from "node:path";
import type { MetricStore } from "../cloudwatch/metric-store.ts";
import type { Faults } from "../faults/faults.ts";
import type { Answers } from "../models/answers/answers.ts";
import { findInvokeProblem, type ModelReference } from "../models/answers/reference.ts";
import type { Quotas } from "../models/quotas.ts";
import type { World } from "../world.ts";
import { openAnswerJournal } from "./answering/answer-journal.ts";
import { makeRecordAnswerer } from "./answering/answer-record.ts";
import { makeAnswerThreads } from "./answering/answer-threads.ts";
import { fillMessage } from "./answering/fill-message.ts";
import { findMediaProblem } from "./answering/media.ts";
import { makeRecordRate } from "./answering/record-rate.ts";
import { runRecords } from "./answering/run-records.ts";
import { findJobModel } from "./find-job-model.ts";
import type { Job } from "./job.ts";
import { makeJobMeter } from "./job-metrics.ts";
import type { JobStore } from "./job-store.ts";
import { writeManifest } from "./manifest.ts";
import { baseName, outputKey, parseS3Uri } from "./place.ts";
import type { Plan } from "./plan.ts";
import { type InputVerdict, readInput } from "./read-input.ts";
import { findOutputKey, makeServiceRole } from "./service-role.ts";
import type { JobControl, Waiting } from "./waiting.ts";

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
  validate(job: Job, control: JobControl): Promise<InputVerdict>;
  /**
   * Answers records until all are done, the job is stopped, or those before `cutAtMs` are.
   * @returns why none was, where the job's role may not do what it takes: the job's message at its end
   */
  run(
    job: Job,
    control: JobControl,
    plan: Plan,
    input: InputVerdict & { ok: true },
    cutAtMs: number | undefined,
  ): Promise<string | undefined>;
}

export const unexpected = "Encountered an unexpected error when processing the request, please try again";

const groupSize = 256;
/** With fewer records a job is done before threads have begun. */
const threadedRecords = 20_000;
/** A slow model's answers are waited for in groups: small enough to be written soon, large enough to keep it busy. */
const groupsPerPlace = 4;

export function makeWork({ world, store, quotas, answers, metrics, faults, waiting }: WorkOptions): Work {
  const { clock, objects, accountId } = world;
  const isSlow = answers.concurrency > 1;
  const answersFolder = join(world.dataDir, "bedrock", "answers");
  const threads = makeAnswerThreads((line) => world.log(line));
  const meter = makeJobMeter(metrics, ({ modelId, region }) => {
    let pending = 0;
    for (const job of store.jobs.values()) {
      if (job.modelId !== modelId || job.region !== region || job.status !== "InProgress") continue;
      pending += job.counts.total - job.counts.success - job.counts.error;
    }
    return pending;
  });

  return {
    validate(job, control) {
      const message = faults.forJob(job)?.failValidation;
      if (message !== undefined) return Promise.resolve({ ok: false, message: fillMessage(message, job) });
      const model = findJobModel(job, accountId)?.model;
      // Only a data folder from another version of the catalogue can have such a job.
      if (model === undefined)
        return Promise.resolve({ ok: false, message: `The model ${job.modelId} is no longer known.` });
      const role = makeServiceRole(job, world);
      const outputKmsKey = findOutputKey(job, world.keys);
      return readInput(job, { objects, quotas, model, role, outputKmsKey, isStopped: () => control.stopped });
    },

    async run(job, control, plan, input, cutAtMs) {
      const reference = findJobModel(job, accountId);
      if (reference === undefined) return undefined;
      const fault = faults.forJob(job);
      job.counts = { total: input.recordCount, success: 0, error: 0, inputTokens: 0, outputTokens: 0 };
      const refusal = findRefusal(job, reference, input, world);
      if (refusal !== undefined) return refusal;
      const pace = makeRecordRate({
        clock,
        recordCount: input.recordCount,
        startedAtMs: plan.startAtMs,
        durationMs: plan.end(input.recordCount).allAnsweredAtMs - plan.startAtMs,
        untilMs: cutAtMs,
        waiting: (isWaiting) => waiting.setBusy(isWaiting ? -1 : 1),
      });
      control.pace = pace;
      const journal = isSlow ? await openAnswerJournal(join(answersFolder, `${job.id}.jsonl`)) : undefined;
      const model = reference.model;
      const invokeProblem = findInvokeProblem(reference, job.region);
      // What a fault changes in a record, and what a real model answers, is decided here.
      const isThreaded =
        answers.isSimulated === true && !faults.hasRecordRules(job.name) && input.recordCount >= threadedRecords;
      const release = isThreaded ? threads.hold() : undefined;
      try {
        await runRecords(job, {
          objects,
          files: input.files,
          pace,
          answer: makeRecordAnswerer(job, {
            model,
            answers,
            invokeProblem,
            nowMs: () => clock.nowMs(),
            faults,
            findMediaProblem: (body) => findMediaProblem(body, job, objects),
            journal,
          }),
          ahead: !isThreaded
            ? undefined
            : {
                hasRoom: () => threads.hasRoom(),
                answer: (firstRecord, order, read) =>
                  threads.answer(async () => {
                    const bytes = await read();
                    return { job, model, invokeProblem, bytes, firstRecord, order, nowMs: clock.nowMs() };
                  }),
              },
          noteProgress: () => meter.note(job, clock.nowMs()),
          groupSize: isSlow ? answers.concurrency * groupsPerPlace : groupSize,
          fault: fault?.output,
          outputKmsKey: findOutputKey(job, world.keys),
        });
      } catch (error) {
        await journal?.close();
        throw error;
      } finally {
        release?.();
      }
      await journal?.remove();
      control.pace = undefined;
      if (job.counts.success + job.counts.error > 0)
        await writeManifest(objects, job, job.counts, fault?.manifest, findOutputKey(job, world.keys));
      return undefined;
    },
  };
}

/** What the role may not do of what the records take: invoke (sources#role-rights), write the output. */
function findRefusal(
  job: Job,
  reference: ModelReference,
  { files }: InputVerdict & { ok: true },
  world: World,
): string | undefined {
  const role = makeServiceRole(job, world);
  if (role === undefined) return undefined;
  if (!role.mayBeAssumed() || !role.mayInvoke(reference)) return "Customer doesn't have permissions to invokeModel";
  const { bucket } = parseS3Uri(job.output.s3Uri);
  const mayWrite = files.every(({ key }) =>
    role.mayUseBucket("s3:PutObject", bucket, outputKey(job.output.s3Uri, job.id, `${baseName(key)}.out`)),
  );
  return mayWrite ? undefined : unexpected;
}
