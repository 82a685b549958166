import {
  BedrockClient,
  CreateModelInvocationJobCommand,
  GetModelInvocationJobCommand,
  paginateListModelInvocationJobs,
} from "@aws-sdk/client-bedrock";
import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeSteppedClock, type SteppedClock } from "../../../src/local/clock.ts";
import { type LocalServer, startLocal } from "../../../src/local/start-local.ts";
import { credentials, startMs } from "../bench.ts";
import { haiku, jobInput, makeInput } from "./job-bench.ts";

let local: LocalServer<SteppedClock>;
let bedrock: BedrockClient;
let s3: S3Client;
beforeAll(async () => {
  local = await startLocal({ clock: makeSteppedClock(startMs), seed: 1, quotas: ["jobs-in-flight=300"] });
  const base = { endpoint: local.url, region: "us-east-1", credentials };
  bedrock = new BedrockClient(base);
  s3 = new S3Client(base);
  await s3.send(new CreateBucketCommand({ Bucket: "bucket" }));
});
afterAll(async () => {
  bedrock.destroy();
  s3.destroy();
  await local.close();
});

const dayMs = 86_400_000;
const settle = async (): Promise<void> => {
  for (let hour = 0; hour < 24; hour++) {
    local.clock.advance(dayMs / 24);
    await local.whenIdle();
  }
};

it("runs two hundred jobs of a thousand records at once, while a hundred clients see lists that are whole", async () => {
  await s3.send(new PutObjectCommand({ Bucket: "bucket", Key: "in/a.jsonl", Body: makeInput(1000) }));
  const arns = await Promise.all(
    Array.from(
      { length: 200 },
      async (_, index) =>
        (await bedrock.send(new CreateModelInvocationJobCommand(jobInput({ jobName: `many-${index}` })))).jobArn,
    ),
  );
  expect(new Set(arns).size).toBe(200);
  const listing = Promise.all(
    Array.from({ length: 100 }, async (_, index) => {
      const names = new Set<string>();
      for await (const page of paginateListModelInvocationJobs(
        { client: bedrock, pageSize: 30 + index },
        { nameContains: "many" },
      )) {
        for (const { jobName } of page.invocationJobSummaries ?? []) names.add(jobName ?? "");
      }
      return names.size;
    }),
  );
  await settle();
  expect(new Set(await listing)).toEqual(new Set([200]));
  const done = await Promise.all(
    arns.map((jobIdentifier) => bedrock.send(new GetModelInvocationJobCommand({ jobIdentifier }))),
  );
  expect(new Set(done.map(({ status, successRecordCount }) => `${status} ${successRecordCount}`))).toEqual(
    new Set(["Completed 1000"]),
  );
}, 120_000);

it("runs a job of a hundred thousand records, whose lines, manifest and metrics agree", async () => {
  await s3.send(new PutObjectCommand({ Bucket: "bucket", Key: "large/a.jsonl", Body: makeInput(100_000) }));
  const { jobArn = "" } = await bedrock.send(
    new CreateModelInvocationJobCommand(
      jobInput({ inputDataConfig: { s3InputDataConfig: { s3Uri: "s3://bucket/large/a.jsonl" } } }),
    ),
  );
  await settle();
  const read = async (name: string): Promise<string> => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: "bucket", Key: `out/${jobArn.slice(-12)}/${name}` }));
    return (await Body?.transformToString()) ?? "";
  };
  const lines = (await read("a.jsonl.out")).trimEnd().split("\n");
  const seen = new Set<string>();
  let outputTokens = 0;
  for (const line of lines) {
    const { recordId, modelOutput } = JSON.parse(line) as {
      recordId: string;
      modelOutput: { usage: { output_tokens: number } };
    };
    seen.add(recordId);
    outputTokens += modelOutput.usage.output_tokens;
  }
  expect(seen.size).toBe(100_000);
  expect(JSON.parse(await read("manifest.json.out"))).toMatchObject({
    totalRecordCount: 100_000,
    successRecordCount: 100_000,
    outputTokenCount: outputTokens,
  });
  const metrics = new CloudWatchClient({ endpoint: local.url, region: "us-east-1", credentials });
  const { Datapoints = [] } = await metrics.send(
    new GetMetricStatisticsCommand({
      Namespace: "AWS/Bedrock/Batch",
      MetricName: "NumberOfOutputTokensProcessedPerMinute",
      Dimensions: [{ Name: "ModelId", Value: haiku }],
      Period: 3600,
      Statistics: ["Sum"],
      StartTime: new Date(startMs + dayMs),
      EndTime: new Date(startMs + 3 * dayMs),
    }),
  );
  expect(Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0)).toBe(outputTokens);
  metrics.destroy();
}, 120_000);
