/** What IAM's user guide shows by example, case by case: the account, the names and the words are our own. */
import { describe, expect, it } from "vitest";
import { type Asked, account, ask, bedrock, type Given, jane, otherAccount, said, worker } from "./asked.ts";

const allow = (Action: string | string[], Resource: string | string[] = "*", more: object = {}) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});
const deny = (Action: string | string[], Resource: string | string[] = "*", more: object = {}) => ({
  Effect: "Deny",
  Action,
  Resource,
  ...more,
});
const bucketAllows = (Principal: unknown, more: object = {}) =>
  allow("s3:*", ["arn:aws:s3:::bucket", "arn:aws:s3:::bucket/*"], { Principal, ...more });
const trusts = (Principal: unknown, more: object = {}) => ({
  Effect: "Allow",
  Action: "sts:AssumeRole",
  Principal,
  ...more,
});
const roleArn = `arn:aws:iam::${account}:role/batch`;
const assume = (asked: Asked): Asked => ({ action: "sts:AssumeRole", resource: roleArn, ...asked });
const jobArn = `arn:aws:bedrock:us-east-1:${account}:model-invocation-job/abcdefghij12`;

type Case = readonly [title: string, asked: Asked, given: Given, expected: string];

const cases: Readonly<Record<string, readonly Case[]>> = {
  "one identity's policies": [
    ["nothing said is a no", {}, {}, "no identity-based policy"],
    [
      "an Allow for the action and resource allows",
      {},
      { identity: [allow("s3:GetObject", "arn:aws:s3:::bucket/*")] },
      "allowed",
    ],
    ["an Allow for another action does not", {}, { identity: [allow("s3:PutObject")] }, "no identity-based policy"],
    [
      "an Allow for another resource does not",
      {},
      { identity: [allow("s3:GetObject", "arn:aws:s3:::other/*")] },
      "no identity-based policy",
    ],
    [
      "a bucket's ARN is not that of its objects",
      {},
      { identity: [allow("s3:*", "arn:aws:s3:::bucket")] },
      "no identity-based policy",
    ],
    ["a Deny beside an Allow denies", {}, { identity: [allow("*"), deny("s3:Get*")] }, "Deny identity-based policy"],
    ["a Deny elsewhere does not", {}, { identity: [allow("*"), deny("*", "arn:aws:s3:::other/*")] }, "allowed"],
    ["actions know no case", { action: "s3:GetObject" }, { identity: [allow("S3:getobject")] }, "allowed"],
    ["resources do", {}, { identity: [allow("*", "arn:aws:s3:::Bucket/*")] }, "no identity-based policy"],
    ["a question mark is one letter", {}, { identity: [allow("s3:GetObjec?", "arn:aws:s3:::bucket/k?y")] }, "allowed"],
    ["a question mark is not none", {}, { identity: [allow("s3:GetObject?")] }, "no identity-based policy"],
    [
      "NotAction with Allow allows the rest",
      {},
      { identity: [{ Effect: "Allow", NotAction: "iam:*", Resource: "*" }] },
      "allowed",
    ],
    [
      "NotAction with Allow leaves out what it names",
      { action: "iam:PassRole", resource: roleArn },
      { identity: [{ Effect: "Allow", NotAction: ["iam:*", "organizations:*"], Resource: "*" }] },
      "no identity-based policy",
    ],
    [
      "NotAction with Deny denies all but what it names",
      {},
      { identity: [allow("*"), { Effect: "Deny", NotAction: "bedrock:*", Resource: "*" }] },
      "Deny identity-based policy",
    ],
    [
      "NotResource with Deny denies elsewhere",
      {},
      { identity: [allow("*"), { Effect: "Deny", Action: "s3:*", NotResource: "arn:aws:s3:::mine/*" }] },
      "Deny identity-based policy",
    ],
    [
      "NotResource with Deny spares what it names",
      {},
      { identity: [allow("*"), { Effect: "Deny", Action: "s3:*", NotResource: "arn:aws:s3:::bucket/*" }] },
      "allowed",
    ],
    [
      "a star reaches over slashes of a key",
      { resource: "arn:aws:s3:::bucket/a/b/c" },
      { identity: [allow("*", "arn:aws:s3:::bucket/a*c")] },
      "allowed",
    ],
    [
      "a star in the account does not reach into the resource",
      { action: "bedrock:InvokeModel", resource: `arn:aws:bedrock:us-east-1:${account}:inference-profile/us.x` },
      { identity: [allow("*", "arn:aws:bedrock:*:us.x")] },
      "no identity-based policy",
    ],
    [
      "an ARN of all Regions covers the one without",
      { action: "bedrock:InvokeModel", resource: "arn:aws:bedrock:::foundation-model/a.b" },
      { identity: [allow("bedrock:InvokeModel", "arn:aws:bedrock:*::foundation-model/*")] },
      "allowed",
    ],
    [
      "an ARN of one Region does not",
      { action: "bedrock:InvokeModel", resource: "arn:aws:bedrock:us-west-2::foundation-model/a.b" },
      { identity: [allow("bedrock:InvokeModel", "arn:aws:bedrock:us-east-1::foundation-model/*")] },
      "no identity-based policy",
    ],
    [
      "what concerns no resource needs a star",
      { action: "bedrock:ListFoundationModels", resource: "*" },
      { identity: [allow("bedrock:*", "arn:aws:bedrock:*:*:*")] },
      "no identity-based policy",
    ],
  ],
  "conditions and variables": [
    [
      "PassRole to the service that is named",
      { action: "iam:PassRole", resource: roleArn, keys: { "iam:PassedToService": "bedrock.amazonaws.com" } },
      {
        identity: [
          allow("iam:PassRole", roleArn, {
            Condition: { StringEquals: { "iam:PassedToService": "bedrock.amazonaws.com" } },
          }),
        ],
      },
      "allowed",
    ],
    [
      "PassRole to another service",
      { action: "iam:PassRole", resource: roleArn, keys: { "iam:PassedToService": "bedrock.amazonaws.com" } },
      {
        identity: [
          allow("iam:PassRole", roleArn, {
            Condition: { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } },
          }),
        ],
      },
      "no identity-based policy",
    ],
    [
      "a prefix for every user",
      {
        action: "s3:ListBucket",
        resource: "arn:aws:s3:::bucket",
        keys: { "s3:prefix": "home/jane/in", "aws:username": "jane" },
      },
      {
        identity: [
          allow("s3:ListBucket", "arn:aws:s3:::bucket", {
            Condition: { StringLike: { "s3:prefix": ["home/${aws:username}/*"] } },
          }),
        ],
      },
      "allowed",
    ],
    [
      "another user's prefix",
      {
        action: "s3:ListBucket",
        resource: "arn:aws:s3:::bucket",
        keys: { "s3:prefix": "home/joe/in", "aws:username": "jane" },
      },
      {
        identity: [
          allow("s3:ListBucket", "arn:aws:s3:::bucket", {
            Condition: { StringLike: { "s3:prefix": ["home/${aws:username}/*"] } },
          }),
        ],
      },
      "no identity-based policy",
    ],
    [
      "a folder for every user, by resource",
      { resource: "arn:aws:s3:::bucket/jane/x", keys: { "aws:username": "jane" } },
      { identity: [allow("s3:*", "arn:aws:s3:::bucket/${aws:username}/*")] },
      "allowed",
    ],
    [
      "a variable without a value fits nothing",
      { resource: "arn:aws:s3:::bucket//x" },
      { identity: [allow("s3:*", "arn:aws:s3:::bucket/${aws:username}/*")] },
      "no identity-based policy",
    ],
    [
      "a variable may have a usual value",
      { resource: "arn:aws:s3:::bucket/none/x" },
      { identity: [allow("s3:*", "arn:aws:s3:::bucket/${aws:PrincipalTag/team, 'none'}/*")] },
      "allowed",
    ],
    [
      "a star that a variable brings is a letter",
      { resource: "arn:aws:s3:::bucket/joe/x", keys: { "aws:username": "*" } },
      { identity: [allow("s3:*", "arn:aws:s3:::bucket/${aws:username}/*")] },
      "no identity-based policy",
    ],
    [
      "documents of 2008 have no variables",
      { resource: "arn:aws:s3:::bucket/jane", keys: { "aws:username": "jane" } },
      { version: "2008-10-17", identity: [allow("s3:*", "arn:aws:s3:::bucket/${aws:username}")] },
      "no identity-based policy",
    ],
    [
      "several conditions must all hold",
      { keys: { "aws:SecureTransport": "true", "aws:ResourceAccount": otherAccount } },
      {
        identity: [
          allow("*", "*", {
            Condition: { Bool: { "aws:SecureTransport": "true" }, StringEquals: { "aws:ResourceAccount": account } },
          }),
        ],
      },
      "no identity-based policy",
    ],
    [
      "several values: one is enough",
      { keys: { "aws:RequestedRegion": "us-west-2" } },
      {
        identity: [
          allow("*", "*", { Condition: { StringEquals: { "aws:RequestedRegion": ["us-east-1", "us-west-2"] } } }),
        ],
      },
      "allowed",
    ],
    [
      "a Deny without TLS",
      { keys: { "aws:SecureTransport": "false" } },
      {
        identity: [allow("*")],
        resource: [deny("s3:*", "*", { Principal: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } })],
      },
      "Deny resource-based policy",
    ],
    [
      "a Deny outside a Region spares the Region",
      { keys: { "aws:RequestedRegion": "us-east-1" } },
      {
        identity: [allow("*")],
        organisation: [deny("*", "*", { Condition: { StringNotEquals: { "aws:RequestedRegion": "us-east-1" } } })],
      },
      "allowed",
    ],
  ],
  "a bucket's policy in the same account": [
    [
      "names the user: no policy of theirs is needed",
      {},
      { resource: [bucketAllows({ AWS: `arn:aws:iam::${account}:user/jane` })] },
      "allowed",
    ],
    [
      "names the account: it is left to the user's policies",
      {},
      { resource: [bucketAllows({ AWS: account })] },
      "no identity-based policy",
    ],
    [
      "names the account's root: the same",
      {},
      { resource: [bucketAllows({ AWS: `arn:aws:iam::${account}:root` })] },
      "no identity-based policy",
    ],
    ["names everybody", {}, { resource: [bucketAllows("*")] }, "allowed"],
    [
      "names another user",
      {},
      { resource: [bucketAllows({ AWS: `arn:aws:iam::${account}:user/joe` })] },
      "no identity-based policy",
    ],
    [
      "names nobody, and the user's own allows",
      {},
      { identity: [allow("s3:*")], resource: [bucketAllows({ AWS: `arn:aws:iam::${account}:user/joe` })] },
      "allowed",
    ],
    [
      "denies whom it names",
      {},
      { identity: [allow("*")], resource: [deny("s3:*", "*", { Principal: { AWS: account } })] },
      "Deny resource-based policy",
    ],
    [
      "denies all but one: another",
      {},
      {
        identity: [allow("*")],
        resource: [
          {
            Effect: "Deny",
            Action: "*",
            Resource: "*",
            NotPrincipal: { AWS: [`arn:aws:iam::${account}:user/joe`, account] },
          },
        ],
      },
      "Deny resource-based policy",
    ],
    [
      "denies all but one: the one",
      {},
      {
        identity: [allow("*")],
        resource: [
          {
            Effect: "Deny",
            Action: "*",
            Resource: "*",
            NotPrincipal: { AWS: [`arn:aws:iam::${account}:user/jane`, account] },
          },
        ],
      },
      "allowed",
    ],
    [
      "denies all but one: the one without their account",
      {},
      {
        identity: [allow("*")],
        resource: [
          { Effect: "Deny", Action: "*", Resource: "*", NotPrincipal: { AWS: `arn:aws:iam::${account}:user/jane` } },
        ],
      },
      "Deny resource-based policy",
    ],
    [
      "has no wildcards in a principal",
      {},
      { resource: [bucketAllows({ AWS: `arn:aws:iam::${account}:user/*` })] },
      "no identity-based policy",
    ],
    [
      "names the role of a session",
      { principal: worker },
      { resource: [bucketAllows({ AWS: `arn:aws:iam::${account}:role/worker` })] },
      "allowed",
    ],
    [
      "is asked for nobody",
      { principal: { kind: "anonymous" } },
      { resource: [bucketAllows({ AWS: account })] },
      "no resource-based policy",
    ],
    [
      "lets nobody in where everybody may",
      { principal: { kind: "anonymous" } },
      { resource: [bucketAllows("*")] },
      "allowed",
    ],
  ],
  "across accounts": [
    [
      "both allow",
      { principal: jane },
      { resourceAccountId: otherAccount, identity: [allow("s3:*")], resource: [bucketAllows({ AWS: account })] },
      "allowed",
    ],
    [
      "only the user's own allows",
      {},
      { resourceAccountId: otherAccount, identity: [allow("s3:*")] },
      "no resource-based policy",
    ],
    [
      "only the bucket's allows",
      {},
      { resourceAccountId: otherAccount, resource: [bucketAllows({ AWS: `arn:aws:iam::${account}:user/jane` })] },
      "no identity-based policy",
    ],
    ["neither allows", {}, { resourceAccountId: otherAccount }, "no identity-based policy"],
  ],
  "what narrows": [
    [
      "a session policy leaves what both allow",
      { principal: worker },
      { identity: [allow("s3:*")], session: [allow("s3:GetObject")] },
      "allowed",
    ],
    [
      "a session policy takes the rest",
      { principal: worker },
      { identity: [allow("s3:*")], session: [allow("s3:PutObject")] },
      "no session policy",
    ],
    ["a session policy gives nothing", { principal: worker }, { session: [allow("*")] }, "no identity-based policy"],
    [
      "a session policy that denies",
      { principal: worker },
      { identity: [allow("*")], session: [allow("*"), deny("s3:*")] },
      "Deny session policy",
    ],
    [
      "no statement left of the session's policies",
      { principal: worker },
      { identity: [allow("*")], session: [] },
      "no session policy",
    ],
    [
      "a session policy narrows what the bucket gives the role",
      { principal: worker },
      { session: [allow("s3:PutObject")], resource: [bucketAllows({ AWS: `arn:aws:iam::${account}:role/worker` })] },
      "no session policy",
    ],
    [
      "but not what the bucket gives the session",
      { principal: worker },
      {
        session: [allow("s3:PutObject")],
        resource: [bucketAllows({ AWS: `arn:aws:sts::${account}:assumed-role/worker/night` })],
      },
      "allowed",
    ],
    ["a boundary narrows", {}, { identity: [allow("*")], boundary: [allow("bedrock:*")] }, "no permissions boundary"],
    [
      "a boundary that denies",
      {},
      { identity: [allow("*")], boundary: [allow("*"), deny("s3:*")] },
      "Deny permissions boundary",
    ],
    [
      "the organisation denies",
      {},
      { identity: [allow("*")], organisation: [deny("s3:*")] },
      "Deny service control policy",
    ],
    [
      "the organisation is named first",
      {},
      { identity: [deny("*")], organisation: [deny("*")] },
      "Deny service control policy",
    ],
    ["what the organisation allows gives nothing", {}, { organisation: [allow("*")] }, "no identity-based policy"],
  ],
  "a role's trust": [
    [
      "a service that is named",
      assume({ principal: bedrock }),
      { isResourceNeeded: true, resource: [trusts({ Service: "bedrock.amazonaws.com" })] },
      "allowed",
    ],
    [
      "a service among several",
      assume({ principal: bedrock }),
      { isResourceNeeded: true, resource: [trusts({ Service: ["sagemaker.amazonaws.com", "bedrock.amazonaws.com"] })] },
      "allowed",
    ],
    [
      "another service",
      assume({ principal: bedrock }),
      { isResourceNeeded: true, resource: [trusts({ Service: "sagemaker.amazonaws.com" })] },
      "no resource-based policy",
    ],
    [
      "the account's root does not admit a service",
      assume({ principal: bedrock }),
      { isResourceNeeded: true, resource: [trusts({ AWS: `arn:aws:iam::${account}:root` })] },
      "no resource-based policy",
    ],
    [
      "a job of the account",
      assume({ principal: bedrock, keys: { "aws:SourceAccount": account, "aws:SourceArn": jobArn } }),
      {
        isResourceNeeded: true,
        resource: [
          trusts(
            { Service: "bedrock.amazonaws.com" },
            {
              Condition: {
                StringEquals: { "aws:SourceAccount": account },
                ArnEquals: { "aws:SourceArn": `arn:aws:bedrock:us-east-1:${account}:model-invocation-job/*` },
              },
            },
          ),
        ],
      },
      "allowed",
    ],
    [
      "a job of another account",
      assume({ principal: bedrock, keys: { "aws:SourceAccount": account } }),
      {
        isResourceNeeded: true,
        resource: [
          trusts(
            { Service: "bedrock.amazonaws.com" },
            { Condition: { StringEquals: { "aws:SourceAccount": otherAccount } } },
          ),
        ],
      },
      "no resource-based policy",
    ],
    [
      "a job of another Region",
      assume({ principal: bedrock, keys: { "aws:SourceArn": jobArn } }),
      {
        isResourceNeeded: true,
        resource: [
          trusts(
            { Service: "bedrock.amazonaws.com" },
            { Condition: { ArnLike: { "aws:SourceArn": `arn:aws:bedrock:eu-west-1:${account}:*` } } },
          ),
        ],
      },
      "no resource-based policy",
    ],
    [
      "the user by name",
      assume({}),
      { isResourceNeeded: true, resource: [trusts({ AWS: `arn:aws:iam::${account}:user/jane` })] },
      "allowed",
    ],
    [
      "the account, and the user's own policy",
      assume({}),
      { isResourceNeeded: true, identity: [allow("sts:AssumeRole", roleArn)], resource: [trusts({ AWS: account })] },
      "allowed",
    ],
    [
      "the account alone",
      assume({}),
      { isResourceNeeded: true, resource: [trusts({ AWS: account })] },
      "no identity-based policy",
    ],
    [
      "the user's own policy alone",
      assume({}),
      { isResourceNeeded: true, identity: [allow("*")], resource: [trusts({ Service: "bedrock.amazonaws.com" })] },
      "no resource-based policy",
    ],
  ],
};

describe.each(Object.entries(cases))("%s", (_title, rows) => {
  it.each(rows)("%s", (_said, asked, given, expected) => {
    expect(said(ask(asked, given))).toBe(expected);
  });
});
