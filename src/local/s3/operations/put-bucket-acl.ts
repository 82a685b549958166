import { readAcl } from "../access/acl.ts";
import { toBucket } from "../access/rights.ts";
import { getBucket } from "../call.ts";
import { defineOperation } from "../operation.ts";

/** Keeps a canned list, where the bucket's ownership leaves room for one. */
export const putBucketAcl = defineOperation({
  name: "PutBucketAcl",
  wire: { method: "PUT", level: "bucket", query: ["acl"] },
  input: { type: "xml", root: "AccessControlPolicy" },
  rights: toBucket("s3:PutBucketAcl"),
  notes: { served: "canned ACLs, and documents that say the same", notBuilt: "grants to single accounts" },
  async act(readRoot, call) {
    const bucket = getBucket(call);
    const acl = await readAcl(readRoot, call, bucket);
    await bucket.saveDocuments({ acl });
    return {};
  },
});
