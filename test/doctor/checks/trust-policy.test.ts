import { describe, expect, it } from "vitest";
import { findTrustProblem } from "../../../src/doctor/checks/trust-policy.ts";

const account = "123456789012";
const trust = (...statements: object[]): string => JSON.stringify({ Version: "2012-10-17", Statement: statements });
const bedrock = { Effect: "Allow", Principal: { Service: "bedrock.amazonaws.com" }, Action: "sts:AssumeRole" };
const job = `arn:aws:bedrock:us-east-1:${account}:model-invocation-job/*`;

describe("a trust policy that admits Bedrock", () => {
  it.each([
    ["plainly", trust(bedrock)],
    ["as the only statement, without a list", JSON.stringify({ Statement: bedrock })],
    [
      "beside other services",
      trust({ ...bedrock, Principal: { Service: ["sagemaker.amazonaws.com", "bedrock.amazonaws.com"] } }),
    ],
    ["by a wildcard action", trust({ ...bedrock, Action: "sts:*" })],
    [
      "with the conditions of the documentation",
      trust({
        ...bedrock,
        Condition: { StringEquals: { "aws:SourceAccount": account }, ArnEquals: { "aws:SourceArn": job } },
      }),
    ],
    [
      "with a condition for every region",
      trust({ ...bedrock, Condition: { ArnLike: { "aws:SourceArn": `arn:aws:bedrock:*:${account}:*` } } }),
    ],
    [
      "in one of two statements",
      trust({ ...bedrock, Condition: { StringEquals: { "aws:SourceAccount": "999999999999" } } }, bedrock),
    ],
  ])("%s has no problem", (_how, policy) => {
    expect(findTrustProblem(policy, account, "us-east-1")).toBeUndefined();
  });
});

describe("a trust policy that does not", () => {
  it.each([
    // As printed in a widely read article: the account's root is no service.
    [
      "names the account's root",
      trust({ ...bedrock, Principal: { AWS: `arn:aws:iam::${account}:root` } }),
      /root, not bedrock\.amazonaws\.com/,
    ],
    [
      "names another service",
      trust({ ...bedrock, Principal: { Service: "sagemaker.amazonaws.com" } }),
      /sagemaker\.amazonaws\.com, not bedrock/,
    ],
    ["allows nothing", trust({ ...bedrock, Effect: "Deny" }), /admits nobody/],
    ["allows another action", trust({ ...bedrock, Action: "sts:TagSession" }), /admits nobody/],
    [
      "wants another account",
      trust({ ...bedrock, Condition: { StringEquals: { "aws:SourceAccount": "999999999999" } } }),
      /aws:SourceAccount wants 999999999999/,
    ],
    [
      "wants another region",
      trust({ ...bedrock, Condition: { ArnEquals: { "aws:SourceArn": job.replace("us-east-1", "eu-west-1") } } }),
      /eu-west-1/,
    ],
    ["is no JSON", "{", /not JSON/],
  ])("%s, and that is what is said", (_how, policy, words) => {
    expect(findTrustProblem(policy, account, "us-east-1")).toMatch(words);
  });
});
