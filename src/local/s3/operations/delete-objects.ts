import { childText, document, element, leaf } from "../../wire/xml.ts";
import { getBucket, getChildren, readXml, type S3Act, type S3Call, s3Namespace } from "../call.ts";
import { checkRight } from "../check-caller.ts";
import { S3Error } from "../errors.ts";
import type { Bucket } from "../store/bucket.ts";
import { checkVersion } from "../version.ts";
import { removeObject } from "./delete-object.ts";

const maxKeys = 1000;

/** Removes up to a thousand objects. Each has its own outcome; `Quiet` leaves only the failures in the answer. */
export const deleteObjects: S3Act = async (call) => {
  const bucket = getBucket(call);
  const { headers } = call;
  const hasDigest =
    headers["content-md5"] !== undefined ||
    Object.keys(headers).some((name) => /^x-amz-(?:checksum-|trailer$)/.test(name));
  if (!hasDigest) {
    throw new S3Error("InvalidRequest", { message: "Missing required header for this request: Content-MD5" });
  }
  const root = await readXml(call, "Delete");
  const asked = getChildren(root, "Object");
  if (asked.length > maxKeys) throw new S3Error("MalformedXML");
  const isQuiet = childText(root, "Quiet")?.trim() === "true";
  const outcomes = await Promise.all(
    asked.map(async (each) => {
      const key = childText(each, "Key");
      if (key === undefined || key === "") throw new S3Error("MalformedXML");
      const versionId = childText(each, "VersionId");
      const failure = await remove(call, bucket, { key, versionId, etag: childText(each, "ETag") });
      if (failure === undefined) {
        return isQuiet ? undefined : element("Deleted", leaf("Key", key), leaf("VersionId", versionId));
      }
      return element(
        "Error",
        leaf("Key", key),
        leaf("VersionId", versionId),
        leaf("Code", failure.code),
        leaf("Message", failure.message),
      );
    }),
  );
  return { body: document("DeleteResult", s3Namespace, ...outcomes) };
};

async function remove(
  call: S3Call,
  bucket: Bucket,
  { key, versionId, etag }: { key: string; versionId: string | undefined; etag: string | undefined },
): Promise<S3Error | undefined> {
  try {
    checkRight(call, "s3:DeleteObject", call.bucketName, key);
    checkVersion(versionId);
    await removeObject(call, bucket, key, etag);
    return undefined;
  } catch (error) {
    if (error instanceof S3Error) return error;
    throw error;
  }
}
