/** A job's service role, where IAM is enforced: Bedrock takes it on and asks IAM each time that it would use it. */

import type { Authority } from "../iam/authority.ts";
import { findKeyProblem, type KeyAction, makeKeyAsk } from "../kms/key-use.ts";
import type { KmsStore } from "../kms/store.ts";
import type { ModelReference } from "../models/answers/reference.ts";
import { listInvokeRights } from "../models/invoke-rights.ts";
import { partitionOf } from "../partition.ts";
import type { World } from "../world.ts";
import type { Job } from "./job.ts";
import { listVpcAsks, type VpcConfig } from "./vpc-rights.ts";

const service = "bedrock.amazonaws.com";

export interface ServiceRole {
  /** Whether its trust policy lets Bedrock in for this job. */
  mayBeAssumed(): boolean;
  /** A right to a bucket, or to a key in it where one is given. */
  mayUseBucket(action: "s3:ListBucket" | "s3:GetObject" | "s3:PutObject", bucket: string, key: string): boolean;
  /** A KMS key, through S3, for an object of a bucket. True where there is no key to use. */
  mayUseKey(action: KeyAction, kmsKey: string | undefined, bucket: string, key: string): boolean;
  /** A network interface in a VPC: made, tagged, used and removed again. */
  mayUseVpc(vpc: VpcConfig): boolean;
  /** The model, or the profile and every model behind it. */
  mayInvoke(reference: ModelReference): boolean;
}

/** Undefined where nothing is enforced: then every role may do everything. */
export function makeServiceRole(
  job: Job,
  { authority, accountId, keys }: Pick<World, "authority" | "accountId" | "keys">,
): ServiceRole | undefined {
  return authority === undefined ? undefined : enforce(job, authority, accountId, keys);
}

function enforce(job: Job, { mayAssume, mayAsRole }: Authority, accountId: string, keys: KmsStore): ServiceRole {
  // The account may be left out of the ARN (the pattern of CreateModelInvocationJob allows it).
  const roleArn = job.roleArn.replace(/^(arn:[^:]+:iam:):(:role\/)/, `$1:${accountId}$2`);
  const { region } = job;
  return {
    mayBeAssumed: () =>
      mayAssume(service, roleArn, { "aws:SourceAccount": accountId, "aws:SourceArn": job.arn }, region),
    mayUseBucket(action, bucket, key) {
      const isList = action === "s3:ListBucket";
      return mayAsRole(roleArn, job.id, {
        action,
        bucket,
        region,
        resource: `arn:${partitionOf(region)}:s3:::${bucket}${isList ? "" : `/${key}`}`,
        // Under which prefix Bedrock lists is unconfirmed; it is told by the input's URI.
        keys: isList ? { "s3:prefix": key } : action === "s3:PutObject" ? makeWriteKeys(job, keys) : {},
      });
    },
    mayUseKey(action, kmsKey, bucket, key) {
      if (kmsKey === undefined) return true;
      const use = { action, key: kmsKey, region, s3Arn: `arn:${partitionOf(region)}:s3:::${bucket}/${key}` };
      const ask = makeKeyAsk(use, keys);
      return ask !== undefined && findKeyProblem(use, keys) === undefined && mayAsRole(roleArn, job.id, ask);
    },
    mayUseVpc: (vpc) => listVpcAsks(vpc, job, accountId).every((ask) => mayAsRole(roleArn, job.id, ask)),
    mayInvoke: (reference) =>
      listInvokeRights(reference, region).every((right) =>
        mayAsRole(roleArn, job.id, { ...right, action: "bedrock:InvokeModel" }),
      ),
  };
}

/** The key of the output by its ARN, as S3 keeps it. */
export function findOutputKey({ output, region }: Job, keys: KmsStore): string | undefined {
  const { s3EncryptionKeyId: name } = output;
  return name === undefined ? undefined : (keys.find(name, region)?.arn ?? name);
}

/** What a bucket's policy sees of the output's encryption: only what the job says, not what the bucket does by itself. */
function makeWriteKeys(job: Job, keys: KmsStore): Record<string, string> {
  const kmsKey = findOutputKey(job, keys);
  if (kmsKey === undefined) return {};
  return {
    "s3:x-amz-server-side-encryption": "aws:kms",
    "s3:x-amz-server-side-encryption-aws-kms-key-id": kmsKey,
  };
}
