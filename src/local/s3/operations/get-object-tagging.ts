import { document } from "../../wire/xml.ts";
import { getBucket, type S3Act, s3Namespace } from "../call.ts";
import { writeTagSet } from "../tags.ts";
import { writeVersionHeaders } from "../version.ts";
import { getEntry } from "./get-object.ts";

export const getObjectTagging: S3Act = (call) => {
  const bucket = getBucket(call);
  const entry = getEntry(call, bucket);
  return {
    headers: writeVersionHeaders(bucket, entry),
    body: document("Tagging", s3Namespace, writeTagSet(entry.tags ?? [])),
  };
};
