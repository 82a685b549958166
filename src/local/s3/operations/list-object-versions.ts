import { document, element, leaf, type Markup } from "../../wire/xml.ts";
import { getBucket, s3Namespace } from "../call.ts";
import { S3Error } from "../errors.ts";
import { readEncoding, readMax } from "../listing.ts";
import { defineOperation } from "../operation.ts";
import { writeOwner } from "../owner.ts";
import { toBucket } from "../rights.ts";
import { isMarker } from "../store/bucket-state.ts";
import type { Version } from "../store/entry.ts";
import { listVersionPage } from "../version-listing.ts";

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
    const encoding = readEncoding(call);
    const max = readMax(params, "max-keys");
    const prefix = params.get("prefix") ?? "";
    const delimiter = params.get("delimiter") ?? "";
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
      leaf("Name", call.bucketName),
      leaf("Prefix", encoding.write(prefix)),
      leaf("KeyMarker", encoding.write(keyMarker)),
      leaf("VersionIdMarker", versionMarker),
      page.next === undefined ? undefined : leaf("NextKeyMarker", encoding.write(page.next.key)),
      leaf("NextVersionIdMarker", page.next?.versionId),
      leaf("MaxKeys", max),
      delimiter === "" ? undefined : leaf("Delimiter", encoding.write(delimiter)),
      leaf("EncodingType", encoding.type),
      leaf("IsTruncated", page.next !== undefined),
      ...page.versions.map(({ version, isLatest }) => write(version, isLatest, encoding.write, world.accountId)),
      ...page.commonPrefixes.map((common) => element("CommonPrefixes", leaf("Prefix", encoding.write(common)))),
    );
    return { body };
  },
});

function write(version: Version, isLatest: boolean, encode: (text: string) => string, accountId: string): Markup {
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
