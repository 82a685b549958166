import { toObject } from "../access/rights.ts";
import { getBucket, type S3Call } from "../call.ts";
import { defineOperation } from "../operation.ts";
import { type Bucket, keyTopic } from "../store/bucket.ts";
import type { ObjectEntry } from "../store/entry.ts";
import { readTagSet } from "../tags.ts";
import { writeVersionHeaders } from "../version.ts";
import { getEntry } from "./get-object.ts";

/** Replaces an object's tags. */
export const putObjectTagging = defineOperation({
  name: "PutObjectTagging",
  wire: { method: "PUT", level: "object", query: ["tagging"] },
  input: { type: "xml", root: "Tagging" },
  rights: toObject("s3:PutObjectTagging", { version: "s3:PutObjectVersionTagging" }),
  notes: { served: "yes", checked: "keys, values, 10 of them" },
  async act(readRoot, call) {
    const bucket = getBucket(call);
    getEntry(call, bucket);
    const tags = readTagSet(await readRoot(), 10);
    return { headers: await changeEntry(call, bucket, (entry) => ({ ...entry, tags })) };
  },
});

/**
 * Changes what is kept with a version, around the same bytes.
 * @returns the headers that name the version
 * @throws S3Error NoSuchKey where it went meanwhile
 */
export async function changeEntry(
  call: S3Call,
  bucket: Bucket,
  change: (entry: ObjectEntry) => ObjectEntry,
): Promise<Readonly<Record<string, string>>> {
  let headers: Readonly<Record<string, string>> = {};
  await bucket.commit([keyTopic(call.key)], () => {
    const entry = change(getEntry(call, bucket));
    headers = writeVersionHeaders(bucket, entry);
    return { op: "change", entry };
  });
  return headers;
}
