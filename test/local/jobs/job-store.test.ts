import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Job } from "../../../src/local/jobs/job.ts";
import { jobsFolder, openJobStore } from "../../../src/local/jobs/job-store.ts";
import { readLatestTimeMs } from "../../../src/local/jobs/latest-time.ts";

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "halfprice-store-"));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const makeJob = (index: number): Job => ({
  id: `job${index}`,
  arn: `arn:${index}`,
  name: `name-${index}`,
  region: "us-east-1",
  roleArn: "arn:role",
  modelArn: "arn:model",
  modelId: "model",
  invocationType: "InvokeModel",
  input: { s3Uri: "s3://bucket/a.jsonl", s3BucketOwner: "1" },
  output: { s3Uri: "s3://bucket/out", s3BucketOwner: "1" },
  timeoutHours: 24,
  submittedAtMs: 1000 + index,
  seed: index,
  tags: [],
  status: "Submitted",
  enteredAtMs: 1000 + index,
  lastModifiedAtMs: 5000 - index,
  counts: { total: 0, success: 0, error: 0, inputTokens: 0, outputTokens: 0 },
});

it("has every job again, in the order of submission, and the latest time that any has seen", async () => {
  expect(await readLatestTimeMs(dataDir)).toBe(0);
  const store = await openJobStore(jobsFolder(dataDir));
  await Promise.all(Array.from({ length: 100 }, (_, index) => store.add(makeJob(index))));
  const again = await openJobStore(jobsFolder(dataDir));
  expect([...again.jobs.values()]).toEqual(Array.from({ length: 100 }, (_, index) => makeJob(index)));
  expect(await readLatestTimeMs(dataDir)).toBe(5000);
});

it("keeps the last of many changes, in their order, and leaves no half-written file to be read", async () => {
  const folder = jobsFolder(dataDir);
  const store = await openJobStore(folder);
  const job = makeJob(1);
  await store.add(job);
  await Promise.all(
    Array.from({ length: 50 }, (_, index) => {
      job.message = `change ${index}`;
      return store.keep(job);
    }),
  );
  await writeFile(join(folder, "job9.json.tmp"), '{"id":');
  const again = await openJobStore(folder);
  expect([...again.jobs.values()].map(({ message }) => message)).toEqual(["change 49"]);
  expect((await readdir(folder)).filter((name) => name.endsWith(".json"))).toEqual(["job1.json"]);
});
