import {
  type ContextEntry,
  CreateRoleCommand,
  CreateUserCommand,
  type EvaluationResult,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  paginateSimulatePrincipalPolicy,
  SimulateCustomPolicyCommand,
  SimulatePrincipalPolicyCommand,
} from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { credentials, type Served, serve } from "../served.ts";

const account = "123456789012";
const role = `arn:aws:iam::${account}:role/batch`;
const jane = `arn:aws:iam::${account}:user/jane`;
const policy = (...Statement: object[]): string => JSON.stringify({ Version: "2012-10-17", Statement });
const passRole = {
  Effect: "Allow",
  Action: "iam:PassRole",
  Resource: role,
  Condition: { StringEquals: { "iam:PassedToService": "bedrock.amazonaws.com" } },
};
const entry = (ContextKeyName: string, ...ContextKeyValues: string[]): ContextEntry => ({
  ContextKeyName,
  ContextKeyValues,
  ContextKeyType: ContextKeyValues.length > 1 ? "stringList" : "string",
});

let served: Served;
let iam: IAMClient;
beforeAll(async () => {
  served = await serve();
  iam = new IAMClient({ endpoint: served.local.url, region: "us-east-1", credentials, maxAttempts: 1 });
  await iam.send(new CreateUserCommand({ UserName: "jane" }));
  await iam.send(
    new PutUserPolicyCommand({
      UserName: "jane",
      PolicyName: "work",
      PolicyDocument: policy(passRole, { Effect: "Deny", Action: "s3:Delete*", Resource: "*" }),
    }),
  );
  const trust = policy({ Effect: "Allow", Principal: { Service: "bedrock.amazonaws.com" }, Action: "sts:AssumeRole" });
  await iam.send(new CreateRoleCommand({ RoleName: "batch", AssumeRolePolicyDocument: trust }));
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: "batch",
      PolicyName: "read",
      PolicyDocument: policy({
        Effect: "Allow",
        Action: "s3:GetObject",
        Resource: "arn:aws:s3:::data/in/*",
        Condition: { StringEquals: { "aws:ResourceAccount": account } },
      }),
    }),
  );
});
afterAll(async () => {
  iam.destroy();
  await served.close();
});

const ask = async (
  input: Partial<ConstructorParameters<typeof SimulatePrincipalPolicyCommand>[0]>,
): Promise<EvaluationResult[]> => {
  const { EvaluationResults = [] } = await iam.send(
    new SimulatePrincipalPolicyCommand({ PolicySourceArn: jane, ActionNames: ["iam:PassRole"], ...input }),
  );
  return EvaluationResults;
};

describe("SimulatePrincipalPolicy", () => {
  it("allows PassRole where the entry says to whom, and names what is missing where none does", async () => {
    const ResourceArns = [role];
    expect(
      await ask({ ResourceArns, ContextEntries: [entry("iam:PassedToService", "bedrock.amazonaws.com")] }),
    ).toMatchObject([
      {
        EvalActionName: "iam:PassRole",
        EvalResourceName: role,
        EvalDecision: "allowed",
        MatchedStatements: [{ SourcePolicyId: "user_jane_work" }],
        MissingContextValues: [],
      },
    ]);
    expect(await ask({ ResourceArns })).toMatchObject([
      { EvalDecision: "implicitDeny", MatchedStatements: [], MissingContextValues: ["iam:PassedToService"] },
    ]);
    expect(
      await ask({ ResourceArns, ContextEntries: [entry("iam:PassedToService", "lambda.amazonaws.com")] }),
    ).toMatchObject([{ EvalDecision: "implicitDeny", MissingContextValues: [] }]);
  });

  it("tells an explicit Deny from nothing said", async () => {
    expect(await ask({ ActionNames: ["s3:DeleteObject", "s3:GetObject"] })).toMatchObject([
      {
        EvalDecision: "explicitDeny",
        EvalResourceName: "*",
        MatchedStatements: [{ SourcePolicyId: "user_jane_work" }],
      },
      { EvalDecision: "implicitDeny" },
    ]);
  });

  it("asks of a role what it may do, account of the resource given or not", async () => {
    const question = { PolicySourceArn: role, ActionNames: ["s3:GetObject"], ResourceArns: ["arn:aws:s3:::data/in/a"] };
    expect(await ask(question)).toMatchObject([
      { EvalDecision: "implicitDeny", MissingContextValues: ["aws:ResourceAccount"] },
    ]);
    expect(await ask({ ...question, ContextEntries: [entry("aws:ResourceAccount", account)] })).toMatchObject([
      { EvalDecision: "allowed" },
    ]);
  });

  it("takes further policies and a boundary along", async () => {
    const all = policy({ Effect: "Allow", Action: "*", Resource: "*" });
    const question = { ActionNames: ["s3:GetObject"], PolicyInputList: [all] };
    expect(await ask(question)).toMatchObject([
      { EvalDecision: "allowed", MatchedStatements: [{ SourcePolicyId: "PolicyInputList.1" }] },
    ]);
    const boundary = policy({ Effect: "Allow", Action: "bedrock:*", Resource: "*" });
    expect(await ask({ ...question, PermissionsBoundaryPolicyInputList: [boundary] })).toMatchObject([
      { EvalDecision: "implicitDeny", PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false } },
    ]);
  });

  it("weighs a bucket's policy that is given", async () => {
    const ResourcePolicy = policy({ Effect: "Allow", Principal: { AWS: jane }, Action: "s3:*", Resource: "*" });
    const question = { ActionNames: ["s3:GetObject"], ResourceArns: ["arn:aws:s3:::data/a"], ResourcePolicy };
    expect(await ask(question)).toMatchObject([{ EvalDecision: "allowed" }]);
    expect(await ask({ ...question, ResourceOwner: "arn:aws:iam::999999999999:root" })).toMatchObject([
      { EvalDecision: "implicitDeny" },
    ]);
  });

  it("answers every action on every resource, in pages", async () => {
    const results: EvaluationResult[] = [];
    const input = {
      PolicySourceArn: `arn:aws:iam::${account}:user/local`,
      ActionNames: ["s3:GetObject", "s3:PutObject"],
      ResourceArns: ["arn:aws:s3:::a/x", "arn:aws:s3:::b/x"],
    };
    for await (const { EvaluationResults = [] } of paginateSimulatePrincipalPolicy({ client: iam, pageSize: 3 }, input))
      results.push(...EvaluationResults);
    expect(
      results.map(({ EvalActionName, EvalResourceName, EvalDecision }) => [
        EvalActionName,
        EvalResourceName,
        EvalDecision,
      ]),
    ).toEqual([
      ["s3:GetObject", "arn:aws:s3:::a/x", "allowed"],
      ["s3:GetObject", "arn:aws:s3:::b/x", "allowed"],
      ["s3:PutObject", "arn:aws:s3:::a/x", "allowed"],
      ["s3:PutObject", "arn:aws:s3:::b/x", "allowed"],
    ]);
  });

  it.each([
    [
      "a source that is a session",
      { PolicySourceArn: `arn:aws:sts::${account}:assumed-role/batch/x` },
      "InvalidInputException",
    ],
    ["a source that is not there", { PolicySourceArn: `arn:aws:iam::${account}:role/nobody` }, "NoSuchEntityException"],
    ["an action without a service", { ActionNames: ["PassRole"] }, "InvalidInputException"],
    ["a bucket's policy that is none", { ResourcePolicy: "{" }, "InvalidInputException"],
  ])("refuses %s", async (_said, input, name) => {
    await expect(ask(input)).rejects.toMatchObject({ name });
  });
});

it("SimulateCustomPolicy weighs policies that are kept nowhere", async () => {
  const { EvaluationResults } = await iam.send(
    new SimulateCustomPolicyCommand({
      PolicyInputList: [policy(passRole)],
      ActionNames: ["iam:PassRole"],
      ResourceArns: [role, `${role}2`],
      ContextEntries: [entry("iam:PassedToService", "bedrock.amazonaws.com")],
    }),
  );
  expect(EvaluationResults?.map(({ EvalDecision }) => EvalDecision)).toEqual(["allowed", "implicitDeny"]);
});
