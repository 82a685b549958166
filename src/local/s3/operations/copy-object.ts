import { createHash } from "node:crypto";
import { document, leaf } from "../../wire/xml.ts";
import { readObjectAcl } from "../access/acl.ts";
import { takeKey } from "../access/key-rights.ts";
import { toObject } from "../access/rights.ts";
import { getBucket, type S3Call, s3Namespace } from "../call.ts";
import { algorithms, findAlgorithm } from "../checksum/algorithms.ts";
import { checkWriteConditions } from "../conditions.ts";
import { type CopySource, getCopySource, writeSourceVersion } from "../copy-source.ts";
import { S3Error } from "../errors.ts";
import { readObjectHeaders, writeEncryptionHeaders } from "../object-headers.ts";
import { defineOperation } from "../operation.ts";
import { maxPutBytes } from "../payload.ts";
import type { Bucket } from "../store/bucket.ts";
import { commitPut } from "../store/disk-store.ts";
import type { ChecksumAlgorithm, ObjectEntry, ObjectHeaders } from "../store/entry.ts";
import { readTagHeader } from "../tags.ts";
import { writeNewVersion } from "../version.ts";

/** Copies an object, its metadata with it or replaced. */
export const copyObject = defineOperation({
  name: "CopyObject",
  wire: { method: "PUT", level: "object", header: "x-amz-copy-source" },
  input: { type: "none" },
  rights: toObject("s3:PutObject", {
    byHeader: { "x-amz-acl": "s3:PutObjectAcl", "x-amz-tagging": "s3:PutObjectTagging" },
  }),
  notes: {
    served: "within and across buckets, metadata and tags copied or replaced, another checksum where asked",
    checked: "source, directives, x-amz-copy-source-if-*, copies onto itself, 5 GiB, If-Match, If-None-Match",
    notBuilt: "keys of the client's own (SSE-C)",
  },
  async act(_body, call) {
    const { headers, key, world } = call;
    const bucket = getBucket(call);
    const source = getCopySource(call);
    const isReplaced = readDirective(headers, "x-amz-metadata-directive", "metadata");
    const areTagsReplaced = readDirective(headers, "x-amz-tagging-directive", "tagging");
    const asked = takeKey(call, readObjectHeaders(headers, bucket));
    checkChange(call, bucket, source, isReplaced);
    if (source.entry.sizeBytes > maxPutBytes) {
      throw new S3Error("InvalidRequest", {
        message: `The specified copy source is larger than the maximum allowable size for a copy source: ${maxPutBytes}`,
      });
    }
    const algorithm = readAlgorithm(headers["x-amz-checksum-algorithm"]);
    const tags = areTagsReplaced ? readTagHeader(headers["x-amz-tagging"]) : source.entry.tags;
    const acl = readObjectAcl(headers, bucket);
    const check = (current: ObjectEntry | undefined): void => checkWriteConditions(headers, key, current);
    check(bucket.objects.get(key));
    const entry: ObjectEntry = {
      key,
      lastModifiedMs: world.clock.nowMs(),
      ...(await copyBytes(bucket, source, algorithm)),
      ...(isReplaced ? asked : withOwnClass(source.entry, asked)),
      ...(tags !== undefined && { tags }),
      ...(acl !== undefined && { acl }),
    };
    const written = await commitPut(bucket, entry, check);
    const { checksum } = entry;
    return {
      headers: { ...writeNewVersion(written), ...writeSourceVersion(source), ...writeEncryptionHeaders(entry) },
      body: document(
        "CopyObjectResult",
        s3Namespace,
        leaf("ETag", `"${entry.etag}"`),
        leaf("LastModified", new Date(entry.lastModifiedMs).toISOString()),
        checksum === undefined ? undefined : leaf(algorithms[checksum.algorithm].element, checksum.value),
        leaf("ChecksumType", checksum?.type),
      ),
    };
  },
});

/** True for REPLACE. @throws S3Error InvalidArgument */
function readDirective(headers: Readonly<Record<string, string>>, name: string, what: string): boolean {
  const value = headers[name];
  if (value === undefined || value === "COPY") return false;
  if (value === "REPLACE") return true;
  throw new S3Error("InvalidArgument", {
    message: `Unknown ${what} directive.`,
    details: { ArgumentName: name, ArgumentValue: value },
  });
}

/** An object may be copied onto itself only to change something. @throws S3Error InvalidRequest */
function checkChange(call: S3Call, bucket: Bucket, source: CopySource, isReplaced: boolean): void {
  if (source.bucket !== bucket || source.entry.key !== call.key || isReplaced) return;
  // An older version over the current one: so objects are restored.
  if (source.entry !== bucket.objects.get(call.key)) return;
  const changing = [
    "x-amz-storage-class",
    "x-amz-server-side-encryption",
    "x-amz-website-redirect-location",
    "x-amz-checksum-algorithm",
  ];
  if (changing.some((name) => call.headers[name] !== undefined)) return;
  throw new S3Error("InvalidRequest", {
    message:
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  });
}

/** Class, encryption and redirect are the request's own, also where the metadata comes along. */
function withOwnClass(source: ObjectHeaders, asked: ObjectHeaders): ObjectHeaders {
  const own = (name: string): boolean => name.startsWith("x-amz-");
  const kept = Object.entries(source.system).filter(([name]) => !own(name));
  const added = Object.entries(asked.system).filter(([name]) => own(name));
  return { user: source.user, system: Object.fromEntries([...kept, ...added]) };
}

function readAlgorithm(header: string | undefined): ChecksumAlgorithm | undefined {
  if (header === undefined) return undefined;
  const algorithm = findAlgorithm(header.toUpperCase());
  if (algorithm !== undefined) return algorithm;
  throw new S3Error("InvalidRequest", {
    message:
      "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]",
  });
}

/** An object in one piece shares its bytes; one that came in parts is written anew and gets the tag of a whole. */
async function copyBytes(
  bucket: Bucket,
  { bucket: from, entry }: CopySource,
  algorithm: ChecksumAlgorithm | undefined,
): Promise<Pick<ObjectEntry, "sizeBytes" | "etag" | "blobs" | "checksum">> {
  const release = from.blobs.hold(entry.blobs);
  try {
    const [only] = entry.blobs;
    const isSame = algorithm === undefined || algorithm === entry.checksum?.algorithm;
    if (entry.parts === undefined && isSame) {
      const { sizeBytes, etag, checksum } = entry;
      const blobs = only === undefined ? [] : [await bucket.blobs.copy(only, from.blobs)];
      return { sizeBytes, etag, blobs, ...(checksum !== undefined && { checksum }) };
    }
    const wanted = algorithm ?? entry.checksum?.algorithm ?? "CRC64NVME";
    const md5 = createHash("md5");
    const checksum = algorithms[wanted].make();
    const blob = await bucket.blobs.write(from.blobs.read(entry.blobs, 0, entry.sizeBytes - 1), [md5, checksum]);
    return {
      sizeBytes: entry.sizeBytes,
      etag: md5.digest("hex"),
      blobs: blob === undefined ? [] : [blob],
      checksum: { algorithm: wanted, value: checksum.digest(), type: "FULL_OBJECT" },
    };
  } finally {
    release();
  }
}
