/** Set-ups of an account on an enforcing local service: built from a description, tried with a real job, diagnosed, mended. */
import { join } from "node:path";
import {
  CreateModelInvocationJobCommand,
  GetModelInvocationJobCommand,
  ListModelInvocationJobsCommand,
  StopModelInvocationJobCommand,
} from "@aws-sdk/client-bedrock";
import {
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  DeleteBucketPolicyCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { makeCallerPolicy } from "../../../src/access/caller-policy.ts";
import { makeRolePolicy, makeTrustPolicy } from "../../../src/access/policies.ts";
import type { NamedResult } from "../../../src/doctor/check-account.ts";
import { type Diagnosis, diagnose } from "../../../src/doctor/doctor.ts";
import { makeRepairs, planRepairs } from "../../../src/doctor/repair.ts";
import type { LocalOptions } from "../../../src/local/index.ts";
import { resolveModel } from "../../../src/models/resolve-model.ts";
import { makeSession, type Session } from "../../../src/workspace/session.ts";
import { account, type Enforced, enforce, type Keys, policy, type Statement } from "../../local/iam/enforced.ts";
import { credentials } from "../../local/served.ts";

export const region = "us-east-1";
const minuteMs = 60_000;
const durations = {
  submittedMs: minuteMs,
  validatingMs: minuteMs,
  scheduledMs: minuteMs,
  inProgressMs: 10 * minuteMs,
  perRecordMs: 0,
  stoppingMs: minuteMs,
};

/** A set-up: what is in the account, and what halfprice is told. */
export interface SetUp {
  readonly user: readonly Statement[];
  /** Of a managed policy that is attached to the user. */
  readonly userManaged: readonly Statement[];
  readonly userBoundary: readonly Statement[] | undefined;
  readonly trust: readonly Statement[];
  readonly role: readonly Statement[];
  readonly roleManaged: readonly Statement[];
  readonly roleBoundary: readonly Statement[] | undefined;
  readonly rolePath: string;
  readonly bucketPolicy: readonly Statement[];
  /** What is given on the line; the account has other names where these differ. */
  readonly told: {
    readonly bucket: string;
    readonly roleArn: string;
    readonly prefix: string;
    readonly region: string;
    readonly model: string;
  };
}

/** A set-up that stands in the account. */
export interface Built {
  readonly world: World;
  readonly index: number;
  readonly userName: string;
  readonly roleName: string;
  readonly roleArn: string;
  readonly bucket: string;
  readonly keys: Keys;
  setUp: SetUp;
}

export interface World {
  readonly service: Enforced;
  count: number;
}

export async function openWorld(options: LocalOptions = {}): Promise<World> {
  const service = await enforce({ durations, quotas: ["min-records=5"], seed: 1, ...options });
  return { service, count: 0 };
}

/** What a careful person has beside the caller's policy: the right to look. */
export const looking: Statement = {
  Sid: "Look",
  Effect: "Allow",
  Action: [
    "iam:GetPolicy",
    "iam:GetPolicyVersion",
    "iam:GetRole",
    "iam:GetRolePolicy",
    "iam:GetUserPolicy",
    "iam:ListAttachedRolePolicies",
    "iam:ListAttachedUserPolicies",
    "iam:ListRolePolicies",
    "iam:ListUserPolicies",
    "iam:SimulatePrincipalPolicy",
    "bedrock:GetFoundationModel",
    "bedrock:GetFoundationModelAvailability",
    "bedrock:GetInferenceProfile",
    "bedrock:GetUseCaseForModelAccess",
    "s3:GetBucketPolicy",
    "s3:GetBucketPublicAccessBlock",
    "s3:GetBucketVersioning",
    "s3:GetEncryptionConfiguration",
    "s3:GetLifecycleConfiguration",
    "s3:ListAllMyBuckets",
    "kms:DescribeKey",
    "kms:GetKeyPolicy",
    "servicequotas:ListRequestedServiceQuotaChangeHistory",
    "servicequotas:ListServiceQuotas",
  ],
  Resource: "*",
};

/** The names that the next set-up will have. */
export function nameNext({ count }: World): Pick<Built, "userName" | "roleName" | "roleArn" | "bucket" | "index"> {
  const roleName = `batch-${count}`;
  return {
    index: count,
    userName: `caller-${count}`,
    roleName,
    roleArn: `arn:aws:iam::${account}:role/${roleName}`,
    bucket: `set-up-${count}`,
  };
}

export const model = "claude-haiku-4.5";
const choose = (name: string, where = region) => resolveModel({ model: name, region: where, nowMs: Date.now() });

/** What halfprice's own policies come to, for the next set-up: sound. */
export function makeSound(world: World, told: Partial<SetUp["told"]> = {}): SetUp {
  const { roleArn, bucket } = nameNext(world);
  const all = { bucket, roleArn, prefix: "halfprice/", region, model, ...told };
  const scope = {
    accountId: account,
    region,
    bucket,
    prefix: all.prefix,
    roleArn: all.roleArn,
    model: choose(all.model),
  };
  const statements = (document: { Statement: readonly unknown[] }) => document.Statement as readonly Statement[];
  return {
    user: [...statements(makeCallerPolicy(scope)), looking],
    userManaged: [],
    userBoundary: undefined,
    trust: statements(makeTrustPolicy(scope)),
    role: statements(makeRolePolicy(scope)),
    roleManaged: [],
    roleBoundary: undefined,
    rolePath: "/",
    bucketPolicy: [],
    told: all,
  };
}

/** Puts a set-up into the account, by its administrator. */
export async function build(world: World, setUp: SetUp): Promise<Built> {
  const { admin } = world.service;
  const names = nameNext(world);
  world.count += 1;
  const { userName, roleName, bucket, index } = names;
  const managed = async (name: string, statements: readonly Statement[]): Promise<string> => {
    const command = new CreatePolicyCommand({ PolicyName: `${name}-${index}`, PolicyDocument: policy(...statements) });
    return (await admin.iam.send(command)).Policy?.Arn ?? "";
  };
  const boundaryOf = async (name: string, statements: readonly Statement[] | undefined) =>
    statements === undefined ? {} : { PermissionsBoundary: await managed(`${name}-boundary`, statements) };
  await admin.s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await admin.iam.send(
    new CreateUserCommand({ UserName: userName, ...(await boundaryOf("user", setUp.userBoundary)) }),
  );
  await admin.iam.send(
    new CreateRoleCommand({
      RoleName: roleName,
      Path: setUp.rolePath,
      AssumeRolePolicyDocument: policy(...setUp.trust),
      ...(await boundaryOf("role", setUp.roleBoundary)),
    }),
  );
  if (setUp.userManaged.length > 0)
    await admin.iam.send(
      new AttachUserPolicyCommand({ UserName: userName, PolicyArn: await managed("user", setUp.userManaged) }),
    );
  if (setUp.roleManaged.length > 0)
    await admin.iam.send(
      new AttachRolePolicyCommand({ RoleName: roleName, PolicyArn: await managed("role", setUp.roleManaged) }),
    );
  const { AccessKey: key } = await admin.iam.send(new CreateAccessKeyCommand({ UserName: userName }));
  const keys = { accessKeyId: key?.AccessKeyId ?? "", secretAccessKey: key?.SecretAccessKey ?? "" };
  const built: Built = { ...names, world, keys, setUp };
  await change(built, setUp);
  return built;
}

/** Brings the account to another set-up, as far as its inline policies and its bucket's policy go. */
export async function change(built: Built, setUp: SetUp): Promise<void> {
  const { admin } = built.world.service;
  const { userName: UserName, roleName: RoleName, bucket: Bucket } = built;
  built.setUp = setUp;
  if (setUp.user.length > 0)
    await admin.iam.send(
      new PutUserPolicyCommand({ UserName, PolicyName: "work", PolicyDocument: policy(...setUp.user) }),
    );
  if (setUp.role.length > 0)
    await admin.iam.send(
      new PutRolePolicyCommand({ RoleName, PolicyName: "work", PolicyDocument: policy(...setUp.role) }),
    );
  await admin.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: policy(...setUp.trust) }));
  if (setUp.bucketPolicy.length === 0) await admin.s3.send(new DeleteBucketPolicyCommand({ Bucket }));
  else await admin.s3.send(new PutBucketPolicyCommand({ Bucket, Policy: policy(...setUp.bucketPolicy) }));
}

/** A session of the caller's, with what halfprice was told. */
export function sessionOf({ world, keys, setUp, index }: Built, as: Keys = keys): Session {
  const { told } = setUp;
  const { url } = world.service.local;
  const config = {
    workspace: join(world.service.local.dataDir, `workspace-${index}`),
    region: told.region,
    profile: undefined,
    endpointUrl: url,
    bucket: told.bucket,
    prefix: told.prefix,
    roleArn: told.roleArn,
  };
  return makeSession(config, {
    connection: { region: told.region, endpointUrl: url, dummyCredentials: as },
  });
}

/** What doctor says. */
export const look = (built: Built): Promise<Diagnosis> =>
  diagnose(sessionOf(built), { model: built.setUp.told.model }, () => undefined);

export const failures = ({ results }: Diagnosis): readonly NamedResult[] =>
  results.filter(({ status }) => status === "fail");

/** What `doctor --fix` would do, done by the administrator. */
export async function fix(built: Built, { results }: Diagnosis): Promise<number> {
  const repairs = planRepairs(results);
  await makeRepairs(sessionOf(built, credentials), repairs);
  return repairs.length;
}

/** Sends a job as halfprice would, and says how it ended: `Completed`, or why not. */
export async function tryJob(built: Built): Promise<string> {
  const { world, keys, setUp, index } = built;
  const { told } = setUp;
  const { admin, local } = world.service;
  const caller = world.service.clientsOf(keys);
  const job = `${told.prefix}runs/try-${world.count}-${index}`;
  const line = (number: number): string =>
    JSON.stringify({
      recordId: `rec_${number}`,
      modelInput: {
        anthropic_version: "bedrock-2023-05-31",
        max_tokens: 10,
        messages: [{ role: "user", content: `No. ${number}` }],
      },
    });
  const Body = Array.from({ length: 5 }, (_, number) => line(number)).join("\n");
  const input = `${job}/input/shard-00001.jsonl`;
  try {
    await caller.s3.send(new PutObjectCommand({ Bucket: told.bucket, Key: input, Body, ExpectedBucketOwner: account }));
    const { jobArn } = await caller.bedrock.send(
      new CreateModelInvocationJobCommand({
        jobName: `try-${index}-${(tries += 1)}`,
        roleArn: told.roleArn,
        modelId: choose(told.model, told.region).invokeId,
        inputDataConfig: { s3InputDataConfig: { s3Uri: `s3://${told.bucket}/${input}` } },
        outputDataConfig: { s3OutputDataConfig: { s3Uri: `s3://${told.bucket}/${job}/output/` } },
        tags: [{ key: "halfprice:run", value: "try" }],
      }),
    );
    local.clock.advance(60 * minuteMs);
    await local.whenIdle();
    // What halfprice does after the job was made: follow it, stop it where it is asked to, fetch what it left.
    await caller.bedrock.send(new ListModelInvocationJobsCommand({}));
    const { status = "", message = "" } = await caller.bedrock.send(
      new GetModelInvocationJobCommand({ jobIdentifier: jobArn }),
    );
    await caller.bedrock.send(new StopModelInvocationJobCommand({ jobIdentifier: jobArn })).catch((error: Error) => {
      if (error.name !== "ConflictException") throw error;
    });
    const output = { Bucket: told.bucket, Prefix: `${job}/output/` };
    const { Contents: found = [] } = await caller.s3.send(new ListObjectsV2Command(output));
    for (const { Key } of found) await caller.s3.send(new GetObjectCommand({ Bucket: told.bucket, Key }));
    const { successRecordCount = 0 } = await admin.bedrock.send(
      new GetModelInvocationJobCommand({ jobIdentifier: jobArn }),
    );
    return status === "Completed" && Number(successRecordCount) === 5 ? status : `${status}: ${message}`;
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}
let tries = 0;

export { account };
