import { document } from "../../wire/xml.ts";
import { writeAcl } from "../acl.ts";
import { getBucket, type S3Act, s3Namespace } from "../call.ts";
import { writeVersionHeaders } from "../version.ts";
import { getEntry } from "./get-object.ts";

export const getObjectAcl: S3Act = (call) => {
  const bucket = getBucket(call);
  const entry = getEntry(call, bucket);
  const { acl } = entry;
  return {
    headers: writeVersionHeaders(bucket, entry),
    body: document("AccessControlPolicy", s3Namespace, ...writeAcl(call.world.accountId, acl)),
  };
};
