import { readAcl } from "../access/acl.ts";
import { toObject } from "../access/rights.ts";
import { getBucket } from "../call.ts";
import { defineOperation } from "../operation.ts";
import { getEntry } from "./get-object.ts";
import { changeEntry } from "./put-object-tagging.ts";

/** Keeps a canned list, where the bucket's ownership leaves room for one. */
export const putObjectAcl = defineOperation({
  name: "PutObjectAcl",
  wire: { method: "PUT", level: "object", query: ["acl"] },
  input: { type: "xml", root: "AccessControlPolicy" },
  rights: toObject("s3:PutObjectAcl", { version: "s3:PutObjectVersionAcl" }),
  notes: { served: "canned ACLs, and documents that say the same", notBuilt: "grants to single accounts" },
  async act(readRoot, call) {
    const bucket = getBucket(call);
    getEntry(call, bucket);
    const acl = await readAcl(readRoot, call, bucket);
    const headers = await changeEntry(call, bucket, (entry) => {
      const { acl: _, ...closed } = entry;
      return acl === undefined ? closed : { ...closed, acl };
    });
    return { headers };
  },
});
