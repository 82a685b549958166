import { toBucket } from "../access/rights.ts";
import { getBucket } from "../call.ts";
import { S3Error } from "../errors.ts";
import { defineOperation } from "../operation.ts";

export const getBucketPolicy = defineOperation({
  name: "GetBucketPolicy",
  wire: { method: "GET", level: "bucket", query: ["policy"] },
  input: { type: "none" },
  rights: toBucket("s3:GetBucketPolicy"),
  notes: { served: "as it was put" },
  act(_body, call) {
    const policy = getBucket(call).record.documents["policy"];
    if (policy === undefined) throw new S3Error("NoSuchBucketPolicy", { details: { BucketName: call.bucketName } });
    return { headers: { "content-type": "application/json" }, body: policy };
  },
});
