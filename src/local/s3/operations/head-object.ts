import { toObject } from "../access/rights.ts";
import { getBucket } from "../call.ts";
import { conditions } from "../note-words.ts";
import { defineOperation } from "../operation.ts";
import { describeObject } from "./get-object.ts";

/** What GetObject would answer, without the bytes. */
export const headObject = defineOperation({
  name: "HeadObject",
  wire: { method: "HEAD", level: "object" },
  input: { type: "none" },
  rights: toObject("s3:GetObject", { version: "s3:GetObjectVersion", isRead: true, anonymous: { object: "READ" } }),
  notes: { served: "as GetObject, without bytes", checked: conditions, notBuilt: "SSE-C" },
  act: (_body, call) => describeObject(call, getBucket(call)).answer,
});
