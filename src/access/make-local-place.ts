import type { Connection } from "../aws/connection.ts";
import { openRoleService } from "../aws/iam.ts";
import { openObjectStorage } from "../aws/s3.ts";
import { readIdentity } from "../aws/sts.ts";
import { makePlace } from "./make-place.ts";

/** Makes what a run needs on the local service: a bucket, and a role that its Bedrock may assume. */
export async function makeLocalPlace(
  connection: Connection,
  { bucket, prefix, roleName }: { readonly bucket: string; readonly prefix: string; readonly roleName: string },
): Promise<{ bucket: string; roleArn: string }> {
  const { accountId, region } = await readIdentity(connection);
  const storage = openObjectStorage(connection);
  const roles = openRoleService(connection);
  try {
    return { bucket, roleArn: await makePlace({ storage, roles, accountId, region, bucket, prefix, roleName }) };
  } finally {
    storage.close();
    roles.close();
  }
}
