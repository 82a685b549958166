/**
 * Access, as AWS's pages of October 2026 have it, row by row. Models and profiles: test/models/autumn-2026.test.ts and
 * test/models/profile-sources.test.ts. Credentials and Bedrock API keys: test/aws/credentials.test.ts.
 */
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { fitPolicy, makeCallerPolicy } from "../../src/access/caller-policy.ts";
import { makePolicies } from "../../src/access/policies.ts";
import { findEnvironmentRegion } from "../../src/aws/environment/variables.ts";
import { resolveModel } from "../../src/models/resolve-model.ts";
import { findFirstUse } from "../../src/models/rules/first-use.ts";
import { findNativeProblems, toNativeSchema } from "../../src/models/rules/native-schema.ts";
import { findFailure } from "../support/failure.ts";

const region = "us-east-1";
const scope = {
  ...{ accountId: "123456789012", region, bucket: "my-bucket", prefix: "halfprice/" },
  roleArn: "arn:aws:iam::123456789012:role/BatchRole",
};
const nowMs = Date.UTC(2026, 10, 30);
const model = resolveModel({ model: "claude-haiku-4.5", region, nowMs });
const { role } = makePolicies({ ...scope, model });
const caller = makeCallerPolicy({ ...scope, model });
const find = (policy: typeof role, action: string) =>
  policy.Statement.filter(({ Action }) => [Action].flat().includes(action));

describe("access, as AWS has it", () => {
  it.each([
    ["the form, once an account", ["anthropic.claude-opus-5"], /use-case form, once an account/],
    [
      "the Marketplace rights of whoever calls first",
      ["openai.x"],
      /calls .* first .*aws-marketplace:Subscribe, aws-marketplace:Unsubscribe and aws-marketplace:ViewSubscriptions/,
    ],
    ["that a call that worked proves little", ["openai.x"], /may pass for 15 minutes/],
    ["the payment method", ["openai.x"], /payment method/],
  ])("names %s", (_what, ids, words) => expect(findFirstUse(ids).join(" ")).toMatch(words));

  it("takes nothing of the kind for Nova", () => expect(findFirstUse(["amazon.nova-2-lite-v1:0"])).toEqual([]));

  it("gives a job's creator models and jobs, tags, and the role for Bedrock alone", () => {
    const [create] = find(caller, "bedrock:CreateModelInvocationJob");
    const resources = [create?.Resource ?? []].flat();
    expect(resources).toContain(`arn:aws:bedrock:${region}:123456789012:model-invocation-job/*`);
    expect(resources.some((each) => each.includes("::foundation-model/anthropic.claude-haiku-4-5"))).toBe(true);
    expect(resources.some((each) => each.includes(":inference-profile/us.anthropic.claude-haiku-4-5"))).toBe(true);
    expect(find(caller, "bedrock:TagResource")).toHaveLength(1);
    expect(find(caller, "iam:PassRole")).toMatchObject([
      { Resource: scope.roleArn, Condition: { StringEquals: { "iam:PassedToService": "bedrock.amazonaws.com" } } },
    ]);
  });

  it("lists the bucket without a prefix, and the caller's policy fits beside nothing else of a user's", () => {
    const [list] = find(role, "s3:ListBucket");
    expect(JSON.stringify(list?.Condition ?? {})).not.toContain("s3:prefix");
    const length = JSON.stringify(caller).length;
    expect(length).toBeLessThanOrEqual(2_048);
    expect(fitPolicy(caller, "user", 2_048)).toBeUndefined();
  });

  it("leaves out of native schemas what has no effect there, closes objects, and refuses recursion", () => {
    const limits = { minimum: 1, maximum: 5 };
    const schema = {
      type: "object",
      properties: { a: { type: "integer", ...limits }, b: { type: "string", minLength: 1, maxLength: 9 } },
    };
    expect(toNativeSchema(schema)).toEqual({
      type: "object",
      properties: { a: { type: "integer" }, b: { type: "string" } },
      additionalProperties: false,
    });
    const recursive = { type: "object", properties: { child: { $ref: "#" } } };
    expect(findNativeProblems(recursive)).not.toEqual([]);
  });

  it.each(["openai.gpt-5.4", "openai.gpt-5.5", "google.gemma-4-31b", "xai.grok-4.3"])(
    "refuses %s, which only another endpoint serves, in batch and on demand",
    async (id) => {
      for (const isOnDemandAsked of [false, true]) {
        const failure = await findFailure(async () => resolveModel({ model: id, region, nowMs, isOnDemandAsked }));
        expect(failure).toMatchObject({ code: "NO_BATCH", message: expect.stringContaining("bedrock-mantle") });
      }
    },
  );

  it("takes AWS_REGION before AWS_DEFAULT_REGION, which users of boto3, CLI and Terraform have", () => {
    vi.stubEnv("AWS_REGION", undefined);
    vi.stubEnv("AWS_DEFAULT_REGION", "eu-west-1");
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(findEnvironmentRegion()).toBe("eu-west-1");
    vi.stubEnv("AWS_REGION", "us-west-2");
    expect(findEnvironmentRegion()).toBe("us-west-2");
  });
});
