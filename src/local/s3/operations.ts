/** Data: the operations of S3, how each is told from its request, and what is not built (S3 API reference, 2006-03-01). */

export type Level = "service" | "bucket" | "object";

export interface S3Operation {
  readonly name: string;
  readonly method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE" | "OPTIONS";
  readonly level: Level;
  /** Parameters that must all be there, `name` or `name=value`. The operation with the most of them is meant. */
  readonly query?: readonly string[];
  /** A header that must be there. */
  readonly header?: string;
}

type Row = readonly [name: string, method: S3Operation["method"], query?: string | undefined, header?: string];

const rows = (level: Level, ...list: readonly Row[]): S3Operation[] =>
  list.map(([name, method, query, header]) => ({
    name,
    method,
    level,
    ...(query !== undefined && { query: query.split("&") }),
    ...(header !== undefined && { header }),
  }));

const copySource = "x-amz-copy-source";

export const s3Operations: readonly S3Operation[] = [
  ...rows("service", ["ListBuckets", "GET"]),
  ...rows(
    "bucket",
    ["CreateBucket", "PUT"],
    ["CreateBucketMetadataConfiguration", "POST", "metadataConfiguration"],
    ["CreateBucketMetadataTableConfiguration", "POST", "metadataTable"],
    ["CreateSession", "GET", "session"],
    ["DeleteBucket", "DELETE"],
    ["DeleteBucketAnalyticsConfiguration", "DELETE", "analytics"],
    ["DeleteBucketCors", "DELETE", "cors"],
    ["DeleteBucketEncryption", "DELETE", "encryption"],
    ["DeleteBucketIntelligentTieringConfiguration", "DELETE", "intelligent-tiering"],
    ["DeleteBucketInventoryConfiguration", "DELETE", "inventory"],
    ["DeleteBucketLifecycle", "DELETE", "lifecycle"],
    ["DeleteBucketMetadataConfiguration", "DELETE", "metadataConfiguration"],
    ["DeleteBucketMetadataTableConfiguration", "DELETE", "metadataTable"],
    ["DeleteBucketMetricsConfiguration", "DELETE", "metrics"],
    ["DeleteBucketOwnershipControls", "DELETE", "ownershipControls"],
    ["DeleteBucketPolicy", "DELETE", "policy"],
    ["DeleteBucketReplication", "DELETE", "replication"],
    ["DeleteBucketTagging", "DELETE", "tagging"],
    ["DeleteBucketWebsite", "DELETE", "website"],
    ["DeleteObjects", "POST", "delete"],
    ["DeletePublicAccessBlock", "DELETE", "publicAccessBlock"],
    ["GetBucketAbac", "GET", "abac"],
    ["GetBucketAccelerateConfiguration", "GET", "accelerate"],
    ["GetBucketAcl", "GET", "acl"],
    ["GetBucketAnalyticsConfiguration", "GET", "analytics&id"],
    ["GetBucketCors", "GET", "cors"],
    ["GetBucketEncryption", "GET", "encryption"],
    ["GetBucketIntelligentTieringConfiguration", "GET", "intelligent-tiering&id"],
    ["GetBucketInventoryConfiguration", "GET", "inventory&id"],
    ["GetBucketLifecycleConfiguration", "GET", "lifecycle"],
    ["GetBucketLocation", "GET", "location"],
    ["GetBucketLogging", "GET", "logging"],
    ["GetBucketMetadataConfiguration", "GET", "metadataConfiguration"],
    ["GetBucketMetadataTableConfiguration", "GET", "metadataTable"],
    ["GetBucketMetricsConfiguration", "GET", "metrics&id"],
    ["GetBucketNotificationConfiguration", "GET", "notification"],
    ["GetBucketOwnershipControls", "GET", "ownershipControls"],
    ["GetBucketPolicy", "GET", "policy"],
    ["GetBucketPolicyStatus", "GET", "policyStatus"],
    ["GetBucketReplication", "GET", "replication"],
    ["GetBucketRequestPayment", "GET", "requestPayment"],
    ["GetBucketTagging", "GET", "tagging"],
    ["GetBucketVersioning", "GET", "versioning"],
    ["GetBucketWebsite", "GET", "website"],
    ["GetObjectLockConfiguration", "GET", "object-lock"],
    ["GetPublicAccessBlock", "GET", "publicAccessBlock"],
    ["HeadBucket", "HEAD"],
    ["ListBucketAnalyticsConfigurations", "GET", "analytics"],
    ["ListBucketIntelligentTieringConfigurations", "GET", "intelligent-tiering"],
    ["ListBucketInventoryConfigurations", "GET", "inventory"],
    ["ListBucketMetricsConfigurations", "GET", "metrics"],
    ["ListMultipartUploads", "GET", "uploads"],
    ["ListObjectVersions", "GET", "versions"],
    ["ListObjects", "GET"],
    ["ListObjectsV2", "GET", "list-type=2"],
    ["PostObject", "POST"],
    ["PreflightBucket", "OPTIONS"],
    ["PutBucketAbac", "PUT", "abac"],
    ["PutBucketAccelerateConfiguration", "PUT", "accelerate"],
    ["PutBucketAcl", "PUT", "acl"],
    ["PutBucketAnalyticsConfiguration", "PUT", "analytics"],
    ["PutBucketCors", "PUT", "cors"],
    ["PutBucketEncryption", "PUT", "encryption"],
    ["PutBucketIntelligentTieringConfiguration", "PUT", "intelligent-tiering"],
    ["PutBucketInventoryConfiguration", "PUT", "inventory"],
    ["PutBucketLifecycleConfiguration", "PUT", "lifecycle"],
    ["PutBucketLogging", "PUT", "logging"],
    ["PutBucketMetricsConfiguration", "PUT", "metrics"],
    ["PutBucketNotificationConfiguration", "PUT", "notification"],
    ["PutBucketOwnershipControls", "PUT", "ownershipControls"],
    ["PutBucketPolicy", "PUT", "policy"],
    ["PutBucketReplication", "PUT", "replication"],
    ["PutBucketRequestPayment", "PUT", "requestPayment"],
    ["PutBucketTagging", "PUT", "tagging"],
    ["PutBucketVersioning", "PUT", "versioning"],
    ["PutBucketWebsite", "PUT", "website"],
    ["PutObjectLockConfiguration", "PUT", "object-lock"],
    ["PutPublicAccessBlock", "PUT", "publicAccessBlock"],
    ["UpdateBucketMetadataInventoryTableConfiguration", "PUT", "metadataInventoryTable"],
    ["UpdateBucketMetadataJournalTableConfiguration", "PUT", "metadataJournalTable"],
  ),
  ...rows(
    "object",
    ["AbortMultipartUpload", "DELETE", "uploadId"],
    ["CompleteMultipartUpload", "POST", "uploadId"],
    ["CopyObject", "PUT", undefined, copySource],
    ["CreateMultipartUpload", "POST", "uploads"],
    ["DeleteObject", "DELETE"],
    ["DeleteObjectTagging", "DELETE", "tagging"],
    ["GetObject", "GET"],
    ["GetObjectAcl", "GET", "acl"],
    ["GetObjectAttributes", "GET", "attributes"],
    ["GetObjectLegalHold", "GET", "legal-hold"],
    ["GetObjectRetention", "GET", "retention"],
    ["GetObjectTagging", "GET", "tagging"],
    ["GetObjectTorrent", "GET", "torrent"],
    ["HeadObject", "HEAD"],
    ["ListParts", "GET", "uploadId"],
    ["PreflightObject", "OPTIONS"],
    ["PutObject", "PUT"],
    ["PutObjectAcl", "PUT", "acl"],
    ["PutObjectLegalHold", "PUT", "legal-hold"],
    ["PutObjectRetention", "PUT", "retention"],
    ["PutObjectTagging", "PUT", "tagging"],
    ["RenameObject", "PUT", "renameObject"],
    ["RestoreObject", "POST", "restore"],
    ["SelectObjectContent", "POST", "select&select-type=2"],
    ["UpdateObjectEncryption", "PUT", "encryption"],
    ["UploadPart", "PUT", "partNumber&uploadId"],
    ["UploadPartCopy", "PUT", "partNumber&uploadId", copySource],
  ),
];

/** Parameters that name a sub-resource: with a method that does not go with them they are refused, not overlooked. */
export const subResources: ReadonlySet<string> = new Set(
  s3Operations
    .flatMap(({ query = [] }) => query.slice(0, 1))
    .filter((name) => !name.includes("=") && name !== "partNumber"),
);
