/** The operations of S3 (S3 API reference, 2006-03-01). */
import { listOperations } from "../operation.ts";
import { otherOperations } from "./not-built.ts";
import type { S3Kind } from "./operation.ts";
import { abortMultipartUpload } from "./operations/abort-multipart-upload.ts";
import { deleteBucketCors, getBucketCors, putBucketCors } from "./operations/bucket-cors.ts";
import { deleteBucketEncryption, getBucketEncryption, putBucketEncryption } from "./operations/bucket-encryption.ts";
import {
  deleteBucketLifecycle,
  getBucketLifecycleConfiguration,
  putBucketLifecycleConfiguration,
} from "./operations/bucket-lifecycle.ts";
import {
  deleteBucketOwnershipControls,
  getBucketOwnershipControls,
  putBucketOwnershipControls,
} from "./operations/bucket-ownership-controls.ts";
import { deleteBucketTagging, getBucketTagging, putBucketTagging } from "./operations/bucket-tagging.ts";
import { getBucketVersioning, putBucketVersioning } from "./operations/bucket-versioning.ts";
import { completeMultipartUpload } from "./operations/complete-multipart-upload.ts";
import { copyObject } from "./operations/copy-object.ts";
import { createBucket } from "./operations/create-bucket.ts";
import { createMultipartUpload } from "./operations/create-multipart-upload.ts";
import { deleteBucket } from "./operations/delete-bucket.ts";
import { deleteBucketPolicy } from "./operations/delete-bucket-policy.ts";
import { deleteObject } from "./operations/delete-object.ts";
import { deleteObjectTagging } from "./operations/delete-object-tagging.ts";
import { deleteObjects } from "./operations/delete-objects.ts";
import {
  getBucketAccelerateConfiguration,
  getBucketLogging,
  getBucketNotificationConfiguration,
  getBucketReplication,
  getBucketRequestPayment,
  getBucketWebsite,
  getObjectLockConfiguration,
} from "./operations/fixed-settings.ts";
import { getBucketAcl } from "./operations/get-bucket-acl.ts";
import { getBucketLocation } from "./operations/get-bucket-location.ts";
import { getBucketPolicy } from "./operations/get-bucket-policy.ts";
import { getBucketPolicyStatus } from "./operations/get-bucket-policy-status.ts";
import { getObject } from "./operations/get-object.ts";
import { getObjectAcl } from "./operations/get-object-acl.ts";
import { getObjectAttributes } from "./operations/get-object-attributes.ts";
import { getObjectTagging } from "./operations/get-object-tagging.ts";
import { headBucket } from "./operations/head-bucket.ts";
import { headObject } from "./operations/head-object.ts";
import { listBuckets } from "./operations/list-buckets.ts";
import { listMultipartUploads } from "./operations/list-multipart-uploads.ts";
import { listObjectVersions } from "./operations/list-object-versions.ts";
import { listObjects } from "./operations/list-objects.ts";
import { listObjectsV2 } from "./operations/list-objects-v2.ts";
import { listParts } from "./operations/list-parts.ts";
import {
  deletePublicAccessBlock,
  getPublicAccessBlock,
  putPublicAccessBlock,
} from "./operations/public-access-block.ts";
import { putBucketAcl } from "./operations/put-bucket-acl.ts";
import { putBucketPolicy } from "./operations/put-bucket-policy.ts";
import { putObject } from "./operations/put-object.ts";
import { putObjectAcl } from "./operations/put-object-acl.ts";
import { putObjectTagging } from "./operations/put-object-tagging.ts";
import { uploadPart } from "./operations/upload-part.ts";
import { uploadPartCopy } from "./operations/upload-part-copy.ts";

export const s3Operations = listOperations<S3Kind>({
  service: "S3",
  signingName: "s3",
  protocol: "restXml, path style, and with the bucket in a host under `.localhost`",
  all: otherOperations,
  operations: [
    listBuckets,
    createBucket,
    deleteBucket,
    deleteBucketCors,
    deleteBucketEncryption,
    deleteBucketLifecycle,
    deleteBucketOwnershipControls,
    deleteBucketPolicy,
    deleteBucketTagging,
    deleteObjects,
    deletePublicAccessBlock,
    getBucketAccelerateConfiguration,
    getBucketAcl,
    getBucketCors,
    getBucketEncryption,
    getBucketLifecycleConfiguration,
    getBucketLocation,
    getBucketLogging,
    getBucketNotificationConfiguration,
    getBucketOwnershipControls,
    getBucketPolicy,
    getBucketPolicyStatus,
    getBucketReplication,
    getBucketRequestPayment,
    getBucketTagging,
    getBucketVersioning,
    getBucketWebsite,
    getObjectLockConfiguration,
    getPublicAccessBlock,
    headBucket,
    listMultipartUploads,
    listObjectVersions,
    listObjects,
    listObjectsV2,
    putBucketAcl,
    putBucketCors,
    putBucketEncryption,
    putBucketLifecycleConfiguration,
    putBucketOwnershipControls,
    putBucketPolicy,
    putBucketTagging,
    putBucketVersioning,
    putPublicAccessBlock,
    abortMultipartUpload,
    completeMultipartUpload,
    copyObject,
    createMultipartUpload,
    deleteObject,
    deleteObjectTagging,
    getObject,
    getObjectAcl,
    getObjectAttributes,
    getObjectTagging,
    headObject,
    listParts,
    putObject,
    putObjectAcl,
    putObjectTagging,
    uploadPart,
    uploadPartCopy,
  ],
});
