/** What a caller without a name may do: nothing, unless the bucket's list or policy lets everyone in. */
import { partitionOf } from "../partition.ts";
import { isPublic } from "./acl.ts";
import type { S3Call } from "./call.ts";
import { S3Error } from "./errors.ts";
import { isBlocked } from "./operations/put-bucket-policy.ts";
import { decideAnonymous } from "./policy.ts";

interface Rule {
  readonly action: string;
  /** What a canned list of the bucket, or of the object, has to grant. */
  readonly bucket?: "READ" | "WRITE";
  readonly object?: "READ";
}

const rules: Readonly<Record<string, Rule>> = {
  GetObject: { action: "s3:GetObject", object: "READ" },
  HeadObject: { action: "s3:GetObject", object: "READ" },
  GetObjectAttributes: { action: "s3:GetObject", object: "READ" },
  ListObjects: { action: "s3:ListBucket", bucket: "READ" },
  ListObjectsV2: { action: "s3:ListBucket", bucket: "READ" },
  HeadBucket: { action: "s3:ListBucket", bucket: "READ" },
  ListObjectVersions: { action: "s3:ListBucketVersions", bucket: "READ" },
  ListMultipartUploads: { action: "s3:ListBucketMultipartUploads", bucket: "READ" },
  PutObject: { action: "s3:PutObject", bucket: "WRITE" },
  DeleteObject: { action: "s3:DeleteObject", bucket: "WRITE" },
  DeleteObjects: { action: "s3:DeleteObject", bucket: "WRITE" },
};

/** @throws S3Error AccessDenied */
export function checkAnonymous(call: S3Call, operation: string): void {
  if (call.request.caller.anonymous !== true) return;
  const bucket = call.store.findBucket(call.bucketName);
  const rule = rules[operation];
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
