import { document, element, leaf, type Markup } from "../../wire/xml.ts";
import { writeOwner } from "../access/owner.ts";
import { toObject } from "../access/rights.ts";
import { getBucket, type S3Call, s3Namespace } from "../call.ts";
import { algorithms } from "../checksum/algorithms.ts";
import { S3Error } from "../errors.ts";
import { readMax } from "../listing/listing.ts";
import { defineOperation } from "../operation.ts";
import type { Upload } from "../store/bucket.ts";
import type { PartEntry } from "../store/entry.ts";
import { getUpload } from "../upload.ts";

/** The parts of an upload that have come so far, by number. */
export const listParts = defineOperation({
  name: "ListParts",
  wire: { method: "GET", level: "object", query: ["uploadId"] },
  input: { type: "none" },
  rights: toObject("s3:ListMultipartUploadParts"),
  notes: { served: "in pages", checked: "max-parts, part-number-marker" },
  act(_body, call) {
    const bucket = getBucket(call);
    const upload = getUpload(call, bucket);
    const max = readMax(call.params, "max-parts");
    const marker = readMarker(call);
    const all = [...upload.parts.values()].filter(({ number }) => number > marker).sort((a, b) => a.number - b.number);
    const page = all.slice(0, max);
    const isTruncated = page.length < all.length && max > 0;
    const body = document(
      "ListPartsResult",
      s3Namespace,
      leaf("Bucket", call.bucketName),
      leaf("Key", call.key),
      leaf("UploadId", upload.id),
      leaf("PartNumberMarker", marker),
      leaf("NextPartNumberMarker", page.at(-1)?.number ?? 0),
      leaf("MaxParts", max),
      leaf("IsTruncated", isTruncated),
      ...page.map((part) => writePart(upload, part)),
      writeOwner(call.world.accountId, "Initiator"),
      writeOwner(call.world.accountId),
      leaf("StorageClass", upload.system["x-amz-storage-class"] ?? "STANDARD"),
      leaf("ChecksumAlgorithm", upload.isChecksumAsked ? upload.checksumAlgorithm : undefined),
      leaf("ChecksumType", upload.isChecksumAsked ? upload.checksumType : undefined),
    );
    return { body };
  },
});

function writePart(upload: Upload, part: PartEntry): Markup {
  const checksum = upload.isChecksumAsked ? part.checksums[upload.checksumAlgorithm] : undefined;
  return element(
    "Part",
    leaf("PartNumber", part.number),
    leaf("LastModified", new Date(part.lastModifiedMs).toISOString()),
    leaf("ETag", `"${part.etag}"`),
    leaf("Size", part.sizeBytes),
    leaf(algorithms[upload.checksumAlgorithm].element, checksum),
  );
}

function readMarker({ params }: S3Call): number {
  const text = params.get("part-number-marker") ?? "";
  if (text === "") return 0;
  if (/^\d+$/.test(text) && Number(text) <= 2 ** 31 - 1) return Number(text);
  throw new S3Error("InvalidArgument", {
    message: "Provided part-number-marker not an integer or within integer range",
    details: { ArgumentName: "part-number-marker", ArgumentValue: text },
  });
}
