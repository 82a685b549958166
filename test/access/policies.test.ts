import { describe, expect, it } from "vitest";
import { makePolicies } from "../../src/access/policies.ts";
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
});
