import type { ObjectStorage } from "../../aws/s3.ts";
import { isRefusal } from "../../aws/wrap-error.ts";
import { HalfpriceError, isError } from "../../foundation/errors/index.ts";
import { type CheckResult, fail, pass } from "./check.ts";

interface BucketQuestion {
  readonly storage: ObjectStorage;
  readonly bucket: string;
  readonly region: string;
  readonly accountId: string;
  readonly callerArn: string;
}

/** Is the bucket there, this account's, and in the job's region? @throws UNREACHABLE, CREDENTIALS_REFUSED */
export async function checkBucket({
  storage,
  bucket,
  region,
  accountId,
  callerArn,
}: BucketQuestion): Promise<CheckResult> {
  const subject = `bucket ${bucket}`;
  let bucketRegion: string | undefined;
  try {
    bucketRegion = await storage.readBucketRegion(bucket, accountId);
  } catch (error) {
    if (isError(error, "BUCKET_REGION")) return fail(subject, error);
    if (!isError(error, "SERVICE_REFUSED")) throw error;
    const status = error.details.status;
    if (status === 404) return fail(subject, new HalfpriceError("BUCKET_NOT_FOUND", { bucket }, { cause: error }));
    if (status === 403)
      return fail(subject, new HalfpriceError("BUCKET_DENIED", { bucket, caller: callerArn }, { cause: error }));
    const elsewhere = findRegion(error);
    if (status === 301 || status === 400 || isRefusal(error, "PermanentRedirect")) {
      const details = { bucket, bucketRegion: elsewhere ?? "another region", region };
      return fail(subject, new HalfpriceError("BUCKET_REGION", details, { cause: error }));
    }
    throw error;
  }
  if (bucketRegion !== undefined && bucketRegion !== region) {
    return fail(subject, new HalfpriceError("BUCKET_REGION", { bucket, bucketRegion, region }));
  }
  return pass(subject, `there, in ${bucketRegion ?? region}`);
}

/** S3 says where the bucket is in a header of its refusal. */
function findRegion(error: HalfpriceError): string | undefined {
  const cause = error.cause as { $response?: { headers?: Record<string, string> } } | undefined;
  return cause?.$response?.headers?.["x-amz-bucket-region"];
}
