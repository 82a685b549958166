import { getBucket, type S3Act } from "../call.ts";
import { getEntry } from "./get-object.ts";
import { changeEntry } from "./put-object-tagging.ts";

export const deleteObjectTagging: S3Act = async (call) => {
  const bucket = getBucket(call);
  getEntry(call, bucket);
  const headers = await changeEntry(call, bucket, (entry) => {
    const { tags: _, ...untagged } = entry;
    return untagged;
  });
  return { status: 204, headers };
};
