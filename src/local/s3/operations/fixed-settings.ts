/** Settings that can be read and not be changed here: every bucket has them as a new one does. */

import { toBucket } from "../access/rights.ts";
import { readFixed, writeSettingDocument } from "../buckets/setting.ts";
import { defineOperation } from "../operation.ts";

export const getBucketLogging = defineOperation({
  name: "GetBucketLogging",
  wire: { method: "GET", level: "bucket", query: ["logging"] },
  input: { type: "none" },
  rights: toBucket("s3:GetBucketLogging"),
  notes: { served: "never set" },
  act: readFixed({ document: writeSettingDocument("BucketLoggingStatus") }),
});

export const getBucketNotificationConfiguration = defineOperation({
  name: "GetBucketNotificationConfiguration",
  wire: { method: "GET", level: "bucket", query: ["notification"] },
  input: { type: "none" },
  rights: toBucket("s3:GetBucketNotification"),
  notes: { served: "never set" },
  act: readFixed({ document: writeSettingDocument("NotificationConfiguration") }),
});

export const getBucketAccelerateConfiguration = defineOperation({
  name: "GetBucketAccelerateConfiguration",
  wire: { method: "GET", level: "bucket", query: ["accelerate"] },
  input: { type: "none" },
  rights: toBucket("s3:GetAccelerateConfiguration"),
  notes: { served: "never set" },
  act: readFixed({ document: writeSettingDocument("AccelerateConfiguration") }),
});

export const getBucketRequestPayment = defineOperation({
  name: "GetBucketRequestPayment",
  wire: { method: "GET", level: "bucket", query: ["requestPayment"] },
  input: { type: "none" },
  rights: toBucket("s3:GetBucketRequestPayment"),
  notes: { served: "BucketOwner" },
  act: readFixed({ document: writeSettingDocument("RequestPaymentConfiguration", "<Payer>BucketOwner</Payer>") }),
});

export const getBucketWebsite = defineOperation({
  name: "GetBucketWebsite",
  wire: { method: "GET", level: "bucket", query: ["website"] },
  input: { type: "none" },
  rights: toBucket("s3:GetBucketWebsite"),
  notes: { served: "never set" },
  act: readFixed({ error: "NoSuchWebsiteConfiguration" }),
});

export const getBucketReplication = defineOperation({
  name: "GetBucketReplication",
  wire: { method: "GET", level: "bucket", query: ["replication"] },
  input: { type: "none" },
  rights: toBucket("s3:GetReplicationConfiguration"),
  notes: { served: "never set" },
  act: readFixed({ error: "ReplicationConfigurationNotFoundError" }),
});

export const getObjectLockConfiguration = defineOperation({
  name: "GetObjectLockConfiguration",
  wire: { method: "GET", level: "bucket", query: ["object-lock"] },
  input: { type: "none" },
  rights: toBucket("s3:GetBucketObjectLockConfiguration"),
  notes: { served: "never set" },
  act: readFixed({ error: "ObjectLockConfigurationNotFoundError" }),
});
