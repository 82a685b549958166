import type { RoleService } from "../aws/iam.ts";
import type { ObjectStorage } from "../aws/s3.ts";
import { makeRolePolicy, makeTrustPolicy } from "./policies.ts";
import { findPartition } from "./policy.ts";

interface NewPlace {
  readonly storage: ObjectStorage;
  readonly roles: RoleService;
  readonly accountId: string;
  readonly region: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly roleName: string;
}

/** Makes a bucket and a service role, or leaves those that are there. @returns the role's ARN */
export async function makePlace({
  storage,
  roles,
  accountId,
  region,
  bucket,
  prefix,
  roleName,
}: NewPlace): Promise<string> {
  const roleArn = `arn:${findPartition(region)}:iam::${accountId}:role/${roleName}`;
  const scope = { accountId, region, bucket, prefix, roleArn };
  await storage.createBucket(bucket, region);
  return roles.createRole({
    roleName,
    trustPolicy: JSON.stringify(makeTrustPolicy(scope)),
    policyName: "halfprice-batch",
    policy: JSON.stringify(makeRolePolicy(scope)),
  });
}
