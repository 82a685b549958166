/** What versioning makes of a write and of a removal (S3 user guide, "How S3 Versioning works"). */
import { randomBytes } from "node:crypto";
import type { Bucket } from "./bucket.ts";
import type { Change, ObjectEntry, Version } from "./entry.ts";

/** @returns undefined for a bucket that never had versions: it cannot go back there */
export function readVersioning({ record }: Pick<Bucket, "record">): "Enabled" | "Suspended" | undefined {
  const [, status] = /<Status>(Enabled|Suspended)</.exec(record.documents["versioning"] ?? "") ?? [];
  return status === "Enabled" || status === "Suspended" ? status : undefined;
}

/** 32 characters that need no escape in a URL. */
const makeVersionId = (): string => randomBytes(24).toString("base64url").replaceAll("-", ".");

const makeId = (bucket: Bucket): { readonly versionId?: string } =>
  readVersioning(bucket) === "Enabled" ? { versionId: makeVersionId() } : {};

/** The entry as a new version: with an id where versioning is enabled, else the null version. */
export const withVersion = (bucket: Bucket, entry: ObjectEntry): ObjectEntry => ({ ...entry, ...makeId(bucket) });

/** Removes the current object: for good where there are no versions, behind a delete marker where there are. */
export function makeRemoval(bucket: Bucket, key: string, nowMs: number): Change & { readonly op: "remove" | "mark" } {
  if (readVersioning(bucket) === undefined) return { op: "remove", key };
  return { op: "mark", marker: { key, lastModifiedMs: nowMs, isMarker: true, ...makeId(bucket) } };
}

/** @param versionId `null` for the version that has no id */
export const findVersion = (bucket: Bucket, key: string, versionId: string): Version | undefined =>
  bucket.listVersions(key).find((each) => (each.versionId ?? "null") === versionId);
