import { getBucket, type S3Act } from "../call.ts";

/** Says whether there is such a bucket, and where. */
export const headBucket: S3Act = (call) => ({
  headers: {
    "x-amz-bucket-region": getBucket(call).record.region,
    "x-amz-access-point-alias": "false",
    "content-type": "application/xml",
  },
});
