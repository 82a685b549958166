import { partitionOf } from "../../partition.ts";
import { childText, parseXml } from "../../wire/xml.ts";
import { getBucket, readDocument, type S3Act } from "../call.ts";
import { S3Error } from "../errors.ts";
import { checkBucketPolicy, isPublicPolicy } from "../policy.ts";
import type { Bucket } from "../store/bucket.ts";

/** Keeps a policy. Of callers with a name it is not asked yet. */
export const putBucketPolicy: S3Act = async (call) => {
  const bucket = getBucket(call);
  const text = await readDocument(call);
  checkBucketPolicy(text, call.bucketName);
  if (isPublicPolicy(text) && isBlocked(bucket, "BlockPublicPolicy")) {
    const { arn } = call.request.caller;
    throw new S3Error("AccessDenied", {
      message: `User: ${arn} is not authorized to perform: s3:PutBucketPolicy on resource: "arn:${partitionOf(call.request.region)}:s3:::${call.bucketName}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
    });
  }
  await bucket.saveDocuments({ policy: text });
  return { status: 204 };
};

/** True where the bucket's public access block has that flag. */
export function isBlocked(bucket: Bucket, flag: string): boolean {
  const document = bucket.record.documents["publicAccessBlock"];
  const parsed = document === undefined ? undefined : parseXml(document);
  return parsed !== undefined && childText(parsed.root, flag) === "true";
}
