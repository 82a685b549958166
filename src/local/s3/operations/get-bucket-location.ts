import { document, escapeXml } from "../../wire/xml.ts";
import { getBucket, type S3Act, s3Namespace } from "../call.ts";

/** The region, from any endpoint; empty for us-east-1. */
export const getBucketLocation: S3Act = (call) => {
  const { region } = getBucket(call).record;
  return { body: document("LocationConstraint", s3Namespace, region === "us-east-1" ? "" : escapeXml(region)) };
};
