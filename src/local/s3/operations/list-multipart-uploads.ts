import { document, element, leaf, type Markup } from "../../wire/xml.ts";
import { writeOwner } from "../access/owner.ts";
import { toBucket } from "../access/rights.ts";
import { getBucket, type S3Call, s3Namespace } from "../call.ts";
import { readEncoding, readMax } from "../listing/listing.ts";
import { defineOperation } from "../operation.ts";
import type { Upload } from "../store/bucket.ts";
import { sortableKey } from "../store/sorted-keys.ts";

/** The uploads that are open, by key, those of one key by their beginning. */
export const listMultipartUploads = defineOperation({
  name: "ListMultipartUploads",
  wire: { method: "GET", level: "bucket", query: ["uploads"] },
  input: { type: "none" },
  rights: toBucket("s3:ListBucketMultipartUploads", { anonymous: { bucket: "READ" } }),
  notes: { served: "prefix, delimiter, both markers, encoding-type", checked: "max-uploads" },
  act(_body, call) {
    const bucket = getBucket(call);
    const { params } = call;
    const encoding = readEncoding(call);
    const max = readMax(params, "max-uploads");
    const prefix = params.get("prefix") ?? "";
    const delimiter = params.get("delimiter") ?? "";
    const keyMarker = params.get("key-marker") ?? "";
    // Without a key the other marker says nothing.
    const idMarker = keyMarker === "" ? "" : (params.get("upload-id-marker") ?? "");
    const groups = group(sortUploads([...bucket.uploads.values()]), { prefix, delimiter, keyMarker, idMarker });
    const page = groups.slice(0, max);
    const isTruncated = page.length < groups.length && max > 0;
    const last = page.at(-1);
    const nextKey = last === undefined ? "" : typeof last === "string" ? last : last.key;
    const body = document(
      "ListMultipartUploadsResult",
      s3Namespace,
      leaf("Bucket", call.bucketName),
      leaf("KeyMarker", encoding.write(keyMarker)),
      leaf("UploadIdMarker", idMarker),
      // S3 names what it listed last also where nothing follows.
      last === undefined ? undefined : leaf("NextKeyMarker", encoding.write(nextKey)),
      last === undefined ? undefined : leaf("NextUploadIdMarker", typeof last === "object" ? last.id : ""),
      params.has("prefix") ? leaf("Prefix", encoding.write(prefix)) : undefined,
      delimiter === "" ? undefined : leaf("Delimiter", encoding.write(delimiter)),
      leaf("EncodingType", encoding.type),
      leaf("MaxUploads", max),
      leaf("IsTruncated", isTruncated),
      ...page.flatMap((each) => (typeof each === "string" ? [] : [writeUpload(call, each, encoding.write)])),
      ...page.flatMap((each) =>
        typeof each === "string" ? [element("CommonPrefixes", leaf("Prefix", encoding.write(each)))] : [],
      ),
    );
    return { body };
  },
});

function sortUploads(uploads: Upload[]): Upload[] {
  const order = (a: Upload, b: Upload): number => {
    const [left, right] = [sortableKey(a.key), sortableKey(b.key)];
    if (left !== right) return left < right ? -1 : 1;
    return a.initiatedMs - b.initiatedMs || (a.id < b.id ? -1 : 1);
  };
  return uploads.sort(order);
}

interface Bounds {
  readonly prefix: string;
  readonly delimiter: string;
  readonly keyMarker: string;
  readonly idMarker: string;
}

/** Uploads and rolled-up prefixes in one order, those before the markers left out. */
function group(uploads: readonly Upload[], { prefix, delimiter, keyMarker, idMarker }: Bounds): (Upload | string)[] {
  const found: (Upload | string)[] = [];
  const marked = uploads.findIndex(({ id, key }) => id === idMarker && key === keyMarker);
  for (const [index, upload] of uploads.entries()) {
    const { key } = upload;
    if (!key.startsWith(prefix)) continue;
    const isMarkedKey = key === keyMarker && idMarker !== "";
    if (keyMarker !== "" && sortableKey(key) <= sortableKey(keyMarker) && !(isMarkedKey && index > marked)) continue;
    const cut = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    if (cut < 0) {
      found.push(upload);
      continue;
    }
    const common = key.slice(0, cut + delimiter.length);
    if (common !== keyMarker && found.at(-1) !== common) found.push(common);
  }
  return found;
}

function writeUpload({ world }: S3Call, upload: Upload, write: (text: string) => string): Markup {
  return element(
    "Upload",
    leaf("Key", write(upload.key)),
    leaf("UploadId", upload.id),
    writeOwner(world.accountId, "Initiator"),
    writeOwner(world.accountId),
    leaf("StorageClass", upload.system["x-amz-storage-class"] ?? "STANDARD"),
    leaf("Initiated", new Date(upload.initiatedMs).toISOString()),
    leaf("ChecksumAlgorithm", upload.isChecksumAsked ? upload.checksumAlgorithm : undefined),
    leaf("ChecksumType", upload.isChecksumAsked ? upload.checksumType : undefined),
  );
}
