import { readAcl } from "../acl.ts";
import { getBucket, type S3Act } from "../call.ts";

/** Keeps a canned list, where the bucket's ownership leaves room for one. */
export const putBucketAcl: S3Act = async (call) => {
  const bucket = getBucket(call);
  const acl = await readAcl(call, bucket);
  await bucket.saveDocuments({ acl });
  return {};
};
