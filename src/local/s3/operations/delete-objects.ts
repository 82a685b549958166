import { childText, document, element, leaf, type Markup } from "../../wire/xml.ts";
import { checkRight } from "../access/check-caller.ts";
import { getBucket, getChildren, type S3Call, s3Namespace } from "../call.ts";
import { S3Error } from "../errors.ts";
import { defineOperation } from "../operation.ts";
import type { Bucket } from "../store/bucket.ts";
import type { DeleteMarker } from "../store/entry.ts";
import { type Removal, removeObject } from "./delete-object.ts";

const maxKeys = 1000;

/** Removes up to a thousand objects. Each has its own outcome; `Quiet` leaves only the failures in the answer. */
export const deleteObjects = defineOperation({
  name: "DeleteObjects",
  wire: { method: "POST", level: "bucket", query: ["delete"] },
  input: { type: "xml", root: "Delete" },
  rights: {
    actions: ["s3:DeleteObject", "s3:DeleteObjectVersion"],
    // Of several keys each is asked for by itself.
    list: () => [],
    anonymous: { action: "s3:DeleteObject", bucket: "WRITE" },
  },
  notes: {
    served: "up to 1,000, each with its own outcome, quietly where asked",
    checked: "that a digest is there and holds, ETag of each",
  },
  async act(readRoot, call) {
    const bucket = getBucket(call);
    const { headers } = call;
    const hasDigest =
      headers["content-md5"] !== undefined ||
      Object.keys(headers).some((name) => /^x-amz-(?:checksum-|trailer$)/.test(name));
    if (!hasDigest) {
      throw new S3Error("InvalidRequest", { message: "Missing required header for this request: Content-MD5" });
    }
    const root = await readRoot();
    const asked = getChildren(root, "Object");
    if (asked.length > maxKeys) throw new S3Error("MalformedXML");
    const isQuiet = childText(root, "Quiet")?.trim() === "true";
    const outcomes = await Promise.all(
      asked.map(async (each) => {
        const key = childText(each, "Key");
        if (key === undefined || key === "") throw new S3Error("MalformedXML");
        const versionId = childText(each, "VersionId");
        const outcome = await remove(call, bucket, { key, versionId, ifMatch: childText(each, "ETag") });
        if (!(outcome instanceof S3Error)) {
          return isQuiet ? undefined : writeDeleted(key, versionId, outcome.marker);
        }
        return element(
          "Error",
          leaf("Key", key),
          leaf("VersionId", versionId),
          leaf("Code", outcome.code),
          leaf("Message", outcome.message),
        );
      }),
    );
    return { body: document("DeleteResult", s3Namespace, ...outcomes) };
  },
});

function writeDeleted(key: string, versionId: string | undefined, marker: DeleteMarker | undefined): Markup {
  return element(
    "Deleted",
    leaf("Key", key),
    leaf("VersionId", versionId),
    ...(marker === undefined
      ? []
      : [leaf("DeleteMarker", true), leaf("DeleteMarkerVersionId", marker.versionId ?? "null")]),
  );
}

async function remove(
  call: S3Call,
  bucket: Bucket,
  removal: Removal,
): Promise<S3Error | { readonly marker: DeleteMarker | undefined }> {
  const { key, versionId } = removal;
  try {
    checkRight(call, versionId === undefined ? "s3:DeleteObject" : "s3:DeleteObjectVersion", call.bucketName, key);
    return await removeObject(call, bucket, removal);
  } catch (error) {
    if (error instanceof S3Error) return error;
    throw error;
  }
}
