import { document, leaf } from "../../wire/xml.ts";
import { getBucket, type S3Act, s3Namespace } from "../call.ts";
import { S3Error } from "../errors.ts";
import { isPublicPolicy } from "../policy.ts";

export const getBucketPolicyStatus: S3Act = (call) => {
  const policy = getBucket(call).record.documents["policy"];
  if (policy === undefined) throw new S3Error("NoSuchBucketPolicy", { details: { BucketName: call.bucketName } });
  return { body: document("PolicyStatus", s3Namespace, leaf("IsPublic", isPublicPolicy(policy))) };
};
