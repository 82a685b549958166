import { document, element, leaf, type Markup } from "../../wire/xml.ts";
import { writeOwner } from "../access/owner.ts";
import { toBucket } from "../access/rights.ts";
import { getBucket, s3Namespace } from "../call.ts";
import { S3Error } from "../errors.ts";
import { readListing } from "../listing/listing.ts";
import { listVersionPage } from "../listing/version-listing.ts";
import { defineOperation } from "../operation.ts";
import { isMarker } from "../store/bucket-state.ts";
import type { Version } from "../store/entry.ts";

/** All versions and delete markers, by key, those of one key newest first. */
export const listObjectVersions = defineOperation({
  name: "ListObjectVersions",
  wire: { method: "GET", level: "bucket", query: ["versions"] },
  input: { type: "none" },
  rights: toBucket("s3:ListBucketVersions", { anonymous: { bucket: "READ" } }),
  notes: {
    served: "versions and delete markers, newest first; prefix, delimiter, encoding-type",
    checked: "max-keys, markers",
  },
  act(_body, call) {
    const bucket = getBucket(call);
    const { params, world } = call;
    const { prefix, delimiter, max, write, head, form, writeCommon } = readListing(call);
    const keyMarker = params.get("key-marker") ?? "";
    const versionMarker = params.get("version-id-marker") ?? "";
    if (versionMarker !== "" && keyMarker === "") {
      throw new S3Error("InvalidArgument", {
        message: "A version-id marker cannot be specified without a key marker.",
        details: { ArgumentName: "version-id-marker", ArgumentValue: versionMarker },
      });
    }
    const page = listVersionPage(bucket, { prefix, delimiter, keyMarker, versionMarker, max });
    const body = document(
      "ListVersionsResult",
      s3Namespace,
      ...head,
      leaf("KeyMarker", write(keyMarker)),
      leaf("VersionIdMarker", versionMarker),
      page.next === undefined ? undefined : leaf("NextKeyMarker", write(page.next.key)),
      leaf("NextVersionIdMarker", page.next?.versionId),
      ...form(page.next !== undefined),
      ...page.versions.map(({ version, isLatest }) => writeVersion(version, isLatest, write, world.accountId)),
      ...writeCommon(page.commonPrefixes),
    );
    return { body };
  },
});

function writeVersion(
  version: Version,
  isLatest: boolean,
  encode: (text: string) => string,
  accountId: string,
): Markup {
  const name = [
    leaf("Key", encode(version.key)),
    leaf("VersionId", version.versionId ?? "null"),
    leaf("IsLatest", isLatest),
    leaf("LastModified", new Date(version.lastModifiedMs).toISOString()),
  ];
  if (isMarker(version)) return element("DeleteMarker", ...name, writeOwner(accountId));
  return element(
    "Version",
    ...name,
    leaf("ETag", `"${version.etag}"`),
    leaf("ChecksumAlgorithm", version.checksum?.algorithm),
    leaf("ChecksumType", version.checksum?.type),
    leaf("Size", version.sizeBytes),
    leaf("StorageClass", version.system["x-amz-storage-class"] ?? "STANDARD"),
    writeOwner(accountId),
  );
}
