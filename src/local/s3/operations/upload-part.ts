import { checkKeyRight } from "../access/key-rights.ts";
import { toObject } from "../access/rights.ts";
import { getBucket, type S3Call } from "../call.ts";
import { findDeclared } from "../checksum/declared.ts";
import { S3Error } from "../errors.ts";
import { bodyChecks } from "../note-words.ts";
import { writeChecksumHeaders, writeEncryptionHeaders } from "../object-headers.ts";
import { defineOperation } from "../operation.ts";
import type { CheckedPayload } from "../payload.ts";
import { type Bucket, type Upload, uploadTopic } from "../store/bucket.ts";
import type { Blob, PartEntry } from "../store/entry.ts";
import { getUpload, readPartNumber } from "../upload.ts";
import { receive } from "./put-object.ts";

/** One part; the same number again replaces it. */
export const uploadPart = defineOperation({
  name: "UploadPart",
  wire: { method: "PUT", level: "object", query: ["partNumber", "uploadId"] },
  input: { type: "bytes" },
  rights: toObject("s3:PutObject"),
  notes: { served: "as PutObject, again where it is sent again", checked: `part number, ${bodyChecks}` },
  async act(_body, call) {
    const bucket = getBucket(call);
    const number = readPartNumber(call);
    const upload = getUpload(call, bucket);
    checkAlgorithm(call, upload);
    // A part is sealed with the upload's data key, which has to be opened first ("Multipart upload and permissions", S3 user guide).
    checkKeyRight(call, "kms:Decrypt", upload, call.bucketName, call.key);
    const { blob, checked } = await receive(call, bucket, {
      isLengthNeeded: true,
      extraAlgorithm: upload.checksumType === "FULL_OBJECT" ? upload.checksumAlgorithm : undefined,
    });
    const part = makePart(call, upload, { number, blob, checked });
    await commitPart(call, bucket, part);
    return {
      headers: {
        etag: `"${part.etag}"`,
        ...writeEncryptionHeaders(upload),
        // The type belongs to the whole: a part's answer has only its value.
        ...withoutType(writeChecksumHeaders(checked.checksum)),
      },
    };
  },
});

function withoutType(headers: Record<string, string>): Record<string, string> {
  const { "x-amz-checksum-type": _, ...rest } = headers;
  return rest;
}

/** @throws S3Error InvalidRequest where the part's checksum is not of the upload's kind */
function checkAlgorithm({ headers }: S3Call, upload: Upload): void {
  if (!upload.isChecksumAsked) return;
  const actual = findDeclared(headers)?.algorithm;
  // A composite checksum is made of the parts' own, so each must bring one.
  if (actual === upload.checksumAlgorithm || (actual === undefined && upload.checksumType === "FULL_OBJECT")) return;
  throw new S3Error("InvalidRequest", {
    message: `Checksum Type mismatch occurred, expected checksum Type: ${upload.checksumAlgorithm.toLowerCase()}, actual checksum Type: ${actual?.toLowerCase() ?? "null"}`,
  });
}

export function makePart(
  call: S3Call,
  upload: Upload,
  { number, blob, checked }: { number: number; blob: Blob | undefined; checked: CheckedPayload },
): PartEntry {
  const { checksum, extra } = checked;
  return {
    number,
    sizeBytes: checked.sizeBytes,
    etag: checked.md5.toString("hex"),
    lastModifiedMs: call.world.clock.nowMs(),
    blob,
    checksums: {
      ...(checksum !== undefined && { [checksum.algorithm]: checksum.value }),
      ...(extra !== undefined && { [upload.checksumAlgorithm]: extra }),
    },
  };
}

/** @throws S3Error NoSuchUpload where the upload ended while the part came in */
export async function commitPart(call: S3Call, bucket: Bucket, part: PartEntry): Promise<void> {
  const uploadId = call.params.get("uploadId") ?? "";
  try {
    await bucket.commit([uploadTopic(uploadId)], () => {
      getUpload(call, bucket);
      return { op: "part", uploadId, part };
    });
  } catch (error) {
    if (part.blob !== undefined) bucket.blobs.remove([part.blob]);
    throw error;
  }
}
