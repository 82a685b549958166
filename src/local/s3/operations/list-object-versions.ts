import { document, element, leaf } from "../../wire/xml.ts";
import { getBucket, type S3Act, s3Namespace } from "../call.ts";
import { S3Error } from "../errors.ts";
import { listPage, readEncoding, readMax, startAfter } from "../listing.ts";
import { writeOwner } from "../owner.ts";

/** The versions of a bucket's objects: one each, called `null`. */
export const listObjectVersions: S3Act = (call) => {
  const bucket = getBucket(call);
  const { params, world } = call;
  const encoding = readEncoding(call);
  const max = readMax(params, "max-keys");
  const prefix = params.get("prefix") ?? "";
  const delimiter = params.get("delimiter") ?? "";
  const marker = params.get("key-marker") ?? "";
  const versionMarker = params.get("version-id-marker") ?? "";
  if (versionMarker !== "" && marker === "") {
    throw new S3Error("InvalidArgument", {
      message: "A version-id marker cannot be specified without a key marker.",
      details: { ArgumentName: "version-id-marker", ArgumentValue: versionMarker },
    });
  }
  const page = listPage(bucket.objects, { prefix, delimiter, start: startAfter(marker, prefix, delimiter), max });
  const next = page.next === undefined ? undefined : "after" in page.next ? page.next.after : page.next.afterPrefix;
  const body = document(
    "ListVersionsResult",
    s3Namespace,
    leaf("Name", call.bucketName),
    leaf("Prefix", encoding.write(prefix)),
    leaf("KeyMarker", encoding.write(marker)),
    leaf("VersionIdMarker", versionMarker),
    next === undefined ? undefined : leaf("NextKeyMarker", encoding.write(next)),
    page.next !== undefined && "after" in page.next ? leaf("NextVersionIdMarker", "null") : undefined,
    leaf("MaxKeys", max),
    delimiter === "" ? undefined : leaf("Delimiter", encoding.write(delimiter)),
    leaf("EncodingType", encoding.type),
    leaf("IsTruncated", page.next !== undefined),
    ...page.items.map((entry) =>
      element(
        "Version",
        leaf("Key", encoding.write(entry.key)),
        leaf("VersionId", "null"),
        leaf("IsLatest", true),
        leaf("LastModified", new Date(entry.lastModifiedMs).toISOString()),
        leaf("ETag", `"${entry.etag}"`),
        leaf("ChecksumAlgorithm", entry.checksum?.algorithm),
        leaf("ChecksumType", entry.checksum?.type),
        leaf("Size", entry.sizeBytes),
        leaf("StorageClass", entry.system["x-amz-storage-class"] ?? "STANDARD"),
        writeOwner(world.accountId),
      ),
    ),
    ...page.commonPrefixes.map((common) => element("CommonPrefixes", leaf("Prefix", encoding.write(common)))),
  );
  return { body };
};
