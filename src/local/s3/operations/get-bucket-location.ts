import { document, escapeXml } from "../../wire/xml.ts";
import { toBucket } from "../access/rights.ts";
import { getBucket, s3Namespace } from "../call.ts";
import { defineOperation } from "../operation.ts";

/** The region, from any endpoint; empty for us-east-1. */
export const getBucketLocation = defineOperation({
  name: "GetBucketLocation",
  wire: { method: "GET", level: "bucket", query: ["location"] },
  input: { type: "none" },
  rights: toBucket("s3:GetBucketLocation"),
  notes: { served: "from any region" },
  act(_body, call) {
    const { region } = getBucket(call).record;
    return { body: document("LocationConstraint", s3Namespace, region === "us-east-1" ? "" : escapeXml(region)) };
  },
});
