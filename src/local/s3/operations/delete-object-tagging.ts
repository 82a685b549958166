import { toObject } from "../access/rights.ts";
import { getBucket } from "../call.ts";
import { defineOperation } from "../operation.ts";
import { getEntry } from "./get-object.ts";
import { changeEntry } from "./put-object-tagging.ts";

export const deleteObjectTagging = defineOperation({
  name: "DeleteObjectTagging",
  wire: { method: "DELETE", level: "object", query: ["tagging"] },
  input: { type: "none" },
  rights: toObject("s3:DeleteObjectTagging", { version: "s3:DeleteObjectVersionTagging" }),
  notes: { served: "yes" },
  async act(_body, call) {
    const bucket = getBucket(call);
    getEntry(call, bucket);
    const headers = await changeEntry(call, bucket, (entry) => {
      const { tags: _, ...untagged } = entry;
      return untagged;
    });
    return { status: 204, headers };
  },
});
