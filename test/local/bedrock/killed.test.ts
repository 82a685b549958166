import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import {
  BedrockClient,
  CreateModelInvocationJobCommand,
  GetModelInvocationJobCommand,
  type GetModelInvocationJobCommandOutput,
} from "@aws-sdk/client-bedrock";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, expect, it } from "vitest";
import { credentials } from "../bench.ts";
import { jobInput, makeInput } from "./job-bench.ts";

/** The built service in a process of its own: a job takes two seconds, or 20 minutes of its time. */
const script = `
  const { startLocal } = await import(${JSON.stringify(new URL("../../../dist/local/index.js", import.meta.url).href)});
  const durations = { submittedMs: 0, validatingMs: 0, scheduledMs: 0, inProgressMs: 1_200_000, perRecordMs: 0 };
  const local = await startLocal({ dataDir: process.argv[1], speed: 600, durations });
  console.log(local.url);
`;

let dataDir: string;
let child: ChildProcess | undefined;
const start = async (): Promise<{ bedrock: BedrockClient; s3: S3Client }> => {
  child = spawn(process.execPath, ["--input-type=module", "-e", script, dataDir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout ?? process.stdin });
  const endpoint = await new Promise<string>((resolve, reject) => {
    lines.once("line", resolve);
    child?.once("exit", (code) => reject(new Error(`the service ended with ${code}`)));
  });
  const base = { endpoint, region: "us-east-1", credentials };
  return { bedrock: new BedrockClient(base), s3: new S3Client(base) };
};
const kill = async (): Promise<void> => {
  const ended = new Promise((resolve) => child?.once("exit", resolve));
  child?.removeAllListeners("exit");
  const gone = new Promise((resolve) => child?.once("close", resolve));
  child?.kill("SIGKILL");
  await Promise.race([ended, gone]);
};

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "halfprice-killed-"));
});
afterEach(async () => {
  await kill();
  await rm(dataDir, { recursive: true, force: true });
});

/** Asks until it is so. */
const until = async (
  bedrock: BedrockClient,
  jobIdentifier: string,
  isSo: (job: GetModelInvocationJobCommandOutput) => boolean,
): Promise<GetModelInvocationJobCommandOutput> => {
  for (;;) {
    const job = await bedrock.send(new GetModelInvocationJobCommand({ jobIdentifier }));
    if (isSo(job)) return job;
  }
};

it("a job goes on in the next process when the service is killed in its middle", async () => {
  const first = await start();
  await first.s3.send(new CreateBucketCommand({ Bucket: "bucket" }));
  await first.s3.send(new PutObjectCommand({ Bucket: "bucket", Key: "in/a.jsonl", Body: makeInput(500) }));
  const { jobArn = "" } = await first.bedrock.send(
    new CreateModelInvocationJobCommand(jobInput({ jobName: "survivor" })),
  );
  const before = await until(first.bedrock, jobArn, ({ processedRecordCount = 0 }) => processedRecordCount > 100);
  expect(before.status).toBe("InProgress");
  await kill();

  const second = await start();
  const after = await until(second.bedrock, jobArn, ({ status }) => status !== "InProgress");
  expect(after).toMatchObject({ status: "Completed", successRecordCount: 500, submitTime: before.submitTime });
  expect(after.endTime?.getTime()).toBe((after.submitTime?.getTime() ?? 0) + 1_200_000);
  const { Contents = [] } = await second.s3.send(new ListObjectsV2Command({ Bucket: "bucket", Prefix: "out/" }));
  expect(Contents.map(({ Key }) => Key?.split("/")[2])).toEqual(["a.jsonl.out", "manifest.json.out"]);
  const { Body } = await second.s3.send(new GetObjectCommand({ Bucket: "bucket", Key: Contents[0]?.Key }));
  expect((await Body?.transformToString())?.trimEnd().split("\n")).toHaveLength(500);
  await expect(
    second.bedrock.send(new CreateModelInvocationJobCommand(jobInput({ jobName: "survivor" }))),
  ).rejects.toMatchObject({ name: "ConflictException" });
});
