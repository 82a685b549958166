import {
  BedrockClient,
  CreateModelInvocationJobCommand,
  ListModelInvocationJobsCommand,
} from "@aws-sdk/client-bedrock";
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterEach, describe, expect, it } from "vitest";
import { makeSteppedClock, type SteppedClock } from "../../../src/local/clock.ts";
import type { CallRule } from "../../../src/local/faults/fault-plan.ts";
import { callErrors } from "../../../src/local/faults/known-errors.ts";
import { type LocalServer, startLocal } from "../../../src/local/start-local.ts";
import { jobInput } from "../bedrock/job-bench.ts";
import { credentials, startMs } from "../bench.ts";

let local: LocalServer<SteppedClock>;
let bedrock: BedrockClient;
let s3: S3Client;
const open = async (...calls: CallRule[]): Promise<void> => {
  local = await startLocal({ clock: makeSteppedClock(startMs), faults: { calls } });
  const base = { endpoint: local.url, region: "us-east-1", credentials, maxAttempts: 1 };
  bedrock = new BedrockClient(base);
  s3 = new S3Client(base);
  await s3.send(new CreateBucketCommand({ Bucket: "bucket" }));
};
afterEach(async () => {
  bedrock.destroy();
  s3.destroy();
  await local.close();
});

const create = (jobName: string) => bedrock.send(new CreateModelInvocationJobCommand(jobInput({ jobName })));
const list = async (): Promise<(string | undefined)[]> =>
  ((await bedrock.send(new ListModelInvocationJobsCommand({}))).invocationJobSummaries ?? []).map(
    ({ jobName }) => jobName,
  );

describe("a call that is to fail", () => {
  const ofBedrock = Object.entries(callErrors).filter(([name]) => !name.startsWith("s3-"));
  it.each(ofBedrock)("fails as AWS fails: %s", async (name, { type, status, message }) => {
    await open({ operation: "CreateModelInvocationJob", times: 1, fault: name });
    await expect(create("a")).rejects.toMatchObject({ name: type, message, $metadata: { httpStatusCode: status } });
    await expect(create("a")).resolves.toHaveProperty("jobArn");
  });

  const ofS3 = Object.entries(callErrors).filter(([name]) => name.startsWith("s3-") && name !== "s3-wrong-region");
  it.each(ofS3)("fails as S3 fails: %s", async (name, { type, status }) => {
    await open({ operation: "PutObject", path: "bucket/part-2", fault: name });
    const put = (Key: string) => s3.send(new PutObjectCommand({ Bucket: "bucket", Key, Body: "x" }));
    await expect(put("part-1")).resolves.toBeDefined();
    await expect(put("part-2")).rejects.toMatchObject({ name: type, $metadata: { httpStatusCode: status } });
  });

  it("sends S3's caller to another region", async () => {
    await open({ operation: "GetObject", fault: "s3-wrong-region" });
    const response = await fetch(`${local.url}/bucket/key`);
    expect(response.status).toBe(301);
    expect(await response.text()).toContain("<Code>PermanentRedirect</Code>");
  });

  it("fails in the query protocol too, and on whatever a star matches", async () => {
    await open(
      { operation: "*CallerIdentity", fault: "expired-token" },
      { operation: "Head*", fault: "s3-access-denied" },
    );
    const sts = new STSClient({ endpoint: local.url, region: "us-east-1", credentials, maxAttempts: 1 });
    await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: "ExpiredTokenException" });
    await expect(s3.send(new HeadBucketCommand({ Bucket: "bucket" }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    });
    sts.destroy();
  });

  it("asks to be left alone for a while", async () => {
    await open({
      operation: "ListModelInvocationJobs",
      fault: { kind: "error", type: "ThrottlingException", status: 429, message: "Slow down", retryAfterSeconds: 7 },
    });
    const response = await fetch(`${local.url}/model-invocation-jobs`);
    expect(response.status).toBe(429);
    expect(response.headers.get("retry-after")).toBe("7");
  });

  it("is one of a burst, which the SDK's own retries outlast", async () => {
    await open({ operation: "ListModelInvocationJobs", times: 2, fault: "unavailable" });
    const patient = new BedrockClient({ endpoint: local.url, region: "us-east-1", credentials, maxAttempts: 3 });
    await expect(patient.send(new ListModelInvocationJobsCommand({}))).resolves.toBeDefined();
    patient.destroy();
  });
});

describe("a connection", () => {
  it("is reset before the call is done, or after, when the answer is lost and the job is there", async () => {
    await open(
      { operation: "CreateModelInvocationJob", times: 1, fault: { kind: "reset" } },
      { operation: "CreateModelInvocationJob", times: 1, fault: { kind: "lost-answer" } },
    );
    await expect(create("reset")).rejects.toThrow();
    expect(await list()).toEqual([]);
    await expect(create("lost")).rejects.toThrow();
    expect(await list()).toEqual(["lost"]);
  });
});

describe("an answer's body", () => {
  const get = async (): Promise<string> => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: "bucket", Key: "key" }));
    return (await Body?.transformToString()) ?? "";
  };
  const text = "0123456789".repeat(1000);
  const openWith = async (fault: CallRule["fault"]): Promise<void> => {
    await open({ operation: "GetObject", fault });
    await s3.send(new PutObjectCommand({ Bucket: "bucket", Key: "key", Body: text }));
  };

  it("is cut off", async () => {
    await openWith({ kind: "cut", afterBytes: 5000 });
    await expect(get()).rejects.toThrow();
  });

  it("has checksums of other bytes, or other bytes than its checksums, and the SDK sees it", async () => {
    await openWith({ kind: "wrong-checksum" });
    await expect(get()).rejects.toThrow(/checksum/i);
    await s3.send(new PutObjectCommand({ Bucket: "bucket", Key: "key", Body: text }));
    bedrock.destroy();
    s3.destroy();
    await local.close();
    await openWith({ kind: "corrupt" });
    await expect(get()).rejects.toThrow(/checksum/i);
  });

  it("comes slowly, and whole", async () => {
    await openWith({ kind: "slow", delayMs: 5, bytesPerSecond: 1_000_000 });
    expect(await get()).toBe(text);
  });

  it("of a list is cut as well", async () => {
    await open({ operation: "ListObjectsV2", fault: { kind: "cut", afterBytes: 10 } });
    await expect(s3.send(new ListObjectsV2Command({ Bucket: "bucket" }))).rejects.toThrow();
  });
});

describe("a service with a plan that cannot be used", () => {
  it("does not start", async () => {
    await open();
    await expect(startLocal({ faults: { calls: [{ fault: "nonsense" }] } })).rejects.toThrow(
      /calls\[0\]\.fault must be one of/,
    );
    await expect(startLocal({ quotas: ["records=5"] })).rejects.toThrow(/is not a quota/);
    await expect(startLocal({ answers: "ollama" })).rejects.toThrow(/is no answers setting/);
  });
});
