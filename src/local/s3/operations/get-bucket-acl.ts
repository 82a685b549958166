import { document } from "../../wire/xml.ts";
import { writeAcl } from "../access/acl.ts";
import { toBucket } from "../access/rights.ts";
import { getBucket, s3Namespace } from "../call.ts";
import { defineOperation } from "../operation.ts";

export const getBucketAcl = defineOperation({
  name: "GetBucketAcl",
  wire: { method: "GET", level: "bucket", query: ["acl"] },
  input: { type: "none" },
  rights: toBucket("s3:GetBucketAcl"),
  notes: { served: "owner, and what a canned ACL stands for" },
  act(_body, call) {
    const { documents } = getBucket(call).record;
    return { body: document("AccessControlPolicy", s3Namespace, ...writeAcl(call.world.accountId, documents["acl"])) };
  },
});
