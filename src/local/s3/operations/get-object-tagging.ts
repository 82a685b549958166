import { document } from "../../wire/xml.ts";
import { getBucket, type S3Act, s3Namespace } from "../call.ts";
import { writeTagSet } from "../tags.ts";
import { getEntry } from "./get-object.ts";

export const getObjectTagging: S3Act = (call) => ({
  body: document("Tagging", s3Namespace, writeTagSet(getEntry(call, getBucket(call)).tags ?? [])),
});
