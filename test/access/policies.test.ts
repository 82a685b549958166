import { describe, expect, it } from "vitest";
import { fitPolicy } from "../../src/access/caller-policy.ts";
import { addModels } from "../../src/access/keep-models.ts";
import { makePolicies, type Policy } from "../../src/access/policies.ts";
import { linkToJob } from "../../src/aws/link-to-job.ts";
import { findTrustProblem } from "../../src/doctor/checks/trust-policy.ts";
import { resolveModel } from "../../src/models/resolve-model.ts";

const scope = {
  accountId: "123456789012",
  region: "us-east-1",
  bucket: "my-bucket",
  prefix: "halfprice/",
  roleArn: "arn:aws:iam::123456789012:role/BatchRole",
};
const model = resolveModel({ model: "claude-haiku-4.5", region: "us-east-1", nowMs: Date.UTC(2026, 10, 21) });

describe("the policies of setup", () => {
  const { trust, role, caller, bucket } = makePolicies({ ...scope, model });
  const resourcesOf = (policy: typeof role, action: string): string[] =>
    policy.Statement.filter(({ Action }) => [Action].flat().includes(action)).flatMap(({ Resource }) =>
      [Resource ?? []].flat(),
    );

  it("let Bedrock assume the role for jobs of this account and region only", () => {
    expect(findTrustProblem(JSON.stringify(trust), scope.accountId, scope.region)).toBeUndefined();
    expect(findTrustProblem(JSON.stringify(trust), "999999999999", scope.region)).toMatch(/SourceAccount/);
    expect(findTrustProblem(JSON.stringify(trust), scope.accountId, "eu-west-1")).toMatch(/SourceArn/);
  });

  it("give the role its prefix, the profile and the model behind it", () => {
    expect(resourcesOf(role, "s3:PutObject")).toEqual(["arn:aws:s3:::my-bucket/halfprice/*"]);
    expect(resourcesOf(role, "bedrock:InvokeModel")).toEqual([
      `arn:aws:bedrock:us-east-1:123456789012:inference-profile/${model.invokeId}`,
      `arn:aws:bedrock:*::foundation-model/${model.baseId}`,
    ]);
  });

  it("let the caller pass this role, to Bedrock and to nobody else", () => {
    const [statement] = caller.Statement.filter(({ Action }) => Action === "iam:PassRole");
    expect(statement).toMatchObject({
      Resource: scope.roleArn,
      Condition: { StringEquals: { "iam:PassedToService": "bedrock.amazonaws.com" } },
    });
    expect(resourcesOf(caller, "bedrock:CreateModelInvocationJob")).toContain(
      "arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/*",
    );
  });

  it("close the bucket to connections without TLS", () => {
    expect(bucket.Statement[0]).toMatchObject({
      Effect: "Deny",
      Principal: "*",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
  });

  it("let the role list its bucket, as AWS's page has it, and below the prefix only where that is asked for", () => {
    const list = (isPrefixStrict: boolean) =>
      makePolicies({ ...scope, model, isPrefixStrict }).role.Statement.find(({ Action }) =>
        [Action].flat().includes("s3:ListBucket"),
      );
    expect(list(false)).toMatchObject({
      Action: "s3:ListBucket",
      Resource: "arn:aws:s3:::my-bucket",
    });
    expect(list(false)?.Condition).toEqual({ StringEquals: { "aws:ResourceAccount": scope.accountId } });
    expect(list(true)?.Condition).toMatchObject({ StringLikeIfExists: { "s3:prefix": "halfprice/*" } });
  });

  it.each([
    ["us-gov-west-1", "aws-us-gov", "console.amazonaws-us-gov.com"],
    ["cn-north-1", "aws-cn", "console.amazonaws.cn"],
    ["eusc-de-east-1", "aws-eusc", "console.amazonaws-eusc.eu"],
    ["us-iso-east-1", "aws-iso", "console.c2shome.ic.gov"],
    ["us-isob-east-1", "aws-iso-b", "console.sc2shome.sgov.gov"],
    ["eu-central-1", "aws", "eu-central-1.console.aws.amazon.com"],
  ])("name what is in %s by the partition %s, and its console", (region, partition, host) => {
    const text = JSON.stringify(makePolicies({ ...scope, region, roleArn: `arn:${partition}:iam::1:role/R` }));
    for (const [arn] of text.matchAll(/arn:[^:"]+:/g)) expect(arn).toBe(`arn:${partition}:`);
    expect(linkToJob(region, `arn:${partition}:bedrock:${region}:1:model-invocation-job/a`)).toContain(
      `https://${host}/`,
    );
  });
});

describe("a user's inline policies", () => {
  const { caller } = makePolicies({ ...scope, model });
  const length = JSON.stringify(caller).length;

  it("count together: what fits alone does not fit beside others", () => {
    expect(fitPolicy(caller, "user")).toBeDefined();
    expect(fitPolicy(caller, "user", 2_048 - length)).toEqual(caller);
    expect(fitPolicy(caller, "user", 2_048 - 100)).toBeUndefined();
    expect(fitPolicy(caller, "role", 2_048)).toEqual(caller);
  });
});

describe("a second model", () => {
  const of = (alias: string) =>
    makePolicies({
      ...scope,
      model: resolveModel({ model: alias, region: "us-east-1", nowMs: Date.UTC(2026, 10, 30) }),
    });
  const modelsOf = (policy: Policy): string[] =>
    policy.Statement.flatMap(({ Resource }) => [Resource ?? []].flat()).filter((each) => each.includes("/us."));

  it("is added to the one before, once, and narrows a policy for every model", () => {
    const [haiku, lite] = [of("claude-haiku-4.5"), of("nova-lite")];
    for (const name of ["role", "caller"] as const) {
      const both = addModels(lite[name], haiku[name]);
      expect(modelsOf(both)).toHaveLength(2);
      expect(addModels(lite[name], both)).toEqual(both);
      expect(addModels(lite[name], makePolicies(scope)[name])).toEqual(lite[name]);
      expect(addModels(lite[name], undefined)).toEqual(lite[name]);
    }
  });
});
