import { createHash } from "node:crypto";
import { document, leaf } from "../../wire/xml.ts";
import { toObject } from "../access/rights.ts";
import { getBucket, s3Namespace } from "../call.ts";
import { algorithms } from "../checksum/algorithms.ts";
import { type CopySource, getCopySource, writeSourceVersion } from "../copy-source.ts";
import { S3Error } from "../errors.ts";
import { writeEncryptionHeaders } from "../object-headers.ts";
import { defineOperation } from "../operation.ts";
import type { Bucket, Upload } from "../store/bucket.ts";
import { getUpload, readPartNumber } from "../upload.ts";
import { commitPart, makePart } from "./upload-part.ts";

/** A part whose bytes are those of another object, or a range of them. */
export const uploadPartCopy = defineOperation({
  name: "UploadPartCopy",
  wire: { method: "PUT", level: "object", query: ["partNumber", "uploadId"], header: "x-amz-copy-source" },
  input: { type: "none" },
  rights: toObject("s3:PutObject"),
  notes: { served: "whole objects and ranges", checked: "source, range, x-amz-copy-source-if-*" },
  async act(_body, call) {
    const bucket = getBucket(call);
    const number = readPartNumber(call);
    const upload = getUpload(call, bucket);
    const source = getCopySource(call);
    const range = readCopyRange(call.headers["x-amz-copy-source-range"], source.entry.sizeBytes);
    const part = makePart(call, upload, { number, ...(await copyBytes(bucket, upload, source, range)) });
    await commitPart(call, bucket, part);
    const checksum = upload.isChecksumAsked ? part.checksums[upload.checksumAlgorithm] : undefined;
    return {
      headers: { ...writeSourceVersion(source), ...writeEncryptionHeaders(upload) },
      body: document(
        "CopyPartResult",
        s3Namespace,
        leaf("LastModified", new Date(part.lastModifiedMs).toISOString()),
        leaf("ETag", `"${part.etag}"`),
        leaf(algorithms[upload.checksumAlgorithm].element, checksum),
      ),
    };
  },
});

async function copyBytes(
  bucket: Bucket,
  upload: Upload,
  { bucket: from, entry }: CopySource,
  { start, end }: { start: number; end: number },
): Promise<Pick<Parameters<typeof makePart>[2], "blob" | "checked">> {
  const md5 = createHash("md5");
  const checksum = algorithms[upload.checksumAlgorithm].make();
  const bytes = start > end ? [] : from.blobs.read(entry.blobs, start, end);
  const blob = await bucket.blobs.write(toAsync(bytes), [md5, checksum]);
  const checked = {
    sizeBytes: blob?.sizeBytes ?? 0,
    md5: md5.digest(),
    checksum: undefined,
    extra: checksum.digest(),
  };
  return { blob, checked };
}

async function* toAsync(bytes: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* bytes;
}

/** Unlike a read's range this one must be whole and inside. @throws S3Error InvalidArgument */
function readCopyRange(header: string | undefined, sizeBytes: number): { start: number; end: number } {
  if (header === undefined) return { start: 0, end: sizeBytes - 1 };
  const match = /^bytes=(\d+)-(\d+)$/.exec(header);
  const [start, end] = [Number(match?.[1]), Number(match?.[2])];
  const details = { ArgumentName: "x-amz-copy-source-range", ArgumentValue: header };
  if (match === null || start > end) {
    throw new S3Error("InvalidArgument", {
      message:
        "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy",
      details,
    });
  }
  if (end >= sizeBytes) {
    throw new S3Error("InvalidArgument", {
      message: `Range specified is not valid for source object of size: ${sizeBytes}`,
      details,
    });
  }
  return { start, end };
}
