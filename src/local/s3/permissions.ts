/** Data: the right that each operation of S3 asks for, where its name is not the right's ("Required permissions for Amazon S3 API operations"). */

/** Operation → action; others ask for `s3:` and their own name. */
export const s3Actions: Readonly<Record<string, string>> = {
  CompleteMultipartUpload: "s3:PutObject",
  CopyObject: "s3:PutObject",
  CreateMultipartUpload: "s3:PutObject",
  DeleteBucketCors: "s3:PutBucketCORS",
  DeleteBucketEncryption: "s3:PutEncryptionConfiguration",
  DeleteBucketLifecycle: "s3:PutLifecycleConfiguration",
  DeleteBucketOwnershipControls: "s3:PutBucketOwnershipControls",
  DeleteBucketTagging: "s3:PutBucketTagging",
  DeletePublicAccessBlock: "s3:PutBucketPublicAccessBlock",
  GetBucketAccelerateConfiguration: "s3:GetAccelerateConfiguration",
  GetBucketCors: "s3:GetBucketCORS",
  GetBucketEncryption: "s3:GetEncryptionConfiguration",
  GetBucketLifecycleConfiguration: "s3:GetLifecycleConfiguration",
  GetBucketNotificationConfiguration: "s3:GetBucketNotification",
  GetBucketReplication: "s3:GetReplicationConfiguration",
  GetObjectAttributes: "s3:GetObject",
  GetObjectLockConfiguration: "s3:GetBucketObjectLockConfiguration",
  GetPublicAccessBlock: "s3:GetBucketPublicAccessBlock",
  HeadBucket: "s3:ListBucket",
  HeadObject: "s3:GetObject",
  ListBuckets: "s3:ListAllMyBuckets",
  ListMultipartUploads: "s3:ListBucketMultipartUploads",
  ListObjects: "s3:ListBucket",
  ListObjectsV2: "s3:ListBucket",
  ListObjectVersions: "s3:ListBucketVersions",
  ListParts: "s3:ListMultipartUploadParts",
  PutBucketCors: "s3:PutBucketCORS",
  PutBucketEncryption: "s3:PutEncryptionConfiguration",
  PutBucketLifecycleConfiguration: "s3:PutLifecycleConfiguration",
  PutPublicAccessBlock: "s3:PutBucketPublicAccessBlock",
  UploadPart: "s3:PutObject",
  UploadPartCopy: "s3:PutObject",
};

/** Right to a current object → right to a version that is named. */
export const s3VersionActions: Readonly<Record<string, string>> = {
  "s3:DeleteObject": "s3:DeleteObjectVersion",
  "s3:DeleteObjectTagging": "s3:DeleteObjectVersionTagging",
  "s3:GetObject": "s3:GetObjectVersion",
  "s3:GetObjectAcl": "s3:GetObjectVersionAcl",
  "s3:GetObjectTagging": "s3:GetObjectVersionTagging",
  "s3:PutObjectAcl": "s3:PutObjectVersionAcl",
  "s3:PutObjectTagging": "s3:PutObjectVersionTagging",
};

/** Operation → header → a further right that it takes. */
export const s3HeaderActions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  CopyObject: { "x-amz-acl": "s3:PutObjectAcl", "x-amz-tagging": "s3:PutObjectTagging" },
  CreateBucket: { "x-amz-acl": "s3:PutBucketAcl", "x-amz-object-ownership": "s3:PutBucketOwnershipControls" },
  CreateMultipartUpload: { "x-amz-acl": "s3:PutObjectAcl", "x-amz-tagging": "s3:PutObjectTagging" },
  PutObject: { "x-amz-acl": "s3:PutObjectAcl", "x-amz-tagging": "s3:PutObjectTagging" },
};

/** Reads of an object: who may not list the bucket is not told that there is none. */
export const s3Reads: ReadonlySet<string> = new Set([
  "GetObject",
  "GetObjectAcl",
  "GetObjectAttributes",
  "GetObjectTagging",
  "HeadObject",
]);

/** Headers and parameters that are condition keys, as `s3:` and their name. */
export const s3KeyHeaders: readonly string[] = [
  "x-amz-acl",
  "x-amz-content-sha256",
  "x-amz-copy-source",
  "x-amz-metadata-directive",
  "x-amz-object-ownership",
  "x-amz-server-side-encryption",
  "x-amz-server-side-encryption-aws-kms-key-id",
  "x-amz-storage-class",
];
export const s3KeyParams: readonly string[] = ["delimiter", "max-keys", "prefix"];
