import { findPartition } from "../access/policy.ts";
import type { BucketEncryption, BucketSetting } from "../aws/bucket-reading.ts";
import { HalfpriceError } from "../errors.ts";
import { type Asker, askRights } from "./ask-rights.ts";
import { type CheckResult, pass, skip } from "./check.ts";
import { toRightsResult } from "./rights-result.ts";
import type { JobScope } from "./scope.ts";

/** Where a bucket is encrypted with a key of the account, caller and role have to be able to use it. */
export async function checkKeyRights(
  asker: Asker,
  scope: JobScope,
  encryption: BucketSetting<BucketEncryption>,
  who: "caller" | "role",
): Promise<CheckResult> {
  const subject = `key for the ${who}`;
  if (encryption === "denied") return skip(subject, "this caller may not see how the bucket is encrypted");
  if (encryption === "none" || !encryption.algorithm.startsWith("aws:kms"))
    return pass(subject, "the bucket needs no key: S3 encrypts with its own");
  // AWS's own key of S3 admits everybody in the account who comes through S3.
  if (encryption.keyId === undefined || encryption.keyId.endsWith("alias/aws/s3"))
    return pass(subject, "the bucket is encrypted with AWS's own key of S3, which needs no right of its own");
  const { keyId } = encryption;
  const { region, accountId } = scope;
  const resource = keyId.startsWith("arn:")
    ? keyId
    : `arn:${findPartition(region)}:kms:${region}:${accountId}:${keyId.startsWith("alias/") ? keyId : `key/${keyId}`}`;
  const keys = { "kms:ViaService": `s3.${region}.amazonaws.com` };
  const problems = await askRights(asker, [
    { action: "kms:GenerateDataKey", resource, keys },
    { action: "kms:Decrypt", resource, keys },
  ]);
  const { principalArn } = asker;
  return toRightsResult({
    subject,
    sid: "HalfpriceUsesTheKey",
    principalArn,
    policyName: "halfprice-key",
    problems,
    fine: `the ${who} may use the bucket's key ${resource}; the key's own policy is not looked at`,
    toError: (lines, fix) =>
      who === "role"
        ? new HalfpriceError("ROLE_RIGHTS", { roleArn: scope.roleArn, problems: lines, fix })
        : new HalfpriceError("CALLER_RIGHTS", { caller: scope.callerArn, problems: lines, fix }),
  });
}
