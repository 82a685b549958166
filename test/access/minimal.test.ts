/** The policies of setup have nothing that is not needed: each statement, and each action, is taken away in turn. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { CreateBucketCommand, CreateMultipartUploadCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { makePolicies, type Policy, type Statement } from "../../src/access/policies.ts";
import { openJobService } from "../../src/aws/bedrock.ts";
import { openModelService } from "../../src/aws/bedrock-runtime.ts";
import { readModelLoad } from "../../src/aws/cloudwatch.ts";
import { readFoundationModels, readInferenceProfiles } from "../../src/aws/foundation-models.ts";
import { openRoleService } from "../../src/aws/iam.ts";
import { openObjectStorage } from "../../src/aws/s3.ts";
import { readBedrockQuotas } from "../../src/aws/service-quotas.ts";
import { resolveModel } from "../../src/models/resolve-model.ts";
import { account, type Enforced, enforce } from "../local/iam/enforced.ts";
import { credentials } from "../local/served.ts";
import { makeFolder } from "../support/folder.ts";
import { makeKmsKey } from "../support/kms-client.ts";

const minuteMs = 60_000;
const bucket = "halfprice-bucket";
const roleArn = `arn:aws:iam::${account}:role/Batch`;
const model = resolveModel({ model: "claude-haiku-4.5", region: "us-east-1", nowMs: Date.UTC(2026, 10, 21) });
const vpc = { subnetIds: ["subnet-1", "subnet-2"], securityGroupIds: ["sg-1"] };
const body = { anthropic_version: "bedrock-2023-05-31", max_tokens: 10, messages: [{ role: "user", content: "hi" }] };

let service: Enforced;
let policies: ReturnType<typeof makePolicies>;
let keys: { readonly accessKeyId: string; readonly secretAccessKey: string };
let kmsKey: string;
let count = 0;
beforeAll(async () => {
  service = await enforce({ seed: 1 });
  const { iam, s3 } = service.admin;
  kmsKey = await makeKmsKey(service.local, credentials);
  const scope = { accountId: account, region: "us-east-1", bucket, prefix: "halfprice/", roleArn };
  policies = makePolicies({ ...scope, model, kmsKeyArn: kmsKey, vpc });
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const trust = JSON.stringify(policies.trust);
  await iam.send(new CreateRoleCommand({ RoleName: "Batch", AssumeRolePolicyDocument: trust }));
  await iam.send(new CreateUserCommand({ UserName: "caller" }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: "caller" }));
  keys = { accessKeyId: AccessKey?.AccessKeyId ?? "", secretAccessKey: AccessKey?.SecretAccessKey ?? "" };
  await setRole(policies.role);
  await setCaller(policies.caller);
});
afterAll(() => service.close());

async function setRole(policy: Policy): Promise<void> {
  const PolicyDocument = JSON.stringify(policy);
  await service.admin.iam.send(new PutRolePolicyCommand({ RoleName: "Batch", PolicyName: "p", PolicyDocument }));
}
async function setCaller(policy: Policy): Promise<void> {
  const PolicyDocument = JSON.stringify(policy);
  await service.admin.iam.send(new PutUserPolicyCommand({ UserName: "caller", PolicyName: "p", PolicyDocument }));
}

const listOf = (value: string | readonly string[] | undefined): readonly string[] => [value ?? []].flat();

/** Each action of each statement, and the policy without it. */
function withoutEachAction({ Version, Statement: all }: Policy): [string, string, Policy][] {
  return all.flatMap((statement) =>
    listOf(statement.Action).map((action): [string, string, Policy] => {
      const rest = listOf(statement.Action).filter((each) => each !== action);
      const cut: Statement[] = rest.length === 0 ? [] : [{ ...statement, Action: rest }];
      return [statement.Sid, action, { Version, Statement: all.flatMap((each) => (each === statement ? cut : each)) }];
    }),
  );
}
const withoutEachStatement = ({ Version, Statement: all }: Policy): [string, Policy][] =>
  all.map((statement) => [statement.Sid, { Version, Statement: all.filter((each) => each !== statement) }]);
/** Each resource of statements that have several. */
const withoutEachResource = ({ Version, Statement: all }: Policy): [string, string, Policy][] =>
  all.flatMap((statement) =>
    listOf(statement.Resource).length < 2
      ? []
      : listOf(statement.Resource).map((resource): [string, string, Policy] => {
          const Resource = listOf(statement.Resource).filter((each) => each !== resource);
          const Statement = all.map((each) => (each === statement ? { ...statement, Resource } : each));
          return [statement.Sid, resource, { Version, Statement }];
        }),
  );

const connection = () => ({ region: "us-east-1", endpointUrl: service.local.url, dummyCredentials: keys });
const step = async (): Promise<void> => {
  service.local.clock.advance(120 * minuteMs);
  await service.local.whenIdle();
};

/** Uploads an input of a hundred records as the caller. @returns its key */
async function upload(): Promise<string> {
  const line = (index: number): string => JSON.stringify({ recordId: `rec_${index}`, modelInput: body });
  const text = Array.from({ length: 100 }, (_each, index) => line(index)).join("\n");
  const path = join(makeFolder(), "input.jsonl");
  writeFileSync(path, text);
  const storage = openObjectStorage(connection());
  const key = `halfprice/runs/${count++}/input.jsonl`;
  const size = { fromByte: 0, sizeBytes: text.length, onProgress: () => undefined };
  try {
    await storage.upload(path, bucket, key, { accountId: account, kmsKey, ...size });
  } finally {
    storage.close();
  }
  return key;
}

/** Makes a job as the caller. @returns its ARN */
async function create(key: string): Promise<string> {
  const jobs = openJobService(connection());
  const name = `job-${count++}`;
  const place = { inputUri: `s3://${bucket}/${key}`, outputUri: `s3://${bucket}/halfprice/out/` };
  const more = {
    accountId: account,
    kmsKey,
    vpc,
    timeoutHours: 24,
    invocation: "InvokeModel",
    tags: { a: "b" },
  } as const;
  try {
    return await jobs.create({ jobName: name, clientToken: name, modelId: model.invokeId, roleArn, ...place, ...more });
  } finally {
    jobs.close();
  }
}

/** A whole job: its end and its message. */
async function runJob(): Promise<{ status: string; message: string | undefined }> {
  const arn = await create(await upload());
  await step();
  const jobs = openJobService(connection());
  onTestFinished(() => jobs.close());
  const { status, message } = await jobs.get(arn);
  return { status, message };
}

describe("with the policies of setup", () => {
  it("a job under a key and in a VPC completes", async () => {
    expect(await runJob()).toEqual({ status: "Completed", message: undefined });
  });
});

describe("the role's policy", () => {
  it("without any one of its statements lets the job fail", async () => {
    for (const [sid, policy] of withoutEachStatement(policies.role)) {
      await setRole(policy);
      expect(await runJob(), sid).toMatchObject({ status: "Failed" });
    }
    await setRole(policies.role);
  });

  it("without any one of its actions lets the job fail", async () => {
    const cases = withoutEachAction(policies.role);
    expect(cases.length).toBeGreaterThan(10);
    for (const [sid, action, policy] of cases) {
      await setRole(policy);
      expect(await runJob(), `${sid} without ${action}`).toMatchObject({ status: "Failed" });
    }
    await setRole(policies.role);
  });

  it("without any one of its resources lets the job fail", async () => {
    for (const [sid, resource, policy] of withoutEachResource(policies.role)) {
      await setRole(policy);
      expect(await runJob(), `${sid} without ${resource}`).toMatchObject({ status: "Failed" });
    }
    await setRole(policies.role);
  });
});

describe("the caller's policy", () => {
  /** What each action is for, as the library or a command of it does it. */
  const needs: Readonly<Record<string, () => Promise<unknown>>> = {
    "bedrock:CreateModelInvocationJob": async () => create("halfprice/none.jsonl"),
    "bedrock:TagResource": async () => create("halfprice/none.jsonl"),
    "iam:PassRole": async () => create("halfprice/none.jsonl"),
    "bedrock:GetModelInvocationJob": async () => withJobs((jobs) => jobs.get(madeJob)),
    "bedrock:StopModelInvocationJob": async () => withJobs((jobs) => jobs.stop(madeJob)),
    "bedrock:ListModelInvocationJobs": async () => withJobs((jobs) => jobs.list({ nameContains: "x" })),
    "bedrock:InvokeModel": async () => {
      const models = openModelService(connection());
      await models.invoke(model.invokeId, JSON.stringify(body)).finally(() => models.close());
    },
    "iam:GetRole": async () => {
      const roles = openRoleService(connection());
      await roles.readTrustPolicy("Batch").finally(() => roles.close());
    },
    "s3:PutObject": upload,
    "s3:GetObject": async () => download(),
    "s3:ListBucket": async () => withStorage((storage) => storage.list(bucket, "halfprice/")),
    "s3:ListBucketMultipartUploads": async () =>
      withStorage((storage) => storage.listUploads(bucket, "halfprice/", account)),
    "s3:DeleteObject": async () =>
      withStorage((storage) => storage.remove(bucket, [{ key: "halfprice/old" }], account)),
    "s3:DeleteObjectVersion": async () =>
      withStorage((storage) => storage.remove(bucket, [{ key: "halfprice/old", versionId: "null" }], account)),
    "s3:ListBucketVersions": async () => withStorage((storage) => storage.listVersions(bucket, "halfprice/", account)),
    "s3:AbortMultipartUpload": async () =>
      withStorage((storage) => storage.giveUpUpload(bucket, { key: "halfprice/a", uploadId: "none" }, account)),
    "s3:ListMultipartUploadParts": async () =>
      withStorage(async (storage) => {
        const key = "halfprice/parts";
        const begun = await service.admin.s3.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: key }));
        await storage.countParts(bucket, { key, uploadId: begun.UploadId ?? "" }, account);
      }),
    "kms:GenerateDataKey": upload,
    "kms:Decrypt": async () => download(),
    "servicequotas:ListServiceQuotas": async () => readBedrockQuotas(connection()),
    "bedrock:ListFoundationModels": async () => readFoundationModels(connection()),
    "bedrock:ListInferenceProfiles": async () => readInferenceProfiles(connection()),
    "cloudwatch:GetMetricData": async () => readModelLoad(connection(), [model.invokeId], 0, 60_000),
  };
  let madeJob: string;
  let uploaded: string;
  async function withJobs(work: (jobs: ReturnType<typeof openJobService>) => Promise<unknown>): Promise<void> {
    const jobs = openJobService(connection());
    await work(jobs).finally(() => jobs.close());
  }
  async function withStorage(work: (storage: ReturnType<typeof openObjectStorage>) => Promise<unknown>): Promise<void> {
    const storage = openObjectStorage(connection());
    await work(storage).finally(() => storage.close());
  }
  const download = () => withStorage((storage) => storage.download(bucket, uploaded, join(makeFolder(), "x")));

  it("has no action that nothing needs, and fails what needs it without", async () => {
    uploaded = await upload();
    madeJob = await create(uploaded);
    for (const [sid, action, policy] of withoutEachAction(policies.caller)) {
      // The local service has no Price List.
      if (action === "pricing:GetProducts") continue;
      const need = needs[action];
      expect(need, `what needs ${action}`).toBeDefined();
      await setCaller(policies.caller);
      await need?.();
      await setCaller(policy);
      await expect(need?.(), `${sid} without ${action}`).rejects.toThrow(
        new RegExp(`not authorized to perform: ${action}`),
      );
    }
    await setCaller(policies.caller);
  });

  it("fits into a user's inline policies", () => {
    const { caller: plain } = makePolicies({
      accountId: account,
      region: "us-east-1",
      bucket: `halfprice-${account}-us-east-1`,
      prefix: "halfprice/",
      roleArn: `arn:aws:iam::${account}:role/HalfpriceBatchRole-us-east-1`,
      model,
    });
    expect(JSON.stringify(plain).length).toBeLessThan(2048);
  });
});
