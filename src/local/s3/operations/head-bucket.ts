import { toBucket } from "../access/rights.ts";
import { getBucket } from "../call.ts";
import { defineOperation } from "../operation.ts";

/** Says whether there is such a bucket, and where. */
export const headBucket = defineOperation({
  name: "HeadBucket",
  wire: { method: "HEAD", level: "bucket" },
  input: { type: "none" },
  rights: toBucket("s3:ListBucket", { anonymous: { bucket: "READ" } }),
  notes: { served: "with x-amz-bucket-region" },
  act: (_body, call) => ({
    headers: {
      "x-amz-bucket-region": getBucket(call).record.region,
      "x-amz-access-point-alias": "false",
      "content-type": "application/xml",
    },
  }),
});
