/** A job's service role, where IAM is enforced: Bedrock takes it on and asks IAM each time that it would use it. */
import type { Authority } from "../iam/authority.ts";
import { listInvokeRights } from "../models/invoke-rights.ts";
import type { ModelReference } from "../models/reference.ts";
import type { World } from "../service.ts";
import type { Job } from "./job.ts";

const service = "bedrock.amazonaws.com";

export interface ServiceRole {
  /** Whether its trust policy lets Bedrock in for this job. */
  mayBeAssumed(): boolean;
  /** A right to a bucket, or to a key in it where one is given. */
  mayUseBucket(action: "s3:ListBucket" | "s3:GetObject" | "s3:PutObject", bucket: string, key: string): boolean;
  /** The model, or the profile and every model behind it. */
  mayInvoke(reference: ModelReference): boolean;
}

/** Undefined where nothing is enforced: then every role may do everything. */
export function makeServiceRole(
  job: Job,
  { authority, accountId }: Pick<World, "authority" | "accountId">,
): ServiceRole | undefined {
  return authority === undefined ? undefined : enforce(job, authority, accountId);
}

function enforce(job: Job, { mayAssume, mayAsRole }: Authority, accountId: string): ServiceRole {
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
        resource: `arn:aws:s3:::${bucket}${isList ? "" : `/${key}`}`,
        // Under which prefix Bedrock lists is unconfirmed; it is told by the input's URI.
        keys: isList ? { "s3:prefix": key } : {},
      });
    },
    mayInvoke: (reference) =>
      listInvokeRights(reference, region).every((right) =>
        mayAsRole(roleArn, job.id, { ...right, action: "bedrock:InvokeModel" }),
      ),
  };
}
