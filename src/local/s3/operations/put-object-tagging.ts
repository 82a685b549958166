import { getBucket, readXml, type S3Act, type S3Call } from "../call.ts";
import { type Bucket, keyTopic } from "../store/bucket.ts";
import type { ObjectEntry } from "../store/entry.ts";
import { readTagSet } from "../tags.ts";
import { getEntry } from "./get-object.ts";

/** Replaces an object's tags. */
export const putObjectTagging: S3Act = async (call) => {
  const bucket = getBucket(call);
  getEntry(call, bucket);
  const tags = readTagSet(await readXml(call, "Tagging"), 10);
  await changeEntry(call, bucket, (entry) => ({ ...entry, tags }));
  return {};
};

/** Changes what is kept with an object, around the same bytes. @throws S3Error NoSuchKey where it went meanwhile */
export function changeEntry(call: S3Call, bucket: Bucket, change: (entry: ObjectEntry) => ObjectEntry): Promise<void> {
  return bucket.commit([keyTopic(call.key)], () => ({ op: "put", entry: change(getEntry(call, bucket)) }));
}
