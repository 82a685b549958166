/** What doctor may read, for a role that runs halfprice: taken away right by right. */
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, it } from "vitest";
import { makeDoctorPolicy } from "../../src/access/doctor-policy.ts";
import { diagnose } from "../../src/doctor/doctor.ts";
import { resolveModel } from "../../src/models/resolve-model.ts";
import { account, administrator, bucket, openAccount, roleArn } from "../support/empty-account.ts";

const runner = `arn:aws:iam::${account}:role/Runner`;
const document = (statement: object): string => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });

it("lets doctor see all of a sound set-up, and besides that only what it reads where something is wrong", async () => {
  const { iam, server, setUp, openSession } = await openAccount();
  const trust = { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:user/local` }, Action: "sts:AssumeRole" };
  await iam.send(new CreateRoleCommand({ RoleName: "Runner", AssumeRolePolicyDocument: document(trust) }));
  const attached = document({ Effect: "Allow", Action: "sqs:*", Resource: "*" });
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: "other", PolicyDocument: attached }));
  await iam.send(new AttachRolePolicyCommand({ RoleName: "Runner", PolicyArn: Policy?.Arn }));
  await setUp({ caller: runner, withDoctor: true });
  const sts = new STSClient({ endpoint: server.url, region: "us-east-1", credentials: administrator });
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: runner, RoleSessionName: "runs" }));
  sts.destroy();
  const { AccessKeyId: accessKeyId = "", SecretAccessKey: secretAccessKey = "", SessionToken = "" } = Credentials ?? {};
  const session = openSession({ accessKeyId, secretAccessKey, sessionToken: SessionToken }, { bucket, roleArn });
  const model = resolveModel({ model: "claude-haiku-4.5", region: "us-east-1", nowMs: Date.UTC(2026, 10, 21) });
  const scope = { accountId: account, region: "us-east-1", bucket, prefix: "halfprice/", roleArn, model };
  const policy = makeDoctorPolicy(scope, runner);
  const diagnoseWith = async (given: object): Promise<string> => {
    const PolicyDocument = JSON.stringify(given);
    await iam.send(new PutRolePolicyCommand({ RoleName: "Runner", PolicyName: `${bucket}-doctor`, PolicyDocument }));
    const { results } = await diagnose(session, { model: "claude-haiku-4.5" }, () => undefined);
    return JSON.stringify(results.map(({ check, status, finding }) => [check, status, finding]));
  };
  const whole = await diagnoseWith(policy);
  const unseen: string[] = [];
  for (const statement of policy.Statement) {
    for (const action of [statement.Action].flat()) {
      const rest = [statement.Action].flat().filter((each) => each !== action);
      const Statement = policy.Statement.map((each) => (each === statement ? { ...each, Action: rest } : each));
      if ((await diagnoseWith({ ...policy, Statement })) === whole) unseen.push(action);
    }
  }
  expect(unseen).toEqual([
    // The ARN of a role with a path, which this one is not.
    "iam:GetRole",
    // Which statement of which policy denies or is too wide.
    ...[
      "iam:GetRolePolicy",
      "iam:ListAttachedRolePolicies",
      "iam:ListRolePolicies",
      "iam:GetPolicy",
      "iam:GetPolicyVersion",
    ],
    // Old versions in a bucket whose files would go; the form and the request that a model waits for.
    ...[
      "s3:GetBucketVersioning",
      "bedrock:GetUseCaseForModelAccess",
      "servicequotas:ListRequestedServiceQuotaChangeHistory",
    ],
  ]);
}, 60_000);
