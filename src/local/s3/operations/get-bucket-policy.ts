import { getBucket, type S3Act } from "../call.ts";
import { S3Error } from "../errors.ts";

export const getBucketPolicy: S3Act = (call) => {
  const policy = getBucket(call).record.documents["policy"];
  if (policy === undefined) throw new S3Error("NoSuchBucketPolicy", { details: { BucketName: call.bucketName } });
  return { headers: { "content-type": "application/json" }, body: policy };
};
