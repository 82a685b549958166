/** What a job's creator and its role must be allowed, and what is said when they are not. */
import {
  CreateModelInvocationJobCommand,
  type CreateModelInvocationJobCommandInput,
  GetModelInvocationJobCommand,
  StopModelInvocationJobCommand,
} from "@aws-sdk/client-bedrock";
import { PutRolePolicyCommand, UpdateAssumeRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  account,
  allow,
  type Clients,
  deny,
  type Enforced,
  enforce,
  policy,
  refusal,
  type Statement,
} from "./enforced.ts";

const minuteMs = 60_000;
const model = "anthropic.claude-haiku-4-5-20251001-v1:0";
const haiku = `us.${model}`;
const profile = `arn:aws:bedrock:us-east-1:${account}:inference-profile/${haiku}`;
const jobs = `arn:aws:bedrock:us-east-1:${account}:model-invocation-job/*`;
const roleArn = `arn:aws:iam::${account}:role/batch`;
const durations = {
  submittedMs: minuteMs,
  validatingMs: minuteMs,
  scheduledMs: minuteMs,
  inProgressMs: 10 * minuteMs,
  perRecordMs: 0,
  stoppingMs: minuteMs,
};

const condition = {
  StringEquals: { "aws:SourceAccount": account },
  ArnEquals: { "aws:SourceArn": jobs },
};
const trust: Statement = {
  Effect: "Allow",
  Principal: { Service: "bedrock.amazonaws.com" },
  Action: "sts:AssumeRole",
  Condition: condition,
};
const inAccount = { Condition: { StringEquals: { "aws:ResourceAccount": account } } };
const listing = allow("s3:ListBucket", "arn:aws:s3:::data", {
  Condition: { ...inAccount.Condition, StringLike: { "s3:prefix": "in/*" } },
});
const reading = allow("s3:GetObject", "arn:aws:s3:::data/in/*", inAccount);
const writing = allow("s3:PutObject", "arn:aws:s3:::data/out/*", inAccount);
const invokingProfile = allow("bedrock:InvokeModel", profile);
const invokingModels = allow("bedrock:InvokeModel", `arn:aws:bedrock:*::foundation-model/${model}`);
const sound = [listing, reading, writing, invokingProfile, invokingModels];
const passing = allow("iam:PassRole", roleArn, {
  Condition: { StringEquals: { "iam:PassedToService": "bedrock.amazonaws.com" } },
});
const creating = [
  allow(
    ["bedrock:CreateModelInvocationJob", "bedrock:GetModelInvocationJob", "bedrock:StopModelInvocationJob"],
    [jobs, profile],
  ),
  passing,
];

let service: Enforced;
let caller: Clients;
let count = 0;
beforeAll(async () => {
  service = await enforce({ durations });
  await service.admin.s3.send(new CreateBucketCommand({ Bucket: "data" }));
  const line = (index: number): string =>
    JSON.stringify({
      recordId: `rec_${index}`,
      modelInput: {
        anthropic_version: "bedrock-2023-05-31",
        max_tokens: 10,
        messages: [{ role: "user", content: `No. ${index}` }],
      },
    });
  const Body = Array.from({ length: 100 }, (_, index) => line(index)).join("\n");
  await service.admin.s3.send(new PutObjectCommand({ Bucket: "data", Key: "in/a.jsonl", Body }));
  await service.makeRole("batch", trust);
  caller = await service.makeUser("caller", ...creating);
});
afterAll(() => service.close());

const jobInput = (more: Partial<CreateModelInvocationJobCommandInput> = {}): CreateModelInvocationJobCommandInput => ({
  jobName: `job-${count++}`,
  roleArn,
  modelId: haiku,
  inputDataConfig: { s3InputDataConfig: { s3Uri: "s3://data/in/a.jsonl" } },
  outputDataConfig: { s3OutputDataConfig: { s3Uri: "s3://data/out/" } },
  ...more,
});
const create = async (more: Partial<CreateModelInvocationJobCommandInput> = {}): Promise<string> =>
  (await caller.bedrock.send(new CreateModelInvocationJobCommand(jobInput(more)))).jobArn ?? "";
const get = (jobIdentifier: string) => service.admin.bedrock.send(new GetModelInvocationJobCommand({ jobIdentifier }));
const setRole = async (statements: readonly Statement[], trusted: Statement = trust): Promise<void> => {
  const role = { RoleName: "batch", PolicyName: "work", PolicyDocument: policy(...statements) };
  await service.admin.iam.send(new PutRolePolicyCommand(role));
  await service.admin.iam.send(
    new UpdateAssumeRolePolicyCommand({ RoleName: "batch", PolicyDocument: policy(trusted) }),
  );
};
const step = async (byMs: number): Promise<void> => {
  service.local.clock.advance(byMs);
  await service.local.whenIdle();
};
const finish = async (more: Partial<CreateModelInvocationJobCommandInput> = {}) => {
  const arn = await create(more);
  await step(60 * minuteMs);
  return await get(arn);
};

describe("creating a job", () => {
  const denied = (action: string, resource: string): string =>
    `User: arn:aws:iam::${account}:user/caller is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;

  it("takes the right to create it, on the profile and on jobs", async () => {
    await service.setUser("caller", passing);
    expect(await refusal(create())).toEqual({
      name: "AccessDeniedException",
      status: 403,
      message: denied("bedrock:CreateModelInvocationJob", profile),
    });
    await service.setUser("caller", passing, allow("bedrock:CreateModelInvocationJob", profile));
    expect((await refusal(create())).message).toBe(denied("bedrock:CreateModelInvocationJob", jobs));
    await service.setUser("caller", ...creating);
  });

  it("takes PassRole on this role to this service", async () => {
    const other = allow("iam:PassRole", roleArn, {
      Condition: { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } },
    });
    for (const pass of [deny("s3:*"), other, allow("iam:PassRole", `${roleArn}2`)]) {
      await service.setUser("caller", ...creating.slice(0, 1), pass);
      expect((await refusal(create())).message).toBe(denied("iam:PassRole", roleArn));
    }
    await service.setUser("caller", ...creating);
  });

  it("refuses another account's role first, then the caller, then the model", async () => {
    const foreign = { roleArn: "arn:aws:iam::999999999999:role/batch", modelId: "amazon.nova-canvas-v1:0" };
    await service.setUser("caller", deny("s3:*"));
    expect((await refusal(create(foreign))).message).toBe("Cross-account pass role is not allowed.");
    expect((await refusal(create({ modelId: foreign.modelId }))).name).toBe("AccessDeniedException");
    await service.setUser("caller", allow("*"));
    expect((await refusal(create({ modelId: foreign.modelId }))).name).toBe("ValidationException");
    await service.setUser("caller", ...creating);
  });

  it("with tags takes the right to tag", async () => {
    expect((await refusal(create({ tags: [{ key: "a", value: "b" }] }))).message).toBe(
      denied("bedrock:TagResource", jobs),
    );
  });

  it("of an earlier request's token tells nothing to those who may not create", async () => {
    await setRole(sound);
    const clientRequestToken = "token-1";
    const arn = await create({ clientRequestToken });
    expect(await create({ clientRequestToken })).toBe(arn);
    await service.setUser("caller", passing);
    expect((await refusal(create({ clientRequestToken }))).status).toBe(403);
    await service.setUser("caller", ...creating);
    await step(60 * minuteMs);
  });
});

describe("the service role", () => {
  it("with exactly what it needs runs the job", async () => {
    await setRole(sound);
    expect(await finish()).toMatchObject({ status: "Completed", successRecordCount: 100 });
  });

  it.each<[string, readonly Statement[], string]>([
    [
      "may not list",
      sound.filter((each) => each !== listing),
      "Could not validate ListBucket permissions for S3URI: s3://data/in/a.jsonl",
    ],
    [
      "may list another prefix",
      [allow("s3:ListBucket", "*", { Condition: { StringLike: { "s3:prefix": "other/*" } } }), ...sound.slice(1)],
      "Could not validate ListBucket permissions for S3URI: s3://data/in/a.jsonl",
    ],
    [
      "may not read",
      sound.filter((each) => each !== reading),
      "Could not validate GetObject permissions to access Amazon S3 bucket: data at key in/a.jsonl",
    ],
    [
      "may not write",
      sound.filter((each) => each !== writing),
      "Amazon S3 perms missing (PutObject): Could not validate PutObject permissions to access S3 bucket: data at key out/.write_access_check_file.tmp",
    ],
    [
      "may read of another account only",
      [
        ...sound.filter((each) => each !== reading),
        allow("s3:GetObject", "*", { Condition: { StringEquals: { "aws:ResourceAccount": "999999999999" } } }),
      ],
      "Could not validate GetObject permissions to access Amazon S3 bucket: data at key in/a.jsonl",
    ],
  ])("that %s fails the job in validation", async (_said, statements, message) => {
    await setRole(statements);
    const arn = await create();
    await step(3 * minuteMs);
    expect(await get(arn)).toMatchObject({ status: "Failed", message });
  });

  it.each<[string, Statement]>([
    ["another service", { ...trust, Principal: { Service: "sagemaker.amazonaws.com" } }],
    [
      "the account's root, as an article has it",
      { ...trust, Principal: { AWS: `arn:aws:iam::${account}:root` }, Condition: {} },
    ],
    ["another account's jobs", { ...trust, Condition: { StringEquals: { "aws:SourceAccount": "999999999999" } } }],
    [
      "another Region's jobs",
      { ...trust, Condition: { ArnLike: { "aws:SourceArn": jobs.replace("us-east-1", "eu-west-1") } } },
    ],
    ["nobody", { ...trust, Effect: "Deny" }],
  ])("that trusts %s cannot be assumed", async (_said, trusted) => {
    await setRole(sound, trusted);
    const arn = await create();
    await step(3 * minuteMs);
    expect(await get(arn)).toMatchObject({ status: "Failed", message: "Could not assume provided IAM role" });
  });

  it("that is not there cannot be assumed", async () => {
    await service.setUser("caller", ...creating, allow("iam:PassRole"));
    expect(await finish({ roleArn: `arn:aws:iam::${account}:role/ghost` })).toMatchObject({
      status: "Failed",
      message: "Could not assume provided IAM role",
    });
    await service.setUser("caller", ...creating);
  });

  it.each<[string, readonly Statement[]]>([
    ["invoke nothing", sound.slice(0, 3)],
    ["invoke the profile alone", [...sound.slice(0, 3), invokingProfile]],
    ["invoke the models and not the profile", [...sound.slice(0, 3), invokingModels]],
    [
      "invoke the model in one Region",
      [
        ...sound.slice(0, 3),
        invokingProfile,
        allow("bedrock:InvokeModel", `arn:aws:bedrock:us-east-1::foundation-model/${model}`),
      ],
    ],
    ["invoke all but in one Region", [...sound, deny("bedrock:InvokeModel", "arn:aws:bedrock:us-west-2::*")]],
  ])("that may %s fails the job at the end of its work", async (_said, statements) => {
    await setRole(statements);
    const arn = await create();
    await step(12 * minuteMs);
    expect((await get(arn)).status).toBe("InProgress");
    await step(5 * minuteMs);
    expect(await get(arn)).toMatchObject({
      status: "Failed",
      message: "Customer doesn't have permissions to invokeModel",
    });
    const { KeyCount } = await service.admin.s3.send(
      new ListObjectsV2Command({ Bucket: "data", Prefix: `out/${arn.slice(-12)}/` }),
    );
    expect(KeyCount).toBe(0);
  });

  it("that may invoke nothing writes nothing when its job is stopped", async () => {
    await setRole(sound.slice(0, 3));
    const arn = await create();
    await step(8 * minuteMs);
    await service.admin.bedrock.send(new StopModelInvocationJobCommand({ jobIdentifier: arn }));
    await step(5 * minuteMs);
    expect((await get(arn)).status).toBe("Stopped");
    const Prefix = `out/${arn.slice(-12)}/`;
    expect((await service.admin.s3.send(new ListObjectsV2Command({ Bucket: "data", Prefix }))).KeyCount).toBe(0);
  });

  it("of the global profile needs the model without a Region", async () => {
    const id = `global.${model}`;
    const own = allow("bedrock:InvokeModel", `arn:aws:bedrock:us-east-1:${account}:inference-profile/${id}`);
    const home = allow("bedrock:InvokeModel", `arn:aws:bedrock:us-east-1::foundation-model/${model}`);
    const nowhere = allow("bedrock:InvokeModel", `arn:aws:bedrock:::foundation-model/${model}`);
    await service.setUser("caller", allow("*"));
    await setRole([...sound.slice(0, 3), own, home]);
    expect((await finish({ modelId: id })).status).toBe("Failed");
    await setRole([...sound.slice(0, 3), own, home, nowhere]);
    expect((await finish({ modelId: id })).status).toBe("Completed");
    await service.setUser("caller", ...creating);
  });

  it("that may write the test file and not the output fails at the end", async () => {
    await setRole([...sound, deny("s3:PutObject", "arn:aws:s3:::data/out/*.out")]);
    expect(await finish()).toMatchObject({
      status: "Failed",
      message: "Encountered an unexpected error when processing the request, please try again",
    });
  });

  it("may be kept out by the bucket's policy", async () => {
    await setRole(sound);
    const statement = deny("s3:GetObject", "arn:aws:s3:::data/in/*", { Principal: { AWS: roleArn } });
    await service.admin.s3.send(new PutBucketPolicyCommand({ Bucket: "data", Policy: policy(statement) }));
    expect((await finish()).message).toContain("Could not validate GetObject permissions");
    const harmless = allow("s3:GetObject", "arn:aws:s3:::data/in/*", { Principal: { AWS: roleArn } });
    await service.admin.s3.send(new PutBucketPolicyCommand({ Bucket: "data", Policy: policy(harmless) }));
    expect((await finish()).status).toBe("Completed");
  });
});
