import { document } from "../../wire/xml.ts";
import { toObject } from "../access/rights.ts";
import { getBucket, s3Namespace } from "../call.ts";
import { defineOperation } from "../operation.ts";
import { writeTagSet } from "../tags.ts";
import { writeVersionHeaders } from "../version.ts";
import { getEntry } from "./get-object.ts";

export const getObjectTagging = defineOperation({
  name: "GetObjectTagging",
  wire: { method: "GET", level: "object", query: ["tagging"] },
  input: { type: "none" },
  rights: toObject("s3:GetObjectTagging", { version: "s3:GetObjectVersionTagging", isRead: true }),
  notes: { served: "yes" },
  act(_body, call) {
    const bucket = getBucket(call);
    const entry = getEntry(call, bucket);
    return {
      headers: writeVersionHeaders(bucket, entry),
      body: document("Tagging", s3Namespace, writeTagSet(entry.tags ?? [])),
    };
  },
});
