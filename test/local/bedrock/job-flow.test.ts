import {
  BedrockClient,
  CreateModelInvocationJobCommand,
  type CreateModelInvocationJobCommandInput,
  GetModelInvocationJobCommand,
  ListModelInvocationJobsCommand,
  StopModelInvocationJobCommand,
} from "@aws-sdk/client-bedrock";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type BedrockService, makeBedrockService } from "../../../src/local/bedrock/service.ts";
import { account, type Bench, credentials, type Door, makeBench, openDoor, removeBench } from "../bench.ts";

const model = "us.anthropic.claude-haiku-4-5-20251001-v1:0";
const minuteMs = 60_000;
const durations = {
  submittedMs: minuteMs,
  validatingMs: minuteMs,
  scheduledMs: 3 * minuteMs,
  inProgressMs: 10 * minuteMs,
  perRecordMs: 0,
};

let bench: Bench;
let service: BedrockService;
let door: Door;
let client: BedrockClient;

beforeEach(async () => {
  bench = await makeBench();
  service = makeBedrockService(bench.world, { durations });
  door = await openDoor([service]);
  client = new BedrockClient({ endpoint: door.url, region: "us-east-1", credentials, maxAttempts: 1 });
});
afterEach(async () => {
  client.destroy();
  await service.close();
  await door.close();
  await removeBench(bench);
});

const body = (text: string) => ({
  anthropic_version: "bedrock-2023-05-31",
  max_tokens: 100,
  messages: [{ role: "user", content: text }],
});
const makeLines = (count: number): string =>
  Array.from({ length: count }, (_, index) =>
    JSON.stringify({ recordId: `rec_${index}`, modelInput: body(`No. ${index}`) }),
  ).join("\n");

const job = (more: Partial<CreateModelInvocationJobCommandInput> = {}): CreateModelInvocationJobCommandInput => ({
  jobName: "nightly-01",
  roleArn: `arn:aws:iam::${account}:role/BatchRole`,
  modelId: model,
  inputDataConfig: { s3InputDataConfig: { s3Uri: "s3://bucket/in/a.jsonl" } },
  outputDataConfig: { s3OutputDataConfig: { s3Uri: "s3://bucket/out/" } },
  ...more,
});
const create = async (more: Partial<CreateModelInvocationJobCommandInput> = {}): Promise<string> => {
  const { jobArn } = await client.send(new CreateModelInvocationJobCommand(job(more)));
  return jobArn ?? "";
};
const get = (jobIdentifier: string) => client.send(new GetModelInvocationJobCommand({ jobIdentifier }));
const step = async (byMs: number): Promise<void> => {
  bench.clock.advance(byMs);
  await service.whenIdle();
};

describe("the life of a job", () => {
  it("goes through every state in its time and ends as Completed", async () => {
    bench.objects.put("bucket", "in/a.jsonl", makeLines(500));
    const arn = await create();
    expect(arn).toMatch(/^arn:aws:bedrock:us-east-1:123456789012:model-invocation-job\/[a-z0-9]{12}$/);
    const seen = [(await get(arn)).status];
    for (let minute = 0; minute < 16; minute++) {
      await step(minuteMs);
      const { status } = await get(arn);
      if (status !== seen.at(-1)) seen.push(status);
    }
    expect(seen).toEqual(["Submitted", "Validating", "Scheduled", "InProgress", "Completed"]);
    const done = await get(arn);
    expect(done).toMatchObject({
      totalRecordCount: 500,
      processedRecordCount: 500,
      successRecordCount: 500,
      errorRecordCount: 0,
    });
    expect(done.endTime?.toISOString()).toBe("2026-11-21T09:15:00.123Z");
  });

  it("counts records as they are answered", async () => {
    bench.objects.put("bucket", "in/a.jsonl", makeLines(500));
    const arn = await create();
    await step(4 * minuteMs);
    expect(await get(arn)).toMatchObject({ status: "Scheduled", totalRecordCount: 0 });
    await step(5 * minuteMs);
    await step(1);
    expect(await get(arn)).toMatchObject({ status: "InProgress", totalRecordCount: 500, processedRecordCount: 200 });
  });

  it("ends the same way when the clock jumps over all of it", async () => {
    bench.objects.put("bucket", "in/a.jsonl", makeLines(100));
    const arn = await create();
    await step(23 * 60 * minuteMs);
    expect(await get(arn)).toMatchObject({ status: "Completed", endTime: new Date("2026-11-21T09:15:00.123Z") });
  });

  it("writes what was answered when it is stopped", async () => {
    bench.objects.put("bucket", "in/a.jsonl", makeLines(500));
    const arn = await create();
    await step(5 * minuteMs);
    await step(6 * minuteMs);
    await client.send(new StopModelInvocationJobCommand({ jobIdentifier: arn }));
    expect((await get(arn)).status).toBe("Stopping");
    await service.whenIdle();
    await step(2 * minuteMs);
    expect(await get(arn)).toMatchObject({ status: "Stopped", totalRecordCount: 500, processedRecordCount: 300 });
    const id = arn.slice(-12);
    expect(bench.objects.text("bucket", `out/${id}/a.jsonl.out`)?.trimEnd().split("\n")).toHaveLength(300);
    expect(JSON.parse(bench.objects.text("bucket", `out/${id}/manifest.json.out`) ?? "")).toMatchObject({
      totalRecordCount: 500,
      processedRecordCount: 300,
    });
    await expect(client.send(new StopModelInvocationJobCommand({ jobIdentifier: arn }))).rejects.toMatchObject({
      name: "ConflictException",
      $metadata: { httpStatusCode: 400 },
    });
  });

  it("fails in validation with too few records, in AWS's words", async () => {
    bench.objects.put("bucket", "in/a.jsonl", makeLines(99));
    const arn = await create();
    await step(5 * minuteMs);
    expect(await get(arn)).toMatchObject({
      status: "Failed",
      message: `Batch job ${arn} contains less records (99) than the required minimum of: 100`,
    });
  });
});

describe("the output", () => {
  it("has a line per record, compact, in another order, and a manifest", async () => {
    bench.objects.put("bucket", "in/a.jsonl", `${makeLines(150)}\n`);
    const arn = await create();
    await step(60 * minuteMs);
    const id = arn.slice(-12);
    expect(bench.objects.keys("bucket")).toEqual([
      "in/a.jsonl",
      `out/${id}/a.jsonl.out`,
      `out/${id}/manifest.json.out`,
    ]);
    const text = bench.objects.text("bucket", `out/${id}/a.jsonl.out`) ?? "";
    expect(text.endsWith("\n")).toBe(true);
    const lines = text.trimEnd().split("\n");
    const ids = lines.map((line) => (JSON.parse(line) as { recordId: string }).recordId);
    expect(new Set(ids).size).toBe(150);
    expect(ids).not.toEqual(Array.from({ length: 150 }, (_, index) => `rec_${index}`));
    expect(lines[0]).toMatch(
      /^\{"modelInput":\{"anthropic_version".*\},"modelOutput":\{"id":"msg_bdrk_\w{24}","type":"message","role":"assistant","model":"claude-haiku-4-5-20251001".*\},"recordId":"rec_\d+"\}$/,
    );
    const sums = lines.map(
      (line) =>
        (JSON.parse(line) as { modelOutput: { usage: { input_tokens: number; output_tokens: number } } }).modelOutput
          .usage,
    );
    expect(bench.objects.text("bucket", `out/${id}/manifest.json.out`)).toBe(
      JSON.stringify({
        totalRecordCount: 150,
        processedRecordCount: 150,
        successRecordCount: 150,
        errorRecordCount: 0,
        inputTokenCount: sums.reduce((sum, usage) => sum + usage.input_tokens, 0),
        outputTokenCount: sums.reduce((sum, usage) => sum + usage.output_tokens, 0),
      }),
    );
    expect(bench.objects.written[0]).toBe("out/.write_access_check_file.tmp");
  });
});

describe("ListModelInvocationJobs", () => {
  it("gives the newest first, with the full ARN of the model and the owner filled in", async () => {
    bench.objects.put("bucket", "in/a.jsonl", makeLines(100));
    await create({ jobName: "first" });
    bench.clock.advance(1000);
    await create({ jobName: "second", modelId: "amazon.nova-micro-v1:0" });
    const { invocationJobSummaries: jobs = [] } = await client.send(new ListModelInvocationJobsCommand({}));
    expect(jobs.map(({ jobName }) => jobName)).toEqual(["second", "first"]);
    expect(jobs[0]?.modelId).toBe("arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-micro-v1:0");
    expect(jobs[1]?.modelId).toBe(`arn:aws:bedrock:us-east-1:${account}:inference-profile/${model}`);
    expect(jobs[0]?.inputDataConfig?.s3InputDataConfig).toEqual({
      s3Uri: "s3://bucket/in/a.jsonl",
      s3BucketOwner: account,
    });
  });
});
