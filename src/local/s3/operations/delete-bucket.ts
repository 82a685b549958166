import { toBucket } from "../access/rights.ts";
import { getBucket } from "../call.ts";
import { S3Error } from "../errors.ts";
import { defineOperation } from "../operation.ts";

/** Removes an empty bucket. Uploads that were never completed go with it. */
export const deleteBucket = defineOperation({
  name: "DeleteBucket",
  wire: { method: "DELETE", level: "bucket" },
  input: { type: "none" },
  rights: toBucket("s3:DeleteBucket"),
  notes: { served: "empty buckets; open uploads go with it", checked: "that it is empty" },
  async act(_body, call) {
    getBucket(call);
    if (!(await call.store.deleteBucket(call.bucketName))) {
      throw new S3Error("BucketNotEmpty", { details: { BucketName: call.bucketName } });
    }
    return { status: 204 };
  },
});
