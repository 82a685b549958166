import { document } from "../../wire/xml.ts";
import { writeAcl } from "../access/acl.ts";
import { toObject } from "../access/rights.ts";
import { getBucket, s3Namespace } from "../call.ts";
import { defineOperation } from "../operation.ts";
import { writeVersionHeaders } from "../version.ts";
import { getEntry } from "./get-object.ts";

export const getObjectAcl = defineOperation({
  name: "GetObjectAcl",
  wire: { method: "GET", level: "object", query: ["acl"] },
  input: { type: "none" },
  rights: toObject("s3:GetObjectAcl", { version: "s3:GetObjectVersionAcl", isRead: true }),
  notes: { served: "owner, and what a canned ACL stands for" },
  act(_body, call) {
    const bucket = getBucket(call);
    const entry = getEntry(call, bucket);
    const { acl } = entry;
    return {
      headers: writeVersionHeaders(bucket, entry),
      body: document("AccessControlPolicy", s3Namespace, ...writeAcl(call.world.accountId, acl)),
    };
  },
});
