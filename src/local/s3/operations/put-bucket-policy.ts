import { partitionOf } from "../../partition.ts";
import { checkBucketPolicy, isPublicPolicy } from "../access/policy.ts";
import { isBlocked } from "../access/public-access.ts";
import { toBucket } from "../access/rights.ts";
import { getBucket } from "../call.ts";
import { S3Error } from "../errors.ts";
import { defineOperation } from "../operation.ts";

/** Keeps a policy. Of callers with a name it is not asked yet. */
export const putBucketPolicy = defineOperation({
  name: "PutBucketPolicy",
  wire: { method: "PUT", level: "bucket", query: ["policy"] },
  input: { type: "text" },
  rights: toBucket("s3:PutBucketPolicy"),
  notes: {
    served: "kept; asked of callers without a name, and of all where IAM is enforced",
    checked: "form, actions, resources, BlockPublicPolicy",
    notBuilt: "conditions, for callers without a name",
  },
  async act(readBody, call) {
    const bucket = getBucket(call);
    const text = await readBody();
    checkBucketPolicy(text, call.bucketName);
    if (isPublicPolicy(text) && isBlocked(bucket, "BlockPublicPolicy")) {
      const { arn } = call.request.caller;
      throw new S3Error("AccessDenied", {
        message: `User: ${arn} is not authorized to perform: s3:PutBucketPolicy on resource: "arn:${partitionOf(call.request.region)}:s3:::${call.bucketName}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
      });
    }
    await bucket.saveDocuments({ policy: text });
    return { status: 204 };
  },
});
