/** What a caller without a name may do: nothing, unless the bucket's list or policy lets everyone in. */

import type { AnonymousRight } from "../../operation.ts";
import { partitionOf } from "../../partition.ts";
import type { S3Call } from "../call.ts";
import { S3Error } from "../errors.ts";
import { isPublic } from "./acl.ts";
import { decideAnonymous } from "./policy.ts";
import { isBlocked } from "./public-access.ts";

/** @throws S3Error AccessDenied */
export function checkAnonymous(call: S3Call, operation: string, rule: AnonymousRight | undefined): void {
  if (call.request.caller.anonymous !== true) return;
  const bucket = call.store.findBucket(call.bucketName);
  // Nobody learns of a bucket that is not there from another answer than of one that is closed, but by its name.
  if (bucket === undefined) {
    if (call.bucketName !== "" && operation !== "CreateBucket")
      throw new S3Error("NoSuchBucket", { details: { BucketName: call.bucketName } });
    throw new S3Error("AccessDenied");
  }
  if (rule === undefined) throw new S3Error("AccessDenied");
  const resource = `arn:${partitionOf(bucket.record.region)}:s3:::${call.bucketName}${call.key === "" ? "" : `/${call.key}`}`;
  const said = decideAnonymous(bucket.record.documents["policy"], rule.action, resource);
  if (said === "deny") throw new S3Error("AccessDenied");
  if (said === "allow" && !isBlocked(bucket, "RestrictPublicBuckets")) return;
  if (isBlocked(bucket, "IgnorePublicAcls")) throw new S3Error("AccessDenied");
  if (rule.bucket !== undefined && isPublic(bucket.record.documents["acl"], rule.bucket)) return;
  const entry = bucket.objects.get(call.key);
  if (rule.object !== undefined && entry !== undefined && isPublic(entry.acl, rule.object)) return;
  // Who may list the bucket may learn that a key is not there.
  if (rule.object !== undefined && entry === undefined && isPublic(bucket.record.documents["acl"], "READ")) return;
  throw new S3Error("AccessDenied");
}
