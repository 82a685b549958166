import { getBucket, type S3Act } from "../call.ts";
import { S3Error } from "../errors.ts";

/** Removes an empty bucket. Uploads that were never completed go with it. */
export const deleteBucket: S3Act = async (call) => {
  getBucket(call);
  if (!(await call.store.deleteBucket(call.bucketName))) {
    throw new S3Error("BucketNotEmpty", { details: { BucketName: call.bucketName } });
  }
  return { status: 204 };
};
