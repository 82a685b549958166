/** Setup from an empty account to a run, on the enforcing local service. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BedrockClient, CreateModelInvocationJobCommand, GetModelInvocationJobCommand } from "@aws-sdk/client-bedrock";
import {
  AttachRolePolicyCommand,
  GetRolePolicyCommand,
  type IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { type LocalServer, startLocal } from "../../src/local/index.ts";
import { openSetup } from "../../src/setup/set-up.ts";
import { openUndo } from "../../src/setup/undo-setup.ts";
import { makeSession } from "../../src/workspace/session.ts";
import {
  account,
  administrator,
  ann,
  bucket,
  type EmptyAccount,
  openAccount,
  roleArn,
  usual,
} from "../support/empty-account.ts";
import { findFailure } from "../support/failure.ts";
import { callKms, makeKmsKey } from "../support/kms-client.ts";
import { writeTexts } from "../support/local-run.ts";
import { runToEnd } from "../support/run-to-end.ts";

let server: LocalServer;
let folder: string;
let iam: IAMClient;
let s3: S3Client;
let openTestSession: EmptyAccount["openSession"];
let setUp: EmptyAccount["setUp"];
let makeUser: EmptyAccount["makeUser"];
beforeEach(async () => {
  ({ server, folder, iam, s3, openSession: openTestSession, setUp, makeUser } = await openAccount());
});

const parts = [
  `bucket ${bucket}`,
  `public access block of the bucket ${bucket}`,
  `encryption of the bucket ${bucket}`,
  `policy of the bucket ${bucket}`,
  `lifecycle rules of the bucket ${bucket}`,
  "role HalfpriceBatchRole-us-east-1",
  `policy ${bucket} of the role HalfpriceBatchRole-us-east-1`,
  `policy ${bucket} of the user ann`,
  "halfprice.config.json",
];

describe("setup", () => {
  it("makes all that a run needs in an empty account, and changes nothing the second time", async () => {
    await makeUser("ann");
    expect(await setUp({ caller: ann })).toEqual(parts.map((name) => `create ${name}`));
    const written = readFileSync(join(folder, "halfprice.config.json"), "utf8");
    expect(JSON.parse(written)).toEqual({ region: "us-east-1", bucket, prefix: "halfprice/", role: roleArn });
    expect(await setUp({ caller: ann })).toEqual(parts.map((name) => `keep ${name}`));
    expect(readFileSync(join(folder, "halfprice.config.json"), "utf8")).toBe(written);
  });

  it("keeps the models that were named, where none is", async () => {
    await makeUser("ann");
    await setUp({ caller: ann });
    expect(await setUp({ caller: ann, models: [] })).toEqual(parts.map((name) => `keep ${name}`));
    const narrowed = await setUp({ caller: ann, models: ["nova-lite"] });
    expect(narrowed.filter((each) => each.startsWith("change"))).toEqual([`change ${parts[6]}`, `change ${parts[7]}`]);
  });

  it("adds a second model to the first, and counts the user's other inline policies", async () => {
    await makeUser("ann");
    await setUp({ caller: ann, models: ["claude-haiku-4.5"] });
    await setUp({ caller: ann, models: ["nova-lite"] });
    const policy = await iam.send(
      new GetRolePolicyCommand({ RoleName: "HalfpriceBatchRole-us-east-1", PolicyName: bucket }),
    );
    const document = decodeURIComponent(policy.PolicyDocument ?? "");
    expect(document).toContain("inference-profile/us.anthropic.claude-haiku-4-5");
    expect(document).toContain("inference-profile/us.amazon.nova-lite-v1:0");
    await makeUser("bob");
    const long = {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: `arn:aws:s3:::${"x".repeat(900)}` }],
    };
    await iam.send(
      new PutUserPolicyCommand({ UserName: "bob", PolicyName: "other", PolicyDocument: JSON.stringify(long) }),
    );
    const made = await setUp({ caller: ann.replace(/ann$/, "bob"), models: ["nova-lite"] });
    expect(made.join()).not.toContain("of the user bob");
  });

  it("waits for a bucket that is not known everywhere yet", async () => {
    const faults = {
      calls: [
        {
          operation: "PutBucketEncryption",
          fault: { kind: "error", type: "NoSuchBucket", status: 404, message: "The specified bucket does not exist" },
          times: 2,
        },
      ],
    } as const;
    const hesitant = await startLocal({ speed: 6000, seed: 1, enforceIam: true, faults });
    onTestFinished(() => hesitant.close());
    const connection = { region: hesitant.region, endpointUrl: hesitant.url, dummyCredentials: administrator };
    const waits: number[] = [];
    const sleep = (ms: number) => Promise.resolve(void waits.push(ms));
    await setUp({}, makeSession(openTestSession().config, { connection, sleep }));
    expect(waits.slice(0, 2)).toEqual([1_000, 2_000]);
  });

  it("gives a caller just what a run takes", async () => {
    const keys = await makeUser("ann");
    await setUp({ caller: ann });
    const session = openTestSession(keys, { bucket, roleArn });
    const input = { first: writeTexts(folder, 120), prompt: "Repeat: {{text}}", model: "claude-haiku-4.5" };
    const { summary } = await runToEnd(session, input);
    expect(summary.outcomeCounts).toMatchObject({ answered: 120 });

    // And nothing else.
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "secret/plans.txt", Body: "x" }));
    const config = { endpoint: server.url, region: "us-east-1", credentials: keys };
    const own = { s3: new S3Client({ ...config, forcePathStyle: true }), bedrock: new BedrockClient(config) };
    onTestFinished(() => {
      own.s3.destroy();
      own.bedrock.destroy();
    });
    const job = {
      jobName: "other",
      roleArn: `arn:aws:iam::${account}:role/Other`,
      modelId: "us.anthropic.claude-haiku-4-5-20251001-v1:0",
      inputDataConfig: { s3InputDataConfig: { s3Uri: `s3://${bucket}/halfprice/a.jsonl` } },
      outputDataConfig: { s3OutputDataConfig: { s3Uri: `s3://${bucket}/halfprice/` } },
    };
    const denied: [string, () => Promise<unknown>][] = [
      ["s3:CreateBucket", () => own.s3.send(new CreateBucketCommand({ Bucket: "another-bucket" }))],
      ["s3:GetObject", () => own.s3.send(new GetObjectCommand({ Bucket: bucket, Key: "secret/plans.txt" }))],
      ["s3:PutObject", () => own.s3.send(new PutObjectCommand({ Bucket: bucket, Key: "secret/more.txt", Body: "x" }))],
      ["s3:ListBucket", () => own.s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: "secret/" }))],
      ["iam:PassRole", () => own.bedrock.send(new CreateModelInvocationJobCommand(job))],
      [
        "bedrock:CreateModelInvocationJob",
        () =>
          own.bedrock.send(
            new CreateModelInvocationJobCommand({ ...job, roleArn, modelId: "us.amazon.nova-lite-v1:0" }),
          ),
      ],
    ];
    for (const [action, call] of denied) await expect(call()).rejects.toThrow(`not authorized to perform: ${action} `);
  });

  it("takes back what it made, and nothing else", async () => {
    await makeUser("ann");
    await setUp({ caller: ann });
    const undo = await openUndo(openTestSession());
    await undo.apply(() => undefined);
    undo.close();
    expect(undo.steps.map(({ action, name }) => `${action} ${name}`)).toEqual(
      [...parts].reverse().map((name) => `remove ${name}`),
    );
    expect(existsSync(join(folder, "halfprice.config.json"))).toBe(false);
    expect(await setUp({ caller: ann })).toEqual(parts.map((name) => `create ${name}`));
  });

  it("and its undo need no right that docs/setup.md does not name", async () => {
    await makeUser("ann");
    const page = readFileSync(new URL("../../docs/setup.md", import.meta.url), "utf8");
    const [, PolicyDocument = ""] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
    const keys = await makeUser("boss");
    await iam.send(new PutUserPolicyCommand({ UserName: "boss", PolicyName: "setup", PolicyDocument }));
    expect(await setUp({ caller: ann }, openTestSession(keys))).toEqual(parts.map((name) => `create ${name}`));
    const changed = await setUp({ caller: ann, models: ["nova-lite"], expireDays: 60 }, openTestSession(keys));
    expect(changed.filter((each) => each.startsWith("change"))).toHaveLength(3);
    const undo = await openUndo(openTestSession(keys));
    await undo.apply(() => undefined);
    undo.close();
    expect(new Set(undo.steps.map(({ action }) => action))).toEqual(new Set(["remove"]));
  });

  it("shows what changes in what is there, and leaves what others said", async () => {
    await s3.send(new CreateBucketCommand({ Bucket: "mine" }));
    const others = {
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { AWS: ann }, Action: "s3:GetObject", Resource: "arn:aws:s3:::mine/shared/*" },
      ],
    };
    await s3.send(new PutBucketPolicyCommand({ Bucket: "mine", Policy: JSON.stringify(others) }));
    const session = openTestSession(administrator, { bucket: "mine" });
    const setup = await openSetup(session, usual, undefined);
    const [there, , , policy] = setup.plan.parts;
    expect(there?.action).toBe("keep");
    expect(policy).toMatchObject({ action: "change", before: others });
    expect(policy?.after).toMatchObject({ Statement: [others.Statement[0], { Sid: "OnlyOverTls", Effect: "Deny" }] });
    await setup.apply(() => undefined);
    setup.close();
    const undo = await openUndo(session);
    await undo.apply(() => undefined);
    undo.close();
    const { Policy } = await s3.send(new GetBucketPolicyCommand({ Bucket: "mine" }));
    expect(JSON.parse(Policy ?? "")).toEqual(others);
  });

  it("leaves a bucket with something in it, and what was changed since, and says so", async () => {
    await setUp();
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "halfprice/a", Body: "x" }));
    const RoleName = "HalfpriceBatchRole-us-east-1";
    const PolicyDocument = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
    });
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: bucket, PolicyDocument }));
    const undo = await openUndo(openTestSession());
    onTestFinished(() => undo.close());
    const find = (name: string) => undo.steps.find((step) => step.name === name);
    expect(find(parts[0] ?? "")).toMatchObject({ action: "leave", why: expect.stringMatching(/^1 object in it/) });
    expect(find(parts[4] ?? "")).toMatchObject({ action: "leave" });
    expect(find(parts[6] ?? "")).toMatchObject({ action: "leave", why: "it was changed since" });
    expect(find(parts[5] ?? "")).toMatchObject({ action: "leave", why: "its policy stays" });
    await undo.apply(() => undefined);
    expect(existsSync(join(folder, "halfprice.config.json"))).toBe(false);
    await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: bucket }));
    await s3.send(new HeadBucketCommand({ Bucket: bucket }));
  });

  it("says so where something else holds on to its role", async () => {
    await setUp();
    const PolicyArn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    await iam.send(new AttachRolePolicyCommand({ RoleName: "HalfpriceBatchRole-us-east-1", PolicyArn }));
    const undo = await openUndo(openTestSession());
    onTestFinished(() => undo.close());
    const error = await findFailure(() => undo.apply(() => undefined));
    expect(error.code).toBe("UNDO_CONFLICT");
  });

  it("says who may not set up, and what to ask for", async () => {
    const error = await findFailure(async () => setUp({}, openTestSession(await makeUser("ann"))));
    expect(error.code).toBe("SETUP_DENIED");
    expect(error.fix).toContain(`halfprice setup --caller ${ann}`);
  });

  it("makes a bucket under a key in which jobs run under the key, in a VPC, though the bucket takes nothing else", async () => {
    const keys = await makeUser("ann");
    const kmsKey = await makeKmsKey(server, administrator);
    const vpc = { subnetIds: ["subnet-1", "subnet-2"], securityGroupIds: ["sg-1"] };
    await setUp({ caller: ann }, openTestSession(administrator, { kmsKey, vpc }));
    expect(JSON.parse(readFileSync(join(folder, "halfprice.config.json"), "utf8"))).toMatchObject({
      kmsKey,
      vpcSubnets: ["subnet-1", "subnet-2"],
      vpcSecurityGroups: ["sg-1"],
    });
    const { Policy } = await s3.send(new GetBucketPolicyCommand({ Bucket: bucket }));
    const strict = JSON.parse(Policy ?? "") as { Statement: object[] };
    strict.Statement.push({
      Effect: "Deny",
      Principal: "*",
      Action: "s3:PutObject",
      Resource: `arn:aws:s3:::${bucket}/*`,
      Condition: { StringNotEquals: { "s3:x-amz-server-side-encryption-aws-kms-key-id": kmsKey } },
    });
    await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: JSON.stringify(strict) }));
    const input = { first: writeTexts(folder, 120), prompt: "Repeat: {{text}}", model: "claude-haiku-4.5" };
    const refused = await findFailure(() => runToEnd(openTestSession(keys, { bucket, roleArn }), input));
    expect(refused.message).toContain("s3:PutObject");

    const session = openTestSession(keys, { bucket, roleArn, kmsKey, vpc });
    // What was refused is fixed by naming the key: the run's records are sent by the run that first had them.
    const again = await runToEnd(session, { ...input, name: "again" });
    expect(again.summary.outcomeCounts).toMatchObject({ answered: 120 });
    const { summary, run, shards } = await runToEnd(session, { ...input, prompt: "Say: {{text}}" });
    expect(summary.outcomeCounts).toMatchObject({ answered: 120 });
    expect(run.place).toEqual({ bucket, prefix: "halfprice/", roleArn, kmsKey, vpc });
    const bedrock = new BedrockClient({ endpoint: server.url, region: "us-east-1", credentials: administrator });
    onTestFinished(() => bedrock.destroy());
    const jobIdentifier = shards[0]?.attempt?.jobArn ?? "";
    const job = await bedrock.send(new GetModelInvocationJobCommand({ jobIdentifier }));
    expect(job).toMatchObject({
      outputDataConfig: { s3OutputDataConfig: { s3EncryptionKeyId: kmsKey, s3BucketOwner: account } },
      vpcConfig: vpc,
    });
  });

  it("is followed by a run that waits until Bedrock knows the new role, and not for one that is old", async () => {
    const faults = { calls: [{ operation: "CreateModelInvocationJob", fault: "role-not-assumable", times: 4 }] };
    const hesitant = await startLocal({ speed: 6000, seed: 1, enforceIam: true, faults });
    onTestFinished(() => hesitant.close());
    const waits: number[] = [];
    const connection = { region: hesitant.region, endpointUrl: hesitant.url, dummyCredentials: administrator };
    const { config } = openTestSession(administrator, { bucket, roleArn });
    const hooks = { connection, sleep: () => Promise.resolve() };
    const session = makeSession(config, { ...hooks, onTrouble: (_error, retryInMs) => void waits.push(retryInMs) });
    await setUp({}, makeSession({ ...config, bucket: undefined, roleArn: undefined }, hooks));
    const input = { first: writeTexts(folder, 120), prompt: "Repeat: {{text}}", model: "claude-haiku-4.5" };
    const tenDaysMs = 10 * 24 * 3600_000;
    const later = makeSession(config, { ...hooks, nowMs: () => Date.now() + tenDaysMs });
    const error = await findFailure(() => runToEnd(later, { ...input, name: "later" }));
    expect(error.message).toContain("Could not assume provided IAM role");
    const { summary } = await runToEnd(session, input);
    expect(summary.outcomeCounts).toMatchObject({ answered: 120 });
    expect(waits).toEqual([2_000, 4_000, 8_000]);
  });

  it("says what a key that leaves nothing to IAM has to say, and with that a run works", async () => {
    const keys = await makeUser("ann");
    const byAdministrator = {
      Sid: "Administrator",
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${account}:user/local` },
      Action: "kms:*",
      Resource: "*",
    };
    const closed = { Version: "2012-10-17", Statement: [byAdministrator] };
    const kmsKey = await makeKmsKey(server, administrator, closed);
    const setup = await openSetup(openTestSession(administrator, { kmsKey }), { ...usual, caller: ann }, undefined);
    await setup.apply(() => undefined);
    setup.close();
    const session = openTestSession(keys, { bucket, roleArn, kmsKey });
    const input = { first: writeTexts(folder, 120), prompt: "Repeat: {{text}}", model: "claude-haiku-4.5" };
    const refused = await findFailure(() => runToEnd(session, input));
    expect(refused.message).toContain("kms:GenerateDataKey");
    const said = setup.plan.advice.find(({ text }) => text.startsWith("The policy of the key"))?.document as object[];
    const open = JSON.stringify({ ...closed, Statement: [byAdministrator, ...said] });
    await callKms(server, administrator, "PutKeyPolicy", { KeyId: kmsKey, Policy: open });
    const { summary } = await runToEnd(session, { ...input, name: "again" });
    expect(summary.outcomeCounts).toMatchObject({ answered: 120 });
  });
});
