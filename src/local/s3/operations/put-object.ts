import { readObjectAcl } from "../access/acl.ts";
import { takeKey } from "../access/key-rights.ts";
import { toObject } from "../access/rights.ts";
import { getBucket, type S3Call } from "../call.ts";
import { checkWriteConditions } from "../conditions.ts";
import { bodyChecks } from "../note-words.ts";
import { readObjectHeaders, writeChecksumHeaders, writeEncryptionHeaders } from "../object-headers.ts";
import { defineOperation } from "../operation.ts";
import { type CheckedPayload, openPayload, type PayloadOptions } from "../payload.ts";
import type { Bucket } from "../store/bucket.ts";
import { commitPut } from "../store/disk-store.ts";
import type { Blob, ObjectEntry } from "../store/entry.ts";
import { readTagHeader } from "../tags.ts";
import { writeNewVersion } from "../version.ts";

/** Writes an object whole: what is refused, by a digest or a condition, leaves the old one as it was. */
export const putObject = defineOperation({
  name: "PutObject",
  wire: { method: "PUT", level: "object" },
  input: { type: "bytes" },
  rights: toObject("s3:PutObject", {
    byHeader: { "x-amz-acl": "s3:PutObjectAcl", "x-amz-tagging": "s3:PutObjectTagging" },
    anonymous: { bucket: "WRITE" },
  }),
  notes: {
    served: "plain, aws-chunked signed or not, with a trailer, presigned",
    checked: `${bodyChecks}; If-Match, If-None-Match: *, key, metadata, tags, storage class, 5 GiB`,
    notBuilt: "SSE-C, object lock, appending, x-amz-grant-*",
  },
  async act(_body, call) {
    const { headers, key, world } = call;
    const bucket = getBucket(call);
    const kept = takeKey(call, readObjectHeaders(headers, bucket));
    const tags = readTagHeader(headers["x-amz-tagging"]);
    const acl = readObjectAcl(headers, bucket);
    const check = (current: ObjectEntry | undefined): void => checkWriteConditions(headers, key, current);
    check(bucket.objects.get(key));
    const { blob, checked } = await receive(call, bucket, { isLengthNeeded: true, defaultAlgorithm: "CRC64NVME" });
    const entry: ObjectEntry = {
      key,
      sizeBytes: checked.sizeBytes,
      etag: checked.md5.toString("hex"),
      lastModifiedMs: world.clock.nowMs(),
      blobs: blob === undefined ? [] : [blob],
      ...kept,
      ...(checked.checksum !== undefined && { checksum: checked.checksum }),
      ...(tags !== undefined && { tags }),
      ...(acl !== undefined && { acl }),
    };
    const written = await commitPut(bucket, entry, check);
    return {
      headers: {
        etag: `"${entry.etag}"`,
        ...writeNewVersion(written),
        ...writeEncryptionHeaders(entry),
        ...writeChecksumHeaders(entry.checksum),
      },
    };
  },
});

/** Takes a body to disk and checks it; what does not hold is removed again. */
export async function receive(
  call: S3Call,
  bucket: Bucket,
  options: PayloadOptions,
): Promise<{ blob: Blob | undefined; checked: CheckedPayload }> {
  const payload = openPayload(call.request, options);
  const blob = await bucket.blobs.write(payload.chunks, []);
  try {
    return { blob, checked: payload.check() };
  } catch (error) {
    if (blob !== undefined) bucket.blobs.remove([blob]);
    throw error;
  }
}
