import type { Bucket } from "../store/bucket.ts";

/** The headers that the bucket's own encryption stands for; S3's own keys need none. */
export function readDefaultEncryption(bucket: Pick<Bucket, "record">): Record<string, string> {
  const document = bucket.record.documents["encryption"];
  const [, algorithm] = /<SSEAlgorithm>([^<]+)</.exec(document ?? "") ?? [];
  if (algorithm === undefined || algorithm === "AES256") return {};
  const [, key] = /<KMSMasterKeyID>([^<]+)</.exec(document ?? "") ?? [];
  return {
    "x-amz-server-side-encryption": algorithm,
    ...(key !== undefined && { "x-amz-server-side-encryption-aws-kms-key-id": key }),
    ...(document?.includes("<BucketKeyEnabled>true<") && { "x-amz-server-side-encryption-bucket-key-enabled": "true" }),
  };
}
