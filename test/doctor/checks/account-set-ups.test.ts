/** What stands against a run outside of IAM: keys, quotas, access to the model, region, organisation, credentials. */
import { ListModelInvocationJobsCommand } from "@aws-sdk/client-bedrock";
import { CreateBucketCommand, PutBucketEncryptionCommand, S3Client } from "@aws-sdk/client-s3";
import { RequestServiceQuotaIncreaseCommand } from "@aws-sdk/client-service-quotas";
import { describe, expect, it, onTestFinished } from "vitest";
import { tryCanary } from "../../../src/doctor/canary.ts";
import { probeCreation } from "../../../src/doctor/probe.ts";
import { parseRunOptions } from "../../../src/foundation/options/run-options.ts";
import type { LocalOptions } from "../../../src/local/index.ts";
import { readRequest } from "../../../src/run/plan/read-request.ts";
import { policy } from "../../local/iam/enforced.ts";
import { credentials } from "../../local/served.ts";
import { makeFolder } from "../../support/folder.ts";
import { makeKmsKey } from "../../support/kms-client.ts";
import { writeTexts } from "../../support/local-run.ts";
import {
  account,
  type Built,
  build,
  change,
  failures,
  fix,
  look,
  makeSound,
  openWorld,
  sessionOf,
  tryJob,
  type World,
} from "./set-ups.ts";

async function open(options: LocalOptions = {}): Promise<World> {
  const world = await openWorld(options);
  onTestFinished(() => world.service.close());
  return world;
}
const buildSound = async (options: LocalOptions = {}): Promise<Built> => {
  const world = await open(options);
  return build(world, makeSound(world));
};
const haiku = "anthropic.claude-haiku-4-5-20251001-v1:0";

describe("a bucket that is encrypted with a key of the account", () => {
  it("wants rights of caller and role; both are named, and --fix gives them", async () => {
    const built = await buildSound();
    const { service } = built.world;
    const key = await makeKmsKey(service.local, credentials);
    const rule = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" as const, KMSMasterKeyID: key } };
    await service.admin.s3.send(
      new PutBucketEncryptionCommand({ Bucket: built.bucket, ServerSideEncryptionConfiguration: { Rules: [rule] } }),
    );
    expect(await tryJob(built)).toMatch(/kms:GenerateDataKey/);
    const found = await look(built);
    expect(failures(found).map(({ check }) => check)).toEqual(["caller-key", "role-key"]);
    for (const { finding } of failures(found)) expect(finding).toContain(`kms:GenerateDataKey on ${key}: no policy`);
    expect(await fix(built, found)).toBe(2);
    expect(failures(await look(built))).toEqual([]);
    expect(await tryJob(built)).toBe("Completed");
  });

  it("wants the role's rights too where the caller has them", async () => {
    const world = await open();
    const sound = makeSound(world);
    const built = await build(world, {
      ...sound,
      user: [...sound.user, { Effect: "Allow", Action: "kms:*", Resource: "*" }],
    });
    const key = await makeKmsKey(world.service.local, credentials);
    const rule = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" as const, KMSMasterKeyID: key } };
    await world.service.admin.s3.send(
      new PutBucketEncryptionCommand({ Bucket: built.bucket, ServerSideEncryptionConfiguration: { Rules: [rule] } }),
    );
    expect(await tryJob(built)).not.toBe("Completed");
    const found = await look(built);
    expect(failures(found).map(({ check }) => check)).toEqual(["role-key"]);
    await fix(built, found);
    expect(await tryJob(built)).toBe("Completed");
  });
});

describe("access to a model", () => {
  it.each([
    ["agreement", /its agreement is missing/, /whoever calls it first signs it/],
    ["pending-agreement", /its agreement is being made/, /wait 2 to 15 minutes/],
    ["use-case-form", /first-use form was not sent/, /put-use-case-for-model-access/],
    ["entitlement", /no entitlement/, /support case/],
    ["authorization", /not authorized/, /model-catalog/],
  ] as const)("without %s is named as that and nothing else", async (lack, words, cure) => {
    const built = await buildSound({ modelAccess: [`${haiku}:${lack}`] });
    expect(await tryJob(built)).not.toBe("Completed");
    const failed = failures(await look(built));
    expect(failed.map(({ check }) => check)).toEqual(["model-access"]);
    expect(failed[0]?.finding).toMatch(words);
    expect(failed[0]?.fix).toMatch(cure);
  });
});

describe("a quota of 0", () => {
  it.each([
    [
      "jobs-in-flight",
      /Sum of in-progress and submitted batch inference jobs using a base model for Claude Haiku 4\.5" is 0/,
    ],
    ["records-per-job", /Records per batch inference job for Claude Haiku 4\.5" is 0/],
  ])(
    "of %s is named, with the command that asks for more; a request that is under way is told from it",
    async (kind, words) => {
      const built = await buildSound({ quotas: [`us-east-1/${kind}=0`, "min-records=5"] });
      expect(await tryJob(built)).not.toBe("Completed");
      const [failed, ...others] = failures(await look(built));
      expect(others).toEqual([]);
      expect(failed?.finding).toMatch(words);
      const [, code = "", value = ""] =
        /^aws service-quotas request-service-quota-increase --service-code bedrock --quota-code (L-[0-9A-F]{8}) --desired-value (\d+) --region us-east-1$/.exec(
          failed?.fix ?? "",
        ) ?? [];
      const { quotas } = built.world.service.admin;
      const asked = { ServiceCode: "bedrock", QuotaCode: code, DesiredValue: Number(value) };
      await quotas.send(new RequestServiceQuotaIncreaseCommand(asked));
      const [waiting] = failures(await look(built));
      expect(waiting?.finding).toContain(`a request for ${value} is under way (PENDING)`);
      expect(waiting?.fix).toMatch(/^wait/);
      const { clock } = built.world.service.local;
      clock.advance(7 * 24 * 3_600_000);
      expect(failures(await look(built))).toEqual([]);
      expect(await tryJob(built)).toBe("Completed");
    },
  );

  it("that cannot be asked for goes to support", async () => {
    const { sayRequest } = await import("../../../src/doctor/checks/quotas.ts");
    const quota = { name: "Batch inference job size", value: 0, code: "L-1", isAdjustable: false };
    expect(sayRequest(quota, 5, "us-east-1")).toMatch(/support case/);
  });
});

describe("a bucket", () => {
  it("in another region than the job's is named with both; --region fixes it", async () => {
    const world = await open();
    const s3 = new S3Client({ endpoint: world.service.local.url, region: "us-west-2", credentials });
    await s3.send(
      new CreateBucketCommand({ Bucket: "far-away", CreateBucketConfiguration: { LocationConstraint: "us-west-2" } }),
    );
    s3.destroy();
    const sound = makeSound(world);
    const everything = { Effect: "Allow", Action: "*", Resource: "*" };
    const built = await build(world, {
      ...sound,
      user: [everything],
      role: [everything],
      trust: [{ Effect: "Allow", Principal: { Service: "bedrock.amazonaws.com" }, Action: "sts:AssumeRole" }],
      told: { ...sound.told, bucket: "far-away" },
    });
    const failed = failures(await look(built));
    expect(failed.map(({ check }) => check)).toEqual(["bucket"]);
    expect(failed[0]?.finding).toMatch(/far-away is in us-west-2; the job would run in us-east-1/);
    expect(failed[0]?.fix).toContain("--region us-west-2");
    await change(built, { ...built.setUp, told: { ...built.setUp.told, region: "us-west-2" } });
    expect(failures(await look(built))).toEqual([]);
  });
});

describe("an organisation's Deny", () => {
  it("of PassRole is not seen by the simulator, which is why a pass is called likely; the probe sees it", async () => {
    const deny = { Effect: "Deny", Action: "iam:PassRole", Resource: "*" };
    const built = await buildSound({ organisationDenies: [policy(deny)] });
    const found = await look(built);
    expect(failures(found)).toEqual([]);
    expect(found.results.find(({ check }) => check === "pass-role")).toMatchObject({ status: "pass", isLikely: true });
    if (found.identity === undefined) throw new Error("nobody");
    const probed = await probeCreation(sessionOf(built), found.identity, found.place, found.model);
    expect(probed.status).toBe("fail");
    expect(probed.error?.why).toMatch(/Deny in a service control policy forbids .* the action iam:PassRole/);
  });

  it("of a region behind the profile is seen by the canary, with the region that nobody asked for", async () => {
    const condition = { StringEquals: { "aws:RequestedRegion": "us-west-2" } };
    const deny = { Effect: "Deny", Action: "bedrock:InvokeModel", Resource: "*", Condition: condition };
    const built = await buildSound({ organisationDenies: [policy(deny)] });
    expect(await tryJob(built)).not.toBe("Completed");
    const table = writeTexts(makeFolder(), 10);
    const asked = { first: table, prompt: "Repeat: {{text}}", model: "claude-haiku-4.5" };
    const request = await readRequest(asked, parseRunOptions({}, "test"));
    const canary = await tryCanary(sessionOf(built), request, 2);
    expect(canary.status).toBe("fail");
    expect(canary.finding).toContain("arn:aws:bedrock:us-west-2::foundation-model/");
    expect(canary.fix).toMatch(/use a profile whose regions are all allowed/);
  });
});

describe("the probe", () => {
  const probe = async (built: Built) => {
    const { identity, place, model } = await look(built);
    if (identity === undefined) throw new Error("nobody");
    return probeCreation(sessionOf(built), identity, place, model);
  };

  it("of a sound set-up is taken, and leaves one job that fails", async () => {
    const built = await buildSound();
    expect(await probe(built)).toMatchObject({ check: "probe", status: "pass" });
    const { local, admin } = built.world.service;
    local.clock.advance(3_600_000);
    await local.whenIdle();
    const { invocationJobSummaries: jobs = [] } = await admin.bedrock.send(new ListModelInvocationJobsCommand({}));
    expect(jobs.map(({ status }) => status)).toEqual(["Failed"]);
    expect(jobs[0]?.jobName).toMatch(/^halfprice-doctor-model-/);
  });

  it("tells a model without batch from an account without batch, by a model that has it", async () => {
    const refusal = {
      kind: "error",
      type: "ValidationException",
      status: 400,
      message: "Batch inference is not supported for the requested model.",
    } as const;
    const once = await buildSound({
      faults: { calls: [{ operation: "CreateModelInvocationJob", fault: refusal, times: 1 }] },
    });
    const everybody = { Effect: "Allow", Action: "*", Resource: "*" };
    await change(once, { ...once.setUp, user: [everybody] });
    const model = await probe(once);
    expect(model.error?.code).toBe("MODEL_ACCESS");
    expect(model.finding).toMatch(
      /no batch inference for us\.anthropic\.claude-haiku.* while us\.amazon\.nova-lite.* was taken/,
    );
    const always = await buildSound({ faults: { calls: [{ operation: "CreateModelInvocationJob", fault: refusal }] } });
    expect((await probe(always)).error?.code).toBe("SERVICE_REFUSED");
  });
});

describe("credentials", () => {
  it("that AWS does not know are the first thing named, and nothing else is guessed", async () => {
    const built = await buildSound();
    const wrong = { ...built, keys: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "nobody" } };
    const { results, identity } = await look(wrong);
    expect(identity).toBeUndefined();
    expect(results.map(({ check, status }) => `${check} ${status}`)).toEqual([
      "identity fail",
      "software pass",
      "account skipped",
    ]);
    expect(results[0]?.error?.code).toBe("CREDENTIALS_REFUSED");
    expect(results[0]?.error?.why).toMatch(/AWS does not know this access key/);
  });

  it("that end soon, and a clock that is wrong, are said", async () => {
    const { checkClock, checkCredentials } = await import("../../../src/doctor/checks/identity.ts");
    const now = Date.parse("2026-11-21T12:00:00Z");
    const identity = { accountId: account, arn: "arn", region: "us-east-1", isLocal: false };
    const minutes = (count: number): number => now + count * 60_000;
    expect(checkClock({ ...identity, serverTimeMs: minutes(-20) }, now)).toMatchObject({
      status: "fail",
      finding: expect.stringContaining("20 minutes ahead"),
    });
    expect(checkClock({ ...identity, serverTimeMs: minutes(7) }, now)).toMatchObject({
      status: "warn",
      finding: expect.stringContaining("7 minutes behind"),
    });
    expect(checkClock({ ...identity, serverTimeMs: minutes(1) }, now).status).toBe("pass");
    expect(checkCredentials({ ...identity, expiresAtMs: minutes(10) }, now)).toMatchObject({
      status: "warn",
      finding: expect.stringContaining("end in 10 minutes"),
    });
    expect(checkCredentials({ ...identity, expiresAtMs: minutes(600) }, now)).toMatchObject({
      status: "pass",
      finding: expect.stringContaining("10 hours"),
    });
    expect(checkCredentials(identity, now).status).toBe("pass");
  });
});
