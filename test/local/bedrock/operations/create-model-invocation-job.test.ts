import {
  CreateModelInvocationJobCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-bedrock";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeQuotas, parseQuotaSetting } from "../../../../src/local/models/quotas.ts";
import { account } from "../../bench.ts";
import { haiku, type JobBench, jobInput, makeInput, makeJobBench, minuteMs } from "../job-bench.ts";

let jobs: JobBench;
beforeEach(async () => {
  jobs = await makeJobBench({ quotas: makeQuotas([parseQuotaSetting("jobs-in-flight=3")]) });
  jobs.bench.objects.put("bucket", "in/a.jsonl", makeInput(100));
});
afterEach(() => jobs.close());

const refusal = (name: string, status: number, message?: string | RegExp) =>
  expect.objectContaining({
    name,
    $metadata: expect.objectContaining({ httpStatusCode: status }) as unknown,
    ...(message !== undefined && {
      message: typeof message === "string" ? message : (expect.stringMatching(message) as unknown),
    }),
  });

describe("a job's name", () => {
  it("is used once, also by a job that failed", async () => {
    await jobs.finish({
      jobName: "nightly",
      inputDataConfig: { s3InputDataConfig: { s3Uri: "s3://bucket/none.jsonl" } },
    });
    await expect(jobs.create({ jobName: "nightly" })).rejects.toEqual(
      refusal("ConflictException", 400, "The provided job name is currently in use."),
    );
  });

  it("may be used in another region", async () => {
    await jobs.create({ jobName: "nightly" });
    const other = jobs.clientOf("us-west-2");
    await expect(
      other.send(new CreateModelInvocationJobCommand(jobInput({ jobName: "nightly" }))),
    ).resolves.toHaveProperty("jobArn");
  });

  it("is refused where its row of hyphens would take AWS's pattern an age", async () => {
    await expect(jobs.create({ jobName: `a${"-".repeat(60)}_` })).rejects.toEqual(
      refusal(
        "ValidationException",
        400,
        /^1 validation error detected: Value 'a-+_' at 'jobName' failed to satisfy constraint: Member must satisfy regular expression pattern: /,
      ),
    );
  });
});

describe("a client's token", () => {
  it("answers with the first job again, whatever else is sent", async () => {
    const first = await jobs.create({ clientRequestToken: "token-1" });
    expect(await jobs.create({ clientRequestToken: "token-1" })).toBe(first);
    expect(await jobs.create({ clientRequestToken: "token-1", jobName: "another" })).toBe(first);
    expect(await jobs.create({ clientRequestToken: "token-2" })).not.toBe(first);
  });
});

describe("two requests at once", () => {
  it("make one job of one token, and one job of one name", async () => {
    const arns = await Promise.all(
      Array.from({ length: 8 }, () => jobs.create({ clientRequestToken: "same", jobName: "same" })),
    );
    expect(new Set(arns).size).toBe(1);
    const settled = await Promise.allSettled(Array.from({ length: 8 }, () => jobs.create({ jobName: "unique" })));
    expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });
});

describe("jobs in flight", () => {
  it("are counted per base model, and only an end frees a place", async () => {
    const sonnet = "us.anthropic.claude-sonnet-4-6";
    await jobs.create();
    await jobs.create({ modelId: haiku.replace("us.", "global.") });
    await jobs.create();
    await expect(jobs.create()).rejects.toEqual(
      refusal(
        "ServiceQuotaExceededException",
        400,
        /reached the quota for number of concurrent invoke-model jobs in progress\.$/,
      ),
    );
    await expect(jobs.create({ modelId: sonnet })).resolves.toBeTypeOf("string");
    await jobs.step(60 * minuteMs);
    await expect(jobs.create()).resolves.toBeTypeOf("string");
  });
});

describe("the model", () => {
  const refused: readonly [string, string, string][] = [
    ["anthropic.claude-sonnet-5", "us-east-1", "Batch inference is not supported for the requested model."],
    ["us.anthropic.claude-sonnet-5", "us-east-1", "Batch inference is not supported for the requested model."],
    ["moonshotai.kimi-k3", "us-east-1", "Batch inference is not supported for the requested model."],
    [
      "amazon.nova-lite-v1:0",
      "us-west-2",
      "Batch inference is not supported for model amazon.nova-lite-v1:0 in region us-west-2",
    ],
    ["anthropic.claude-nonsense-9", "us-east-1", "The provided model identifier is invalid."],
    ["sonnet", "us-east-1", "The provided model identifier is invalid."],
    ["xx.anthropic.claude-opus-5", "us-east-1", "The provided model identifier is invalid."],
  ];
  it.each(refused)("%s in %s is refused: %s", async (modelId, region, message) => {
    await expect(
      jobs.clientOf(region).send(new CreateModelInvocationJobCommand(jobInput({ modelId }))),
    ).rejects.toEqual(refusal("ValidationException", 400, message));
  });

  it.each([
    "us.openai.gpt-5.6-sol",
    "eu.deepseek.v3.2",
    `arn:aws:bedrock:us-east-1:${account}:provisioned-model/abcdefghij12`,
  ])("%s does not even fit the pattern", async (modelId) => {
    await expect(jobs.create({ modelId })).rejects.toEqual(
      refusal("ValidationException", 400, /at 'modelId' failed to satisfy constraint/),
    );
  });

  const accepted: readonly [string, string][] = [
    ["amazon.nova-micro-v1:0", "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-micro-v1:0"],
    [
      "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-micro-v1:0",
      "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-micro-v1:0",
    ],
    [haiku, `arn:aws:bedrock:us-east-1:${account}:inference-profile/${haiku}`],
    [
      `arn:aws:bedrock:us-east-1:${account}:inference-profile/${haiku}`,
      `arn:aws:bedrock:us-east-1:${account}:inference-profile/${haiku}`,
    ],
    [
      "global.anthropic.claude-opus-5",
      `arn:aws:bedrock:us-east-1:${account}:inference-profile/global.anthropic.claude-opus-5`,
    ],
  ];
  it.each(accepted)("%s comes back as %s", async (modelId, arn) => {
    expect((await jobs.get(await jobs.create({ modelId }))).modelId).toBe(arn);
  });

  it("that only profiles reach is taken by its bare id, and every record fails", async () => {
    const done = await jobs.finish({ modelId: "anthropic.claude-haiku-4-5-20251001-v1:0" });
    expect(done).toMatchObject({ status: "Completed", successRecordCount: 0, errorRecordCount: 100 });
    expect(jobs.output(done.jobArn ?? "")[0]?.error).toEqual({
      errorCode: 400,
      errorMessage:
        "Invocation of model ID anthropic.claude-haiku-4-5-20251001-v1:0 with on-demand throughput isn’t supported. Retry your request with the ID or ARN of an inference profile that contains this model.",
    });
  });

  it("under a profile of another geography is taken, and every record fails", async () => {
    const done = await jobs.finish({ modelId: haiku.replace("us.", "eu.") });
    expect(done).toMatchObject({ status: "Completed", successRecordCount: 0, errorRecordCount: 100 });
    expect(jobs.output(done.jobArn ?? "")[0]?.error?.errorMessage).toBe("The provided model identifier is invalid.");
  });
});

describe("a profile of a region", () => {
  it("that has no batch there is refused; in a region of the batch list it is taken", async () => {
    const modelId = "global.anthropic.claude-sonnet-4-5-20250929-v1:0";
    const inRegion = async (region: string): Promise<string | undefined> =>
      (await jobs.clientOf(region).send(new CreateModelInvocationJobCommand(jobInput({ modelId })))).jobArn;
    await expect(inRegion("ap-southeast-7")).rejects.toEqual(
      refusal("ValidationException", 400, /not supported for model global\..* in region ap-southeast-7/),
    );
    expect(await inRegion("mx-central-1")).toContain(":mx-central-1:");
  });
});

describe("the role", () => {
  it("must be of the same account", async () => {
    await expect(jobs.create({ roleArn: "arn:aws:iam::210987654321:role/BatchRole" })).rejects.toEqual(
      refusal("AccessDeniedException", 403, "Cross-account pass role is not allowed."),
    );
  });

  it("is looked at before the model", async () => {
    await expect(
      jobs.create({ roleArn: "arn:aws:iam::210987654321:role/BatchRole", modelId: "anthropic.claude-sonnet-5" }),
    ).rejects.toEqual(refusal("AccessDeniedException", 403));
  });
});

describe("what a job keeps", () => {
  it("is given back: VPC, KMS, timeout, expiry, type", async () => {
    const arn = await jobs.create({
      vpcConfig: { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] },
      outputDataConfig: {
        s3OutputDataConfig: {
          s3Uri: "s3://bucket/out",
          s3EncryptionKeyId: "alias/mine",
          s3BucketOwner: "111122223333",
        },
      },
      inputDataConfig: { s3InputDataConfig: { s3Uri: "s3://bucket/in/a.jsonl", s3InputFormat: "JSONL" } },
      timeoutDurationInHours: 72,
      modelInvocationType: "Converse",
      clientRequestToken: "token-9",
    });
    expect(await jobs.get(arn)).toMatchObject({
      vpcConfig: { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] },
      outputDataConfig: {
        s3OutputDataConfig: {
          s3Uri: "s3://bucket/out",
          s3EncryptionKeyId: "alias/mine",
          s3BucketOwner: "111122223333",
        },
      },
      inputDataConfig: {
        s3InputDataConfig: { s3Uri: "s3://bucket/in/a.jsonl", s3InputFormat: "JSONL", s3BucketOwner: account },
      },
      timeoutDurationInHours: 72,
      modelInvocationType: "Converse",
      clientRequestToken: "token-9",
      submitTime: new Date("2026-11-21T09:00:00.123Z"),
      jobExpirationTime: new Date("2026-11-24T09:00:00.123Z"),
    });
  });

  it("has defaults for what was not sent", async () => {
    expect(await jobs.get(await jobs.create())).toMatchObject({
      timeoutDurationInHours: 24,
      modelInvocationType: "InvokeModel",
    });
  });

  it("has tags, which only ListTagsForResource shows", async () => {
    const arn = await jobs.create({ tags: [{ key: "team", value: "audit" }] });
    const list = async () => (await jobs.client.send(new ListTagsForResourceCommand({ resourceARN: arn }))).tags;
    expect(await list()).toEqual([{ key: "team", value: "audit" }]);
    await jobs.client.send(
      new TagResourceCommand({
        resourceARN: arn,
        tags: [
          { key: "team", value: "risk" },
          { key: "year", value: "2026" },
        ],
      }),
    );
    expect(await list()).toEqual([
      { key: "team", value: "risk" },
      { key: "year", value: "2026" },
    ]);
    await jobs.client.send(new UntagResourceCommand({ resourceARN: arn, tagKeys: ["team", "never"] }));
    expect(await list()).toEqual([{ key: "year", value: "2026" }]);
    expect(await jobs.get(arn)).not.toHaveProperty("tags");
  });

  it("has at most fifty tags", async () => {
    const tags = Array.from({ length: 51 }, (_, index) => ({ key: `k${index}`, value: "" }));
    await expect(jobs.create({ tags })).rejects.toEqual(refusal("TooManyTagsException", 400));
    const arn = await jobs.create({ tags: tags.slice(0, 50) });
    await expect(jobs.client.send(new TagResourceCommand({ resourceARN: arn, tags: tags.slice(50) }))).rejects.toEqual(
      refusal("TooManyTagsException", 400),
    );
  });

  it("is not found under an unknown ARN", async () => {
    const resourceARN = `arn:aws:bedrock:us-east-1:${account}:model-invocation-job/zzzzzzzzzzzz`;
    await expect(jobs.client.send(new ListTagsForResourceCommand({ resourceARN }))).rejects.toEqual(
      refusal("ResourceNotFoundException", 404),
    );
  });
});

it("reports every violation at once, with the type in a header", async () => {
  const response = await fetch(`${jobs.door.url}/model-invocation-job`, {
    method: "POST",
    body: JSON.stringify({ ...jobInput({ jobName: "a_b" }), roleArn: "role", timeoutDurationInHours: 1 }),
  });
  expect(response.status).toBe(400);
  expect(response.headers.get("x-amzn-errortype")).toBe(
    "ValidationException:http://internal.amazon.com/coral/com.amazon.bedrock/",
  );
  expect(response.headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f-]{36}$/);
  expect(await response.json()).toEqual({
    message:
      "3 validation errors detected: Value 'a_b' at 'jobName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9]{1,63}(-*[a-zA-Z0-9\\+\\-\\.]){0,63}; " +
      "Value 'role' at 'roleArn' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:aws(-[^:]+)?:iam::([0-9]{12})?:role/.+; " +
      "Value '1' at 'timeoutDurationInHours' failed to satisfy constraint: Member must have value greater than or equal to 24",
  });
});

it("refuses a body that is no JSON", async () => {
  const response = await fetch(`${jobs.door.url}/model-invocation-job`, { method: "POST", body: "{" });
  expect(response.status).toBe(400);
  expect(response.headers.get("x-amzn-errortype")).toMatch(/^SerializationException:/);
});

it("answers a prefix that is not there as it answers any other, for nothing is read yet", async () => {
  const arn = await jobs.create({ inputDataConfig: { s3InputDataConfig: { s3Uri: "s3://nowhere/none/" } } });
  await jobs.step(60 * minuteMs);
  expect(await jobs.get(arn)).toMatchObject({
    status: "Failed",
    message: "Could not validate ListBucket permissions for S3URI: s3://nowhere/none/",
    totalRecordCount: 0,
  });
});
