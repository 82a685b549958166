import { document } from "../../wire/xml.ts";
import { writeAcl } from "../acl.ts";
import { getBucket, type S3Act, s3Namespace } from "../call.ts";
import { getEntry } from "./get-object.ts";

export const getObjectAcl: S3Act = (call) => {
  const { acl } = getEntry(call, getBucket(call));
  return { body: document("AccessControlPolicy", s3Namespace, ...writeAcl(call.world.accountId, acl)) };
};
