import { document, leaf } from "../../wire/xml.ts";
import { isPublicPolicy } from "../access/policy.ts";
import { toBucket } from "../access/rights.ts";
import { getBucket, s3Namespace } from "../call.ts";
import { S3Error } from "../errors.ts";
import { defineOperation } from "../operation.ts";

export const getBucketPolicyStatus = defineOperation({
  name: "GetBucketPolicyStatus",
  wire: { method: "GET", level: "bucket", query: ["policyStatus"] },
  input: { type: "none" },
  rights: toBucket("s3:GetBucketPolicyStatus"),
  notes: { served: "public where everyone is allowed without a condition" },
  act(_body, call) {
    const policy = getBucket(call).record.documents["policy"];
    if (policy === undefined) throw new S3Error("NoSuchBucketPolicy", { details: { BucketName: call.bucketName } });
    return { body: document("PolicyStatus", s3Namespace, leaf("IsPublic", isPublicPolicy(policy))) };
  },
});
