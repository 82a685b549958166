/** The function's policy on the enforcing local service: with it a pass works, and without any one of its statements it does not. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Policy } from "../../src/access/policy.ts";
import { type FunctionScope, makeFunctionPolicy, nameFunctionArns } from "../../src/deploy/function-policy.ts";
import { makePass } from "../../src/deploy/make-pass.ts";
import { makeSteppedClock, type SteppedClock } from "../../src/local/clock.ts";
import { type LocalServer, startLocal } from "../../src/local/start-local.ts";
import { openSetup } from "../../src/setup/set-up.ts";
import { closeFiles } from "../../src/workspace/files/shared-workspace.ts";
import { makeSession, type Session } from "../../src/workspace/session.ts";
import { account, administrator, bucket, type Keys, roleArn } from "../support/empty-account.ts";
import { makeFolder } from "../support/folder.ts";
import { minutes, startAt } from "../support/function-scene.ts";
import { scheduledEvent } from "../support/job-events.ts";
import { makeKmsKey } from "../support/kms-client.ts";
import { startTestRun, writeTexts } from "../support/local-run.ts";

let server: LocalServer<SteppedClock>;
let kmsKey: string;
let iam: IAMClient;
let sts: STSClient;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "halfprice-test-"));
  server = await startLocal({
    clock: makeSteppedClock(startAt),
    ...{ seed: 1, enforceIam: true, quotas: ["min-records=4", "records-per-job=4"] },
    faults: {
      jobs: [
        { job: "*-1-1", fault: { end: { status: "Expired" } } },
        { job: "*-2-1", fault: { stick: { in: "Scheduled" } } },
      ],
    },
  });
  const config = { endpoint: server.url, region: server.region, credentials: administrator };
  [iam, sts] = [new IAMClient(config), new STSClient(config)];
  kmsKey = await makeKmsKey(server, administrator);
  const setup = await openSetup(
    openAs(administrator, "setup", "setup", { shared: undefined, bucket: undefined, roleArn: undefined }),
    { models: ["claude-haiku-4.5"], expireDays: 30 },
    undefined,
  );
  await setup.apply(() => undefined);
  setup.close();
});
afterAll(async () => {
  iam.destroy();
  sts.destroy();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A session of somebody on a machine of his own, in a workspace of that name. */
function openAs(keys: Keys, workspace: string, machine: string, place: Partial<Session["config"]> = {}): Session {
  const config = {
    workspace: join(folder, `${workspace}-${machine}`),
    shared: { bucket, prefix: `${workspace}/`, uri: `s3://${bucket}/${workspace}` },
    ...{
      region: server.region,
      profile: undefined,
      endpointUrl: server.url,
      prefix: "halfprice/",
      bucket,
      roleArn,
      kmsKey,
    },
    ...place,
  };
  const connection = { region: server.region, endpointUrl: server.url, aws: { credentials: keys, maxAttempts: 2 } };
  const advance = async (ms: number): Promise<void> => {
    server.clock.advance(ms);
    await server.whenIdle();
  };
  return makeSession(config, { connection, nowMs: () => server.clock.nowMs(), sleep: advance });
}

const toScope = (name: string): FunctionScope => ({
  ...{ accountId: account, region: "us-east-1", bucket, prefix: "halfprice/", roleArn, kmsKeyArn: kmsKey, name },
  model: {
    invokeId: "us.anthropic.claude-haiku-4-5-20251001-v1:0",
    baseId: "anthropic.claude-haiku-4-5-20251001-v1:0",
    route: "geo",
  } as never,
  workspace: { bucket, prefix: `${name}/` },
});

/** Keys of a role with a policy, as Lambda hands them to the function. */
async function assume(name: string, policy: Policy): Promise<Keys> {
  const trust = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: "sts:AssumeRole" }],
  };
  await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: JSON.stringify(trust) }));
  await iam.send(
    new PutRolePolicyCommand({ RoleName: name, PolicyName: "pass", PolicyDocument: JSON.stringify(policy) }),
  );
  const { Credentials: given } = await sts.send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${account}:role/${name}`, RoleSessionName: "function" }),
  );
  return {
    accessKeyId: given?.AccessKeyId ?? "",
    secretAccessKey: given?.SecretAccessKey ?? "",
    sessionToken: given?.SessionToken ?? "",
  };
}

/**
 * A run of three jobs, one of which expires and is made again and one of which is stuck and moved on demand in time: all that a function does.
 * @returns what its passes failed with, and how the last one left the run
 */
async function workWith(name: string, toPolicy: (policy: Policy) => Policy) {
  const person = openAs(administrator, name, "person");
  const deadline = server.clock.nowMs() + minutes(60);
  await startTestRun(person, writeTexts(makeFolder(), 12), { maxAttempts: 2, deadline });
  const session = openAs(await assume(name, toPolicy(makeFunctionPolicy(toScope(name)))), name, "function");
  const problems: string[] = [];
  let state: unknown;
  for (const afterMinutes of [0, 30, 15, 3, 3, 3, 30]) {
    await session.sleep(minutes(afterMinutes));
    const untilMs = server.clock.nowMs() + minutes(2);
    try {
      ({ states: state } = await makePass(scheduledEvent, { session, untilMs, log: () => undefined }));
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  for (const { config } of [person, session]) closeFiles(config.workspace);
  return { problems, state };
}

describe("the function's policy", () => {
  it("lets it make jobs, look at them, make them again, and ask in time", async () => {
    expect(await workWith("whole", (policy) => policy)).toEqual({ problems: [], state: { ended: 1 } });
  });

  it.each([
    ["ListTheWorkspace", "s3:ListBucket"],
    ["ReadAndWriteTheWorkspace", "s3:GetObject"],
    ["ListTheFilesOfJobs", "s3:ListBucket"],
    ["ReadAndWriteTheFilesOfJobs", "s3:PutObject"],
    ["MakeJobs", "bedrock:CreateModelInvocationJob"],
    ["FollowJobs", "bedrock:(Get|Stop|Tag)"],
    ["ListJobs", "bedrock:ListModelInvocationJobs"],
    ["AskInTime", "bedrock:InvokeModel"],
    ["HandTheRoleToBedrock", "iam:PassRole"],
    ["UseTheKeyThroughS3", "kms:(Decrypt|GenerateDataKey)"],
  ])("without %s fails for want of %s", async (sid, action) => {
    const { problems, state } = await workWith(`no-${sid.toLowerCase()}`, ({ Version, Statement }) => {
      const left = Statement.filter((each) => each.Sid !== sid);
      expect(left).toHaveLength(Statement.length - 1);
      return { Version, Statement: left };
    });
    expect(problems.join()).toMatch(new RegExp(action));
    expect(state).not.toEqual({ ended: 1 });
  });

  it("has two statements that no pass shows the need of: Lambda's own writing of the log and of what failed", () => {
    const scope = toScope("halfprice");
    const { logGroup, queue } = nameFunctionArns(scope);
    const rest = makeFunctionPolicy(scope).Statement.filter(({ Sid }) => /^(WriteTheLog|KeepWhatFailed)$/.test(Sid));
    expect(rest.map(({ Action, Resource }) => [Action, Resource])).toEqual([
      [["logs:CreateLogStream", "logs:PutLogEvents"], `${logGroup}:*`],
      ["sqs:SendMessage", queue],
    ]);
  });

  it("reaches no other bucket, and nothing beside the two prefixes", () => {
    const { Statement } = makeFunctionPolicy(toScope("halfprice"));
    const files = Statement.filter(({ Action }) => [Action].flat().some((action) => action.startsWith("s3:")));
    const resources = files.flatMap(({ Resource = [] }) => Resource);
    expect(new Set(resources)).toEqual(new Set([`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/halfprice/*`]));
    const all = Statement.flatMap(({ Action }) => Action);
    expect(all.filter((action) => /\*|Delete|iam:(?!PassRole)/.test(action))).toEqual([]);
    expect(Statement.filter(({ Resource }) => Resource === "*").map(({ Sid }) => Sid)).toEqual(["ListJobs"]);
  });
});
