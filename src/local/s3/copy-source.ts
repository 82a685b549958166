/** Where a copy comes from: `x-amz-copy-source`, percent-encoded, with or without a slash before the bucket. */

import { checkSource } from "./access/check-caller.ts";
import { checkKeyRight } from "./access/key-rights.ts";
import { getBucket, type S3Call } from "./call.ts";
import { checkCopyConditions } from "./conditions.ts";
import { S3Error } from "./errors.ts";
import type { Bucket } from "./store/bucket.ts";
import type { ObjectEntry } from "./store/entry.ts";
import { findObject, writeVersionHeaders } from "./version.ts";

export interface CopySource {
  readonly bucket: Bucket;
  readonly entry: ObjectEntry;
}

const wrong = (message: string, value: string): S3Error =>
  new S3Error("InvalidArgument", { message, details: { ArgumentName: "x-amz-copy-source", ArgumentValue: value } });

/** @throws S3Error InvalidArgument, NoSuchBucket, NoSuchKey, AccessDenied, PreconditionFailed */
export function getCopySource(call: S3Call): CopySource {
  const header = call.headers["x-amz-copy-source"] ?? "";
  const [place = "", query] = header.split(/\?(?=versionId=)/);
  let path: string;
  try {
    path = decodeURIComponent(place);
  } catch {
    throw wrong("Invalid copy source encoding.", header);
  }
  const match = /^\/?([^/]+)\/([\s\S]+)$/.exec(path);
  if (match === null) throw wrong("Copy Source must mention the source bucket and key: sourcebucket/sourcekey", header);
  const [, name = "", key = ""] = match;
  const bucket = getBucket(call, name);
  const expected = call.headers["x-amz-source-expected-bucket-owner"];
  if (expected !== undefined && expected !== bucket.record.ownerId) throw new S3Error("AccessDenied");
  const versionId = query?.slice("versionId=".length);
  checkSource(call, name, key, versionId);
  const entry = findSource(call, bucket, key, versionId);
  checkKeyRight(call, "kms:Decrypt", entry, name, key);
  checkCopyConditions(call.headers, entry);
  return { bucket, entry };
}

function findSource(call: S3Call, bucket: Bucket, key: string, versionId: string | undefined): ObjectEntry {
  try {
    return findObject(call, bucket, key, versionId);
  } catch (error) {
    if (!(error instanceof S3Error) || error.code !== "MethodNotAllowed") throw error;
    throw new S3Error("InvalidRequest", {
      message: "The source of a copy request may not specifically refer to a delete marker by version id.",
    });
  }
}

/** What an answer says of the version that was copied from. */
export function writeSourceVersion({ bucket, entry }: CopySource): Readonly<Record<string, string>> {
  const { "x-amz-version-id": id } = writeVersionHeaders(bucket, entry);
  return id === undefined ? {} : { "x-amz-copy-source-version-id": id };
}
