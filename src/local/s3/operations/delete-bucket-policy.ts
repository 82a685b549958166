import { toBucket } from "../access/rights.ts";
import { getBucket } from "../call.ts";
import { defineOperation } from "../operation.ts";

export const deleteBucketPolicy = defineOperation({
  name: "DeleteBucketPolicy",
  wire: { method: "DELETE", level: "bucket", query: ["policy"] },
  input: { type: "none" },
  rights: toBucket("s3:DeleteBucketPolicy"),
  notes: { served: "yes" },
  async act(_body, call) {
    await getBucket(call).saveDocuments({ policy: undefined });
    return { status: 204 };
  },
});
