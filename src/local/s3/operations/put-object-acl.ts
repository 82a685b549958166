import { readAcl } from "../acl.ts";
import { getBucket, type S3Act } from "../call.ts";
import { getEntry } from "./get-object.ts";
import { changeEntry } from "./put-object-tagging.ts";

/** Keeps a canned list, where the bucket's ownership leaves room for one. */
export const putObjectAcl: S3Act = async (call) => {
  const bucket = getBucket(call);
  getEntry(call, bucket);
  const acl = await readAcl(call, bucket);
  const headers = await changeEntry(call, bucket, (entry) => {
    const { acl: _, ...closed } = entry;
    return acl === undefined ? closed : { ...closed, acl };
  });
  return { headers };
};
