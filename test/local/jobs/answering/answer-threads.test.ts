import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { noFaults } from "../../../../src/local/faults/faults.ts";
import { type BlockTask, takeRecords } from "../../../../src/local/jobs/answering/answer-block.ts";
import { answerFile } from "../../../../src/local/jobs/answering/answer-file.ts";
import { makeRecordAnswerer } from "../../../../src/local/jobs/answering/answer-record.ts";
import { type AnswerThreads, makeAnswerThreads } from "../../../../src/local/jobs/answering/answer-threads.ts";
import { inputOrder } from "../../../../src/local/jobs/answering/mix.ts";
import type { Job } from "../../../../src/local/jobs/job.ts";
import type { InputBlock, InputFile } from "../../../../src/local/jobs/read-input.ts";
import { readLineBlocks, splitLines } from "../../../../src/local/jobs/read-lines.ts";
import { simulatedAnswers } from "../../../../src/local/models/answers/answers.ts";
import { findModel } from "../../../../src/local/models/catalogue.ts";
import { claudeBody, haiku, makeInput } from "../../bedrock/job-bench.ts";
import { makeMemoryObjects } from "../../memory-objects.ts";

// The thread's own file is what is published: Node runs no TypeScript there.
const built = new URL("../../../../build/local/jobs/answering/answer-threads.js", import.meta.url).href;

const found = findModel("anthropic.claude-haiku-4-5-20251001-v1:0");
if (found === undefined) throw new Error("unknown model");
const model = found;

const makeJob = (): Job => ({
  ...{
    id: "abcdefghijkl",
    name: "job",
    arn: "arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/abcdefghijkl",
  },
  ...{
    region: "us-east-1",
    roleArn: "",
    modelArn: "",
    modelId: haiku,
    invocationType: "InvokeModel",
    timeoutHours: 24,
  },
  input: { s3Uri: "s3://bucket/in/a.jsonl", s3BucketOwner: "123456789012" },
  output: { s3Uri: "s3://bucket/out/", s3BucketOwner: "123456789012" },
  ...{ submittedAtMs: 0, seed: 7, tags: [], status: "InProgress", enteredAtMs: 0, lastModifiedAtMs: 0 },
  counts: { total: 0, success: 0, error: 0, inputTokens: 0, outputTokens: 0 },
});

/** Prompts of every kind: plain, of other scripts, with labels, with a schema, some that the model refuses. */
const recordCount = 3000;
const input = makeInput(recordCount, (index) => {
  const text = `Message: ${index} ${["late card", "naïve 遅延 😀", 'a "quoted"\nline', "заказ"][index % 4] ?? ""} `;
  const plain = text.repeat((index % 7) + 1);
  if (index % 11 === 0) return claudeBody(plain, { max_tokens: 0 });
  if (index % 5 === 0) return claudeBody(`Labels: refund, card_arrival, late_delivery.\n\n${plain}`);
  if (index % 3 === 0) return claudeBody(`Answer as JSON: {"mood":"good|bad","why":"..."}\n\n${plain}`);
  return claudeBody(plain);
});

async function prepare(): Promise<{ objects: ReturnType<typeof makeMemoryObjects>; file: InputFile }> {
  const objects = makeMemoryObjects();
  objects.addBucket("bucket", "us-east-1");
  objects.put("bucket", "in/a.jsonl", input);
  const blocks: InputBlock[] = [];
  let firstRecord = 0;
  for await (const { startByte, endByte, bytes } of readLineBlocks(objects.read("bucket", "in/a.jsonl"), 32 * 1024)) {
    const { length } = splitLines(bytes.toString("utf8"));
    blocks.push({ startByte, endByte, firstRecord, recordCount: length });
    firstRecord += length;
  }
  return { objects, file: { bucket: "bucket", key: "in/a.jsonl", recordCount, blocks } };
}

/** Answers a file. @param most so many records, until the job is stopped */
async function answerAll(threads: AnswerThreads | undefined, most = recordCount) {
  const { objects, file } = await prepare();
  const job = makeJob();
  let left = most;
  let aheadCount = 0;
  const chunks = answerFile(job, file, 0, {
    ...{ objects, files: [file], groupSize: 256, fault: undefined, outputKmsKey: undefined },
    noteProgress: () => undefined,
    pace: {
      take(wanted) {
        const granted = Math.min(left, wanted);
        left -= granted;
        return Promise.resolve(granted);
      },
      isOpen: () => true,
      end: () => undefined,
      abort: () => undefined,
    },
    answer: makeRecordAnswerer(job, {
      ...{ model, answers: simulatedAnswers, invokeProblem: undefined, faults: noFaults, journal: undefined },
      nowMs: () => 0,
      findMediaProblem: () => Promise.resolve(undefined),
    }),
    ahead:
      threads === undefined
        ? undefined
        : {
            hasRoom: () => threads.hasRoom(),
            answer(firstRecord, order, read) {
              aheadCount++;
              return threads.answer(async () => makeTask({ job, bytes: await read(), firstRecord, order }));
            },
          },
  });
  const written: Uint8Array[] = [];
  for await (const chunk of chunks) written.push(chunk);
  return { text: Buffer.concat(written).toString("utf8"), counts: job.counts, aheadCount };
}

const makeTask = (task: Pick<BlockTask, "job" | "bytes" | "firstRecord" | "order">): BlockTask => ({
  ...task,
  ...{ model, invokeProblem: undefined, nowMs: 0 },
});

describe("a job whose blocks are answered in threads", () => {
  let threads: AnswerThreads;
  let release: () => void;
  beforeAll(async () => {
    const module = (await import(built)) as { makeAnswerThreads: typeof makeAnswerThreads };
    threads = module.makeAnswerThreads(() => undefined);
    release = threads.hold();
    await vi.waitUntil(() => threads.hasRoom(), 20_000);
  });
  afterAll(() => release());

  it("has the same bytes in the same order and the same counts as without", async () => {
    const here = await answerAll(undefined);
    const there = await answerAll(threads);
    expect(there.aheadCount).toBeGreaterThan(5);
    expect(there.text).toBe(here.text);
    expect(there.counts).toEqual(here.counts);
    expect(here.counts.error).toBeGreaterThan(200);
    expect(here.text.trimEnd().split("\n")).toHaveLength(recordCount);
  });

  it("counts and writes only what its pace has come to when it is stopped", async () => {
    const here = await answerAll(undefined, 1234);
    const there = await answerAll(threads, 1234);
    expect(there.text).toBe(here.text);
    expect(there.counts).toEqual(here.counts);
    expect(there.counts.success + there.counts.error).toBe(1234);
  });

  it("gets back a block with media in S3, and one whose lines are not those of its index", async () => {
    const ask = (text: string, count: number) =>
      threads.answer(() =>
        Promise.resolve(
          makeTask({ job: makeJob(), bytes: Buffer.from(text), firstRecord: 0, order: inputOrder(count) }),
        ),
      );
    const line = JSON.stringify({ recordId: "a", modelInput: claudeBody("Hi") });
    const media = JSON.stringify({
      recordId: "a",
      modelInput: { image: { source: { s3Location: { uri: "s3://x" } } } },
    });
    expect(await ask(`${line}\n${media}`, 2)).toBeUndefined();
    expect(await ask(line, 2)).toBeUndefined();
    const answered = await ask(`${line}\n${line}`, 2);
    if (answered === undefined) throw new Error("it was not answered");
    const job = makeJob();
    const last = takeRecords(answered, 1, 1, job);
    expect(JSON.parse(Buffer.from(last).toString("utf8"))).toMatchObject({ recordId: "a" });
    expect(job.counts.success).toBe(1);
  });
});

describe("threads", () => {
  it("are done without where they cannot be started", async () => {
    const log = vi.fn();
    // Beside the TypeScript there is no answer-worker.js.
    const threads = makeAnswerThreads(log);
    onTestFinished(threads.hold());
    await vi.waitUntil(() => log.mock.calls.length > 0, 20_000);
    expect(threads.hasRoom()).toBe(false);
    expect(await threads.answer(() => Promise.reject(new Error("nothing is read")))).toBeUndefined();
  });
});
