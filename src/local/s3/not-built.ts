/** Data: operations that S3 has beside those that are served (S3 API reference, 2006-03-01): name, method, level, parameters. */
import type { OtherOperation, S3Wire } from "../operation.ts";

const rows = `
CreateBucketMetadataConfiguration POST bucket metadataConfiguration
CreateBucketMetadataTableConfiguration POST bucket metadataTable
CreateSession GET bucket session
DeleteBucketAnalyticsConfiguration DELETE bucket analytics
DeleteBucketIntelligentTieringConfiguration DELETE bucket intelligent-tiering
DeleteBucketInventoryConfiguration DELETE bucket inventory
DeleteBucketMetadataConfiguration DELETE bucket metadataConfiguration
DeleteBucketMetadataTableConfiguration DELETE bucket metadataTable
DeleteBucketMetricsConfiguration DELETE bucket metrics
DeleteBucketReplication DELETE bucket replication
DeleteBucketWebsite DELETE bucket website
GetBucketAbac GET bucket abac
GetBucketAnalyticsConfiguration GET bucket analytics&id
GetBucketIntelligentTieringConfiguration GET bucket intelligent-tiering&id
GetBucketInventoryConfiguration GET bucket inventory&id
GetBucketMetadataConfiguration GET bucket metadataConfiguration
GetBucketMetadataTableConfiguration GET bucket metadataTable
GetBucketMetricsConfiguration GET bucket metrics&id
ListBucketAnalyticsConfigurations GET bucket analytics
ListBucketIntelligentTieringConfigurations GET bucket intelligent-tiering
ListBucketInventoryConfigurations GET bucket inventory
ListBucketMetricsConfigurations GET bucket metrics
PostObject POST bucket
PreflightBucket OPTIONS bucket
PutBucketAbac PUT bucket abac
PutBucketAccelerateConfiguration PUT bucket accelerate
PutBucketAnalyticsConfiguration PUT bucket analytics
PutBucketIntelligentTieringConfiguration PUT bucket intelligent-tiering
PutBucketInventoryConfiguration PUT bucket inventory
PutBucketLogging PUT bucket logging
PutBucketMetricsConfiguration PUT bucket metrics
PutBucketNotificationConfiguration PUT bucket notification
PutBucketReplication PUT bucket replication
PutBucketRequestPayment PUT bucket requestPayment
PutBucketWebsite PUT bucket website
PutObjectLockConfiguration PUT bucket object-lock
UpdateBucketMetadataInventoryTableConfiguration PUT bucket metadataInventoryTable
UpdateBucketMetadataJournalTableConfiguration PUT bucket metadataJournalTable
GetObjectLegalHold GET object legal-hold
GetObjectRetention GET object retention
GetObjectTorrent GET object torrent
PreflightObject OPTIONS object
PutObjectLegalHold PUT object legal-hold
PutObjectRetention PUT object retention
RenameObject PUT object renameObject
RestoreObject POST object restore
SelectObjectContent POST object select&select-type=2
UpdateObjectEncryption PUT object encryption
`;

export const otherOperations: readonly OtherOperation<S3Wire>[] = rows
  .trim()
  .split("\n")
  .map((row) => {
    const [name = "", method, level, query] = row.split(" ");
    const wire = { method: method as S3Wire["method"], level: level as S3Wire["level"] };
    return { name, wire: query === undefined ? wire : { ...wire, query: query.split("&") } };
  });
