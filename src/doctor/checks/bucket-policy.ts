import { findPartition } from "../../access/policy.ts";
import type { BucketSetting } from "../../aws/bucket-reading.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { type CheckResult, fail, pass, skip, warn } from "./check.ts";
import { fitsStatement, type PolicyRequest, type PolicyStatement, parsePolicyDocument } from "./policy-document.ts";
import { bucketArn, type JobScope, sampleKey } from "./scope.ts";
import { nameStatement } from "./trust-policy.ts";

/** The statements of a bucket's policy; undefined where it cannot be seen. */
export function readStatements(policy: BucketSetting<string>): readonly PolicyStatement[] | undefined {
  if (policy === "denied") return undefined;
  return policy === "none" || policy === "" ? [] : parsePolicyDocument(policy);
}

/**
 * Does the bucket's policy deny what a job does? The simulator does not see it. A policy that only refuses calls without
 * TLS is as it should be. @see sources#bucket-rights, collected 2026-11-21
 */
export function checkBucketPolicy(statements: readonly PolicyStatement[] | undefined, scope: JobScope): CheckResult {
  const { bucket } = scope;
  const subject = `policy of the bucket ${bucket}`;
  if (statements === undefined) return skip(subject, "not looked at: this caller has no s3:GetBucketPolicy");
  const denying = statements.filter(({ effect }) => effect === "Deny");
  const sure: string[] = [];
  const unsure: string[] = [];
  for (const { who, request } of listCalls(scope)) {
    for (const statement of denying) {
      const fit = fitsStatement(statement, request);
      const line = `${nameStatement(statement)} denies ${request.action} to the ${who}`;
      if (fit === "yes" && !sure.includes(line)) sure.push(line);
      const keys = statement.conditions.map(({ key }) => key).join(", ");
      if (fit === "maybe")
        unsure.push(`${nameStatement(statement)} may deny ${request.action} to the ${who}: it depends on ${keys}`);
    }
  }
  if (sure.length > 0) {
    const fix = `take the principal or the action out of ${[...new Set(sure.map((line) => line.replace(/ denies .*$/, "")))].join(", ")}: aws s3api get-bucket-policy --bucket ${bucket}`;
    return fail(subject, new HalfpriceError("BUCKET_POLICY", { bucket, problems: sure, fix }));
  }
  if (unsure.length > 0) {
    return warn(subject, unsure[0] ?? "", {
      isLikely: true,
      fix: `look whether a job's calls satisfy it: aws s3api get-bucket-policy --bucket ${bucket}`,
    });
  }
  return pass(subject, denying.length === 0 ? "denies nothing" : "denies nothing that a job does");
}

function listCalls(scope: JobScope): readonly { readonly who: string; readonly request: PolicyRequest }[] {
  const { accountId, region, callerArn, callerSource, roleArn } = scope;
  const account = [accountId, `arn:${findPartition(region)}:iam::${accountId}:root`];
  const parties = [
    { who: "caller", arn: callerSource ?? callerArn, names: [callerArn, callerSource ?? callerArn, ...account] },
    { who: "service role", arn: roleArn, names: [roleArn, ...account] },
  ];
  const bucket = bucketArn(scope);
  const calls = [
    { action: "s3:ListBucket", resource: bucket, keys: { "s3:prefix": sampleKey(scope, "input") } },
    { action: "s3:GetObject", resource: `${bucket}/${sampleKey(scope, "input")}`, keys: {} },
    {
      action: "s3:PutObject",
      resource: `${bucket}/${sampleKey(scope, "output")}`,
      // Neither halfprice nor, as far as is known, Bedrock sends headers of encryption: the bucket's default applies.
      keys: {
        "s3:x-amz-server-side-encryption": undefined,
        "s3:x-amz-server-side-encryption-aws-kms-key-id": undefined,
        "s3:x-amz-acl": undefined,
      },
    },
  ];
  return parties.flatMap(({ who, arn, names }) =>
    calls.map(({ action, resource, keys }) => ({
      who,
      request: {
        action,
        resource,
        principals: { kind: "AWS" as const, names },
        keys: {
          "aws:securetransport": "true",
          "aws:principalarn": arn,
          "aws:principalaccount": accountId,
          "aws:resourceaccount": accountId,
          "s3:resourceaccount": accountId,
          "aws:requestedregion": region,
          "aws:principalisawsservice": "false",
          ...keys,
        },
      },
    })),
  );
}
