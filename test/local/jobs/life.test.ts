import { setImmediate as nextTurn } from "node:timers/promises";
import { StopModelInvocationJobCommand } from "@aws-sdk/client-bedrock";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeMetricStore } from "../../../src/local/cloudwatch/metric-store.ts";
import { noFaults } from "../../../src/local/faults/faults.ts";
import { fieldDurations, pointIn } from "../../../src/local/jobs/durations.ts";
import { jobsFolder, readJobs } from "../../../src/local/jobs/job-store.ts";
import { makeJobLife } from "../../../src/local/jobs/life.ts";
import { simulatedAnswers } from "../../../src/local/models/answers/answers.ts";
import { makeQuotas, parseQuotaSetting } from "../../../src/local/models/quotas.ts";
import { durations, type JobBench, makeInput, makeJobBench, minuteMs } from "../bedrock/job-bench.ts";

let jobs: JobBench;
beforeEach(async () => {
  jobs = await makeJobBench();
  jobs.bench.objects.put("bucket", "in/a.jsonl", makeInput(500));
});
afterEach(() => jobs.close());

const stop = (arn: string) => jobs.client.send(new StopModelInvocationJobCommand({ jobIdentifier: arn }));
const outputs = (): string[] => jobs.bench.objects.keys("bucket").filter((key) => key.startsWith("out/"));

describe("the timeout", () => {
  const dayMs = 24 * 60 * minuteMs;

  it("expires a job that waits, with no output, its end where the waiting began", async () => {
    const slow = await makeJobBench(
      { durations: { submittedMs: minuteMs, validatingMs: 3 * minuteMs, scheduledMs: 2 * dayMs } },
      jobs.bench,
    );
    const arn = await slow.create();
    await slow.step(dayMs);
    expect((await slow.get(arn)).status).toBe("Scheduled");
    await slow.step(minuteMs);
    const done = await slow.get(arn);
    expect(done).toMatchObject({
      status: "Expired",
      endTime: new Date("2026-11-21T09:04:00.123Z"),
      totalRecordCount: 0,
    });
    const lateMs = (done.lastModifiedTime?.getTime() ?? 0) - (done.jobExpirationTime?.getTime() ?? 0);
    expect(lateMs).toBeGreaterThanOrEqual(16_000);
    expect(lateMs).toBeLessThanOrEqual(42_000);
    expect(outputs()).toEqual([]);
    await slow.close();
  });

  it("cuts a job that runs, and leaves what was done", async () => {
    const slow = await makeJobBench(
      { durations: { submittedMs: 0, validatingMs: 0, scheduledMs: 0, inProgressMs: 2 * dayMs, perRecordMs: 0 } },
      jobs.bench,
    );
    const done = await slow.finish();
    expect(done).toMatchObject({
      status: "PartiallyCompleted",
      totalRecordCount: 500,
      processedRecordCount: 250,
      endTime: done.jobExpirationTime,
    });
    expect(slow.output(done.jobArn ?? "")).toHaveLength(250);
    await slow.close();
  });

  it("is as long as was asked", async () => {
    const slow = await makeJobBench({ durations: { submittedMs: 5 * dayMs } }, jobs.bench);
    const arn = await slow.create({ timeoutDurationInHours: 168 });
    await slow.step(4 * dayMs);
    expect((await slow.get(arn)).status).toBe("Submitted");
    await slow.close();
  });
});

describe("a stop", () => {
  it.each([
    ["Submitted", 0],
    ["Validating", minuteMs],
    ["Scheduled", 2 * minuteMs],
  ] as const)("in %s leaves nothing", async (status, atMs) => {
    const arn = await jobs.create();
    await jobs.step(atMs);
    expect((await jobs.get(arn)).status).toBe(status);
    await stop(arn);
    expect((await jobs.get(arn)).status).toBe("Stopping");
    await expect(stop(arn)).resolves.toBeDefined();
    await jobs.step(minuteMs);
    expect(await jobs.get(arn)).toMatchObject({ status: "Stopped", totalRecordCount: 0 });
    expect(outputs()).toEqual([]);
  });

  it("is not lost where the job would move on while the stop is written down", async () => {
    await jobs.create();
    await jobs.service.close();
    const { world, clock } = jobs.bench;
    const [job] = await readJobs(jobsFolder(world.dataDir));
    if (job === undefined) throw new Error("no job was kept");
    let release = (): void => undefined;
    const kept = new Promise<void>((resolve) => {
      release = resolve;
    });
    const keep = (): Promise<void> => (job.status === "Stopping" ? kept : Promise.resolve());
    const life = makeJobLife({
      world,
      store: { jobs: new Map([[job.arn, job]]), add: keep, keep },
      quotas: makeQuotas(),
      answers: simulatedAnswers,
      metrics: makeMetricStore(),
      faults: noFaults,
      durations: { ...fieldDurations, ...durations },
    });
    life.begin(job);
    const stopping = life.stop(job);
    clock.advance(minuteMs);
    await nextTurn();
    release();
    await stopping;
    clock.advance(60 * minuteMs);
    await life.whenIdle();
    expect(job.status).toBe("Stopped");
    await life.close();
  });

  it.each(["Completed", "Failed", "Stopped"])("of a job that is %s is a conflict", async (status) => {
    const arn = await jobs.create(
      status === "Failed" ? { inputDataConfig: { s3InputDataConfig: { s3Uri: "s3://none/a.jsonl" } } } : {},
    );
    if (status === "Stopped") await stop(arn);
    await jobs.step(60 * minuteMs);
    expect((await jobs.get(arn)).status).toBe(status);
    await expect(stop(arn)).rejects.toMatchObject({ name: "ConflictException", $metadata: { httpStatusCode: 400 } });
  });
});

describe("a new process", () => {
  it.each([0, 1, 3, 9])("goes on with a job after minute %i as if nothing had been", async (minutes) => {
    const arn = await jobs.create();
    await jobs.step(minutes * minuteMs);
    await jobs.service.close();
    const later = await makeJobBench({}, jobs.bench);
    await later.service.ready;
    await later.step(20 * minuteMs - minutes * minuteMs);
    expect(await later.get(arn)).toMatchObject({
      status: "Completed",
      successRecordCount: 500,
      endTime: new Date("2026-11-21T09:15:00.123Z"),
    });
    expect(new Set(later.output(arn).map(({ recordId }) => recordId)).size).toBe(500);
    await later.close();
  });

  it("ends a stop that was under way, with what had been answered until then", async () => {
    const arn = await jobs.create();
    await jobs.step(5 * minuteMs);
    await jobs.step(4 * minuteMs);
    await stop(arn);
    await jobs.service.close();
    jobs.bench.objects
      .keys("bucket")
      .filter((key) => key.startsWith("out/"))
      .forEach((key) => void jobs.bench.objects.remove("bucket", key));
    const later = await makeJobBench({}, jobs.bench);
    await later.step(5 * minuteMs);
    expect(await later.get(arn)).toMatchObject({ status: "Stopped", processedRecordCount: 200 });
    expect(later.output(arn)).toHaveLength(200);
    await later.close();
  });

  it("knows names, tokens and ends of jobs from before", async () => {
    const first = await jobs.create({ jobName: "taken", clientRequestToken: "token" });
    await jobs.step(60 * minuteMs);
    await jobs.service.close();
    const later = await makeJobBench({}, jobs.bench);
    expect(await later.create({ clientRequestToken: "token" })).toBe(first);
    await expect(later.create({ jobName: "taken" })).rejects.toMatchObject({ name: "ConflictException" });
    expect((await later.get(first)).status).toBe("Completed");
    await later.close();
  });

  it("writes nothing for a job that was running when it was closed", async () => {
    await jobs.create();
    await jobs.step(5 * minuteMs);
    await jobs.step(4 * minuteMs);
    await jobs.service.close();
    expect(outputs()).toEqual([]);
  });
});

describe("the durations of the field", () => {
  it("take 8 to 25 minutes for some hundred records", () => {
    for (const draw of [0, 0.5, 0.999]) {
      const { submittedMs, validatingMs, scheduledMs, inProgressMs, perRecordMs } = fieldDurations;
      const queueMs = pointIn(submittedMs, draw) + pointIn(validatingMs, draw) + pointIn(scheduledMs, draw);
      const totalMs = queueMs + pointIn(inProgressMs, draw) + 500 * pointIn(perRecordMs, draw);
      expect(queueMs / minuteMs).toBeGreaterThan(3);
      expect(queueMs / minuteMs).toBeLessThan(8);
      expect(totalMs / minuteMs).toBeGreaterThan(6);
      expect(totalMs / minuteMs).toBeLessThan(25);
    }
  });
});

it("answers a job over many blocks, each record once, in a mixed order", async () => {
  const wide = await makeJobBench({ quotas: makeQuotas([parseQuotaSetting("records-per-job=100000")]) }, jobs.bench);
  jobs.bench.objects.put(
    "bucket",
    "in/a.jsonl",
    makeInput(8000, (index) => ({
      anthropic_version: "bedrock-2023-05-31",
      max_tokens: 50,
      messages: [{ role: "user", content: `${index} ${"words and more words ".repeat(10)}` }],
    })),
  );
  const done = await wide.finish();
  const ids = wide.output(done.jobArn ?? "").map(({ recordId }) => Number(recordId.slice(4)));
  expect(new Set(ids).size).toBe(8000);
  const inPlace = ids.filter((id, index) => id === index).length;
  expect(inPlace).toBeLessThan(40);
  expect(Math.max(...ids.slice(0, 100)) - Math.min(...ids.slice(0, 100))).toBeGreaterThan(500);
  await wide.close();
});
