import { getBucket, readXml, type S3Act, type S3Call } from "../call.ts";
import { type Bucket, keyTopic } from "../store/bucket.ts";
import type { ObjectEntry } from "../store/entry.ts";
import { readTagSet } from "../tags.ts";
import { writeVersionHeaders } from "../version.ts";
import { getEntry } from "./get-object.ts";

/** Replaces an object's tags. */
export const putObjectTagging: S3Act = async (call) => {
  const bucket = getBucket(call);
  getEntry(call, bucket);
  const tags = readTagSet(await readXml(call, "Tagging"), 10);
  return { headers: await changeEntry(call, bucket, (entry) => ({ ...entry, tags })) };
};

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
