import type { Identity } from "../aws/sts.ts";
import type { CheckResult } from "../checks/check.ts";
import { HalfpriceError } from "../errors.ts";
import type { Session } from "./session.ts";

/**
 * Looks at bucket and role before anything is uploaded; stops at the first that would fail.
 * @throws NO_BUCKET, BUCKET_NOT_FOUND, BUCKET_DENIED, BUCKET_REGION, ROLE_ACCOUNT, ROLE_NOT_FOUND, ROLE_TRUST, PASS_ROLE
 */
export async function checkPlace(session: Session, identity: Identity): Promise<readonly CheckResult[]> {
  const { config, connection } = session;
  const { bucket, roleArn } = config;
  const { accountId, region, arn: callerArn } = identity;
  if (bucket === undefined || roleArn === undefined) {
    const { explainMissingPlace } = await import("../access/explain-place.ts");
    throw new HalfpriceError("NO_BUCKET", { policies: explainMissingPlace(config, identity) });
  }
  session.onStep("checking bucket and role");
  const [{ openObjectStorage }, { openRoleService }] = await Promise.all([
    import("../aws/s3.ts"),
    import("../aws/iam.ts"),
  ]);
  const [{ checkBucket }, { checkRole }, { checkPassRole }] = await Promise.all([
    import("../checks/bucket.ts"),
    import("../checks/role.ts"),
    import("../checks/pass-role.ts"),
  ]);
  const storage = openObjectStorage(connection);
  const roles = openRoleService(connection);
  try {
    const results: CheckResult[] = [];
    for (const check of [
      () => checkBucket({ storage, bucket, region, accountId, callerArn }),
      () => checkRole({ roles, roleArn, region, accountId }),
      () => checkPassRole({ roles, roleArn, callerArn }),
    ]) {
      const result = await check();
      if (result.error !== undefined) throw result.error;
      results.push(result);
    }
    return results;
  } finally {
    storage.close();
    roles.close();
  }
}
