/** Versions as requests name them and answers give them. */
import type { S3Call } from "./call.ts";
import { S3Error } from "./errors.ts";
import { httpDate } from "./object-headers.ts";
import type { Bucket } from "./store/bucket.ts";
import { isMarker } from "./store/bucket-state.ts";
import type { ObjectEntry, Version } from "./store/entry.ts";
import { findVersion, readVersioning } from "./store/versions.ts";

/** @throws S3Error InvalidArgument for what cannot be a version of this bucket */
export function checkVersion(bucket: Bucket, versionId: string | undefined): void {
  if (versionId === undefined || versionId === "null") return;
  if (readVersioning(bucket) !== undefined && /^[\w.]{32}$/.test(versionId)) return;
  throw new S3Error("InvalidArgument", {
    message: versionId === "" ? "Version id cannot be the empty string" : "Invalid version id specified",
    details: { ArgumentName: "versionId", ArgumentValue: versionId },
  });
}

/**
 * The object that is meant: the current one, or the version that is named.
 * @throws S3Error NoSuchKey, NoSuchVersion, InvalidArgument, MethodNotAllowed for a delete marker that is named
 */
export function findObject(call: S3Call, bucket: Bucket, key: string, versionId: string | undefined): ObjectEntry {
  checkVersion(bucket, versionId);
  if (versionId === undefined) {
    const [current] = bucket.listVersions(key);
    if (current !== undefined && !isMarker(current)) return current;
    throw new S3Error("NoSuchKey", {
      details: { Key: key },
      ...(current !== undefined && { headers: writeVersionHeaders(bucket, current) }),
    });
  }
  const version = findVersion(bucket, key, versionId);
  if (version === undefined) {
    if (readVersioning(bucket) === undefined) throw new S3Error("NoSuchKey", { details: { Key: key } });
    throw new S3Error("NoSuchVersion", { details: { Key: key, VersionId: versionId } });
  }
  if (!isMarker(version)) return version;
  throw new S3Error("MethodNotAllowed", {
    details: { Method: call.request.method, ResourceType: "DeleteMarker" },
    headers: {
      ...writeVersionHeaders(bucket, version),
      allow: "DELETE",
      "last-modified": httpDate(version.lastModifiedMs),
    },
  });
}

/** What an answer says of the version that it is about; nothing in a bucket that never had any. */
export function writeVersionHeaders(bucket: Bucket, version: Version): Readonly<Record<string, string>> {
  if (readVersioning(bucket) === undefined) return {};
  return {
    "x-amz-version-id": version.versionId ?? "null",
    ...(isMarker(version) && { "x-amz-delete-marker": "true" }),
  };
}

/** What the answer to a write says: the id that was made. A null version that is written has none to tell. */
export const writeNewVersion = ({ versionId }: ObjectEntry): Readonly<Record<string, string>> =>
  versionId === undefined ? {} : { "x-amz-version-id": versionId };
