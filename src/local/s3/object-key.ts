/** The KMS key of an object, in the headers that are kept with it. */
import { partitionOf } from "../partition.ts";
import type { ObjectHeaders } from "./store/entry.ts";

const algorithmHeader = "x-amz-server-side-encryption";
export const keyHeader = "x-amz-server-side-encryption-aws-kms-key-id";
const bucketKeyHeader = "x-amz-server-side-encryption-bucket-key-enabled";

/** The key that an object is under; undefined under S3's own keys and under AWS's key for S3, which all of the account may use. */
export const findObjectKey = ({ system }: Pick<ObjectHeaders, "system">): string | undefined =>
  system[algorithmHeader]?.startsWith("aws:kms") === true ? system[keyHeader] : undefined;

/** S3's encryption context: the object's ARN, or the bucket's where its key saves calls. */
export const makeContextArn = (
  { system }: Pick<ObjectHeaders, "system">,
  region: string,
  bucketName: string,
  key: string,
): string => `arn:${partitionOf(region)}:s3:::${bucketName}${system[bucketKeyHeader] === "true" ? "" : `/${key}`}`;

/** The headers of what is written under a key. */
export const writeKey = (kmsKey: string): Record<string, string> => ({
  [algorithmHeader]: "aws:kms",
  [keyHeader]: kmsKey,
});
