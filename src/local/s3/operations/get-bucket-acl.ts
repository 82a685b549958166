import { document } from "../../wire/xml.ts";
import { writeAcl } from "../acl.ts";
import { getBucket, type S3Act, s3Namespace } from "../call.ts";

export const getBucketAcl: S3Act = (call) => {
  const { documents } = getBucket(call).record;
  return { body: document("AccessControlPolicy", s3Namespace, ...writeAcl(call.world.accountId, documents["acl"])) };
};
