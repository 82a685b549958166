/** Data: what each operation of S3 that is served does, checks, leaves out and does otherwise: rows of docs/local-service.md. */

export interface OperationNotes {
  readonly served: string;
  readonly checked?: string;
  readonly notBuilt?: string;
  readonly differs?: string;
}

const kept = "kept and given back; nothing acts on it";
const conditions = "If-Match, If-None-Match, If-Modified-Since, If-Unmodified-Since";
const bodyChecks =
  "length, Content-MD5, x-amz-content-sha256, CRC32, CRC32C, CRC64NVME, SHA1, SHA256, chunk signatures; nothing is kept of a body that does not hold";
export const s3Notes: Readonly<Record<string, OperationNotes>> = {
  AbortMultipartUpload: { served: "throws the parts away", checked: "the upload and its key" },
  CompleteMultipartUpload: {
    served: "in one step, without copying; again with the same answer",
    checked: "parts, order, tags, sizes, checksums of parts and whole, x-amz-mp-object-size, If-Match, If-None-Match",
    differs: "answers at once, with no white space before the document",
  },
  CopyObject: {
    served: "within and across buckets, metadata and tags copied or replaced, another checksum where asked",
    checked: "source, directives, x-amz-copy-source-if-*, copies onto itself, 5 GiB, If-Match, If-None-Match",
    notBuilt: "keys of the client's own (SSE-C)",
  },
  CreateBucket: {
    served: "in any region, with ownership, tags and a canned ACL",
    checked: "name, region against the endpoint's",
    notBuilt: "object lock, directory buckets, x-amz-grant-*",
    differs: "names are taken within the data directory, not in the world",
  },
  CreateMultipartUpload: {
    served: "with headers, metadata, tags, checksum algorithm and type",
    checked: "which type goes with which algorithm",
    notBuilt: "SSE-C, object lock",
  },
  DeleteBucket: { served: "empty buckets; open uploads go with it", checked: "that it is empty" },
  DeleteBucketCors: { served: "yes" },
  DeleteBucketEncryption: { served: "back to S3's own keys" },
  DeleteBucketLifecycle: { served: "yes" },
  DeleteBucketOwnershipControls: { served: "yes" },
  DeleteBucketPolicy: { served: "yes" },
  DeleteBucketTagging: { served: "yes" },
  DeleteObject: {
    served: "one version for good, or behind a delete marker where there are versions",
    checked: "If-Match",
    notBuilt: "MFA, governance",
  },
  DeleteObjects: {
    served: "up to 1,000, each with its own outcome, quietly where asked",
    checked: "that a digest is there and holds, ETag of each",
  },
  DeleteObjectTagging: { served: "yes" },
  DeletePublicAccessBlock: { served: "yes" },
  GetBucketAccelerateConfiguration: { served: "never set" },
  GetBucketAcl: { served: "owner, and what a canned ACL stands for" },
  GetBucketCors: { served: "as it was put" },
  GetBucketEncryption: { served: "as it was put; AES256 before" },
  GetBucketLifecycleConfiguration: { served: "as it was put, rules without a name get one" },
  GetBucketLocation: { served: "from any region" },
  GetBucketLogging: { served: "never set" },
  GetBucketNotificationConfiguration: { served: "never set" },
  GetBucketOwnershipControls: { served: "as it was put; BucketOwnerEnforced before" },
  GetBucketPolicy: { served: "as it was put" },
  GetBucketPolicyStatus: { served: "public where everyone is allowed without a condition" },
  GetBucketReplication: { served: "never set" },
  GetBucketRequestPayment: { served: "BucketOwner" },
  GetBucketTagging: { served: "as it was put" },
  GetBucketVersioning: { served: "as it was put" },
  GetBucketWebsite: { served: "never set" },
  GetObject: {
    served: "whole, one range, one part; response-* parameters; checksum where asked",
    checked: conditions,
    notBuilt: "several ranges at once: the whole is sent; SSE-C",
  },
  GetObjectAcl: { served: "owner, and what a canned ACL stands for" },
  GetObjectAttributes: { served: "ETag, Checksum, ObjectParts, StorageClass, ObjectSize", checked: conditions },
  GetObjectLockConfiguration: { served: "never set" },
  GetObjectTagging: { served: "yes" },
  GetPublicAccessBlock: { served: "as it was put; everything blocked before" },
  HeadBucket: { served: "with x-amz-bucket-region" },
  HeadObject: { served: "as GetObject, without bytes", checked: conditions, notBuilt: "SSE-C" },
  ListBuckets: { served: "in pages, by prefix and region", checked: "max-buckets" },
  ListMultipartUploads: { served: "prefix, delimiter, both markers, encoding-type", checked: "max-uploads" },
  ListObjects: { served: "prefix, delimiter, marker, encoding-type", checked: "max-keys" },
  ListObjectsV2: {
    served: "prefix, delimiter, start-after, continuation-token, encoding-type, fetch-owner",
    checked: "max-keys, the token",
  },
  ListObjectVersions: {
    served: "versions and delete markers, newest first; prefix, delimiter, encoding-type",
    checked: "max-keys, markers",
  },
  ListParts: { served: "in pages", checked: "max-parts, part-number-marker" },
  PutBucketAcl: { served: "canned ACLs, and documents that say the same", notBuilt: "grants to single accounts" },
  PutBucketCors: { served: kept, checked: "methods, origins" },
  PutBucketEncryption: {
    served: "kept; new objects say that they have it",
    checked: "algorithm and key",
    differs: "nothing is encrypted",
  },
  PutBucketLifecycleConfiguration: { served: kept, checked: "names, status, actions, days, dates" },
  PutBucketOwnershipControls: { served: "kept; it decides whether ACLs are taken", checked: "the three values" },
  PutBucketPolicy: {
    served: "kept; asked of callers without a name, and of all where IAM is enforced",
    checked: "form, actions, resources, BlockPublicPolicy",
    notBuilt: "conditions, for callers without a name",
  },
  PutBucketTagging: { served: kept, checked: "keys, values, 50 of them" },
  PutBucketVersioning: {
    served: "enabled and suspended; acted upon by every read, write and removal",
    checked: "the two values",
    notBuilt: "MFA delete",
  },
  PutObject: {
    served: "plain, aws-chunked signed or not, with a trailer, presigned",
    checked: `${bodyChecks}; If-Match, If-None-Match: *, key, metadata, tags, storage class, 5 GiB`,
    notBuilt: "SSE-C, object lock, appending, x-amz-grant-*",
  },
  PutObjectAcl: { served: "canned ACLs, and documents that say the same", notBuilt: "grants to single accounts" },
  PutObjectTagging: { served: "yes", checked: "keys, values, 10 of them" },
  PutPublicAccessBlock: { served: "kept; asked of callers without a name and of public policies" },
  UploadPart: { served: "as PutObject, again where it is sent again", checked: `part number, ${bodyChecks}` },
  UploadPartCopy: { served: "whole objects and ranges", checked: "source, range, x-amz-copy-source-if-*" },
};
