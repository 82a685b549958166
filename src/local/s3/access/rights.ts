/** What a call of S3 is a right to ("Required permissions for Amazon S3 API operations"). */
import type { Right, Rights } from "../../operation.ts";
import { partitionOf } from "../../partition.ts";
import type { S3Call } from "../call.ts";
import { findVersion } from "../store/versions.ts";

type S3Rights = Rights<unknown, S3Call, unknown>;

/** Headers and parameters that are condition keys, as `s3:` and their name. */
const s3KeyHeaders: readonly string[] = [
  "x-amz-acl",
  "x-amz-content-sha256",
  "x-amz-copy-source",
  "x-amz-metadata-directive",
  "x-amz-object-ownership",
  "x-amz-server-side-encryption",
  "x-amz-server-side-encryption-aws-kms-key-id",
  "x-amz-storage-class",
];
const s3KeyParams: readonly string[] = ["delimiter", "max-keys", "prefix"];

/** @param key empty for the bucket itself; the bucket `*` for all of them */
export function makeRight<const A extends string>(
  { request, headers, params }: S3Call,
  action: A,
  bucketName: string,
  key: string,
): Right<A> {
  const resource = `arn:${partitionOf(request.region)}:s3:::${bucketName}${key === "" ? "" : `/${key}`}`;
  return {
    action,
    resource,
    region: request.region,
    bucket: bucketName,
    // S3 alone writes the ARN in quotation marks, and none where the right is to all buckets.
    shown: bucketName === "*" ? "" : `"${resource}"`,
    keys: {
      ...Object.fromEntries(s3KeyHeaders.map((name) => [`s3:${name}`, headers[name]])),
      "s3:versionid": params.get("versionId"),
      ...Object.fromEntries(s3KeyParams.map((name) => [`s3:${name}`, params.get(name)])),
    },
  };
}

interface Further {
  /** Header → a further right that it takes. */
  readonly byHeader?: Readonly<Record<string, string>>;
  /** What has to grant it to a caller without a name. */
  readonly anonymous?: Omit<NonNullable<S3Rights["anonymous"]>, "action">;
}

const withAnonymous = (action: string, anonymous: Further["anonymous"]): Pick<S3Rights, "anonymous"> =>
  anonymous === undefined ? {} : { anonymous: { action, ...anonymous } };

const listByHeader = (call: S3Call, byHeader: Readonly<Record<string, string>>): Right[] =>
  Object.entries(byHeader)
    .filter(([header]) => call.headers[header] !== undefined)
    .map(([, action]) => makeRight(call, action, call.bucketName, call.key));

/** To a bucket. One that is not there has no policy to ask, and says so to everybody, but to its maker. */
export function toBucket(
  action: string,
  { byHeader = {}, anonymous, isMade = false }: Further & { readonly isMade?: boolean } = {},
): S3Rights {
  return {
    actions: [action, ...Object.values(byHeader)],
    ...withAnonymous(action, anonymous),
    list(_body, call) {
      if (!isMade && call.store.findBucket(call.bucketName) === undefined) return [];
      return [makeRight(call, action, call.bucketName, call.key), ...listByHeader(call, byHeader)];
    },
  };
}

/** What whoever may not list the bucket is asked for: only who may list it learns that a key is not there. */
export function listMissing(call: S3Call, bucketName: string, key: string, versionId: string | undefined): Right[] {
  const bucket = call.store.findBucket(bucketName);
  const found = versionId === undefined ? bucket?.objects.get(key) : bucket && findVersion(bucket, key, versionId);
  if (found !== undefined) return [];
  return [makeRight(call, versionId === undefined ? "s3:ListBucket" : "s3:ListBucketVersions", bucketName, "")];
}

interface ToObject extends Further {
  /** The right to a version that is named, where that is another one. */
  readonly version?: string;
  /** Whether the object has to be there. */
  readonly isRead?: boolean;
}

export function toObject(
  action: string,
  { version = action, byHeader = {}, isRead = false, anonymous }: ToObject = {},
): S3Rights {
  const listing = isRead ? ["s3:ListBucket", "s3:ListBucketVersions"] : [];
  return {
    actions: [...new Set([action, version, ...Object.values(byHeader), ...listing])],
    ...withAnonymous(action, anonymous),
    list(_body, call) {
      const { bucketName, key, params, store } = call;
      if (store.findBucket(bucketName) === undefined) return [];
      const versionId = params.get("versionId");
      return [
        makeRight(call, versionId === undefined ? action : version, bucketName, key),
        ...listByHeader(call, byHeader),
        ...(isRead ? listMissing(call, bucketName, key, versionId) : []),
      ];
    },
  };
}
