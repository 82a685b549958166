import type { BucketLocationConstraint, DeleteMarkerEntry as ListedVersion } from "@aws-sdk/client-s3";
import { defined } from "../foundation/defined.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { type Connection, makeClientOptions } from "./connection.ts";
import { type CopiedRange, copyRange } from "./objects/copy-range.ts";
import { type ByteRange, download } from "./objects/download.ts";
import { listParts, type PartedUpload, uploadParts } from "./objects/upload-parts.ts";
import { sdk } from "./sdk.ts";
import { watchRegion } from "./watch-region.ts";
import { calling } from "./wrap-error.ts";

/** What the flow needs of S3. */
export interface ObjectStorage {
  /** The region of a bucket; undefined where the service does not say. @throws SERVICE_REFUSED with 403, 404 */
  readBucketRegion(bucket: string, accountId: string): Promise<string | undefined>;
  /** The size of an object, or undefined where there is none. */
  findSize(bucket: string, key: string): Promise<number | undefined>;
  upload(path: string, bucket: string, key: string, options: UploadOptions): Promise<void>;
  /** Copies a stretch of an object within S3. */
  copyRange(copied: CopiedRange): Promise<void>;
  /** How many whole parts of an unfinished upload are there. */
  countParts(bucket: string, upload: UnfinishedUpload, accountId: string): Promise<number>;
  /** Names of the caller's buckets. */
  listBuckets(): Promise<readonly string[]>;
  list(bucket: string, prefix: string): Promise<readonly { readonly key: string; readonly sizeBytes: number }[]>;
  /** All versions and delete markers, the newest of a key first. A bucket without versions has one of each object, `null`. */
  listVersions(bucket: string, prefix: string, accountId: string): Promise<readonly ObjectVersion[]>;
  /** Whether the bucket has kept versions at any time, as its answer for an object says. */
  hasVersions(bucket: string, key: string): Promise<boolean>;
  /**
   * Writes an object's bytes to a file: to a temporary name first.
   * @param range a stretch of them, of at least one byte
   */
  download(bucket: string, key: string, path: string, range?: ByteRange): Promise<void>;
  /** Makes a bucket in the client's region; one that is there already is left alone. */
  createBucket(bucket: string, region: string): Promise<void>;
  /** Uploads in parts that were begun and not ended: their parts are paid for until somebody gives them up. */
  listUploads(bucket: string, prefix: string, accountId: string): Promise<readonly UnfinishedUpload[]>;
  giveUpUpload(bucket: string, upload: UnfinishedUpload, accountId: string): Promise<void>;
  /**
   * Removes objects, and versions by their id; one that is not there counts as removed.
   * @throws SERVICE_REFUSED with the first that was kept
   */
  remove(bucket: string, objects: readonly ObjectName[], accountId: string): Promise<void>;
  close(): void;
}

/** A multipart upload that was begun and not completed. */
export interface UnfinishedUpload {
  readonly key: string;
  readonly uploadId: string;
}

/** A key of a bucket, with the version where one is meant. */
export interface ObjectName {
  readonly key: string;
  /** Undefined for the current object. */
  readonly versionId?: string | undefined;
}

/** A version of an object, or a delete marker. */
export interface ObjectVersion {
  readonly key: string;
  readonly versionId: string;
  readonly isLatest: boolean;
  /** Stands for a removed object, and has no bytes. */
  readonly isMarker: boolean;
  readonly sizeBytes: number;
}

/** What is sent, and where to: see `PartedUpload`. */
export type UploadOptions = Omit<PartedUpload, "path" | "bucket" | "key">;

/** What one call of DeleteObjects takes. */
const keysPerCall = 1000;

const toVersion = (
  { Key: key = "", VersionId: versionId = "null", IsLatest: isLatest = false }: ListedVersion,
  sizeBytes: number | undefined,
): ObjectVersion => ({ key, versionId, isLatest, isMarker: sizeBytes === undefined, sizeBytes: sizeBytes ?? 0 });

/** The objects of S3. Close it after use. */
export function openObjectStorage(connection: Connection): ObjectStorage {
  const options = makeClientOptions(connection);
  // A host name on loopback has no subdomains that resolve; AWS itself takes both styles.
  const client = watchRegion(
    new sdk.s3.S3Client({
      ...options,
      ...(options.endpoint === undefined ? {} : { forcePathStyle: true }),
    }),
  );
  return {
    async readBucketRegion(bucket, accountId) {
      return calling("S3", "HeadBucket", async () => {
        const head = await client.send(
          new sdk.s3.HeadBucketCommand({ Bucket: bucket, ExpectedBucketOwner: accountId }),
        );
        return head.BucketRegion;
      });
    },
    async findSize(bucket, key) {
      return calling("S3", "HeadObject", async () => {
        try {
          const head = await client.send(new sdk.s3.HeadObjectCommand({ Bucket: bucket, Key: key }));
          return head.ContentLength;
        } catch (error) {
          if (error instanceof Error && (error.name === "NotFound" || error.name === "NoSuchKey")) return undefined;
          throw error;
        }
      });
    },
    async upload(path, bucket, key, options) {
      await calling("S3", "PutObject", async () => {
        await uploadParts(client, { path, bucket, key, ...options });
      });
    },
    copyRange: (copied) => calling("S3", "UploadPartCopy", () => copyRange(client, copied)),
    async listBuckets() {
      return calling("S3", "ListBuckets", async () => {
        const { Buckets: buckets = [] } = await client.send(new sdk.s3.ListBucketsCommand({}));
        return buckets.flatMap(({ Name: name }) => name ?? []);
      });
    },
    async list(bucket, prefix) {
      return calling("S3", "ListObjectsV2", async () => {
        const found: { key: string; sizeBytes: number }[] = [];
        let token: string | undefined;
        do {
          const page = await client.send(
            new sdk.s3.ListObjectsV2Command({
              Bucket: bucket,
              Prefix: prefix,
              ...defined({ ContinuationToken: token }),
            }),
          );
          for (const { Key: key = "", Size: sizeBytes = 0 } of page.Contents ?? []) found.push({ key, sizeBytes });
          token = page.NextContinuationToken;
        } while (token !== undefined);
        return found;
      });
    },
    async listVersions(bucket, prefix, accountId) {
      return calling("S3", "ListObjectVersions", async () => {
        const found: ObjectVersion[] = [];
        let marker: { KeyMarker?: string; VersionIdMarker?: string } = {};
        for (;;) {
          const page = await client.send(
            new sdk.s3.ListObjectVersionsCommand({
              Bucket: bucket,
              Prefix: prefix,
              ExpectedBucketOwner: accountId,
              ...marker,
            }),
          );
          found.push(
            ...(page.Versions ?? []).map((each) => toVersion(each, each.Size ?? 0)),
            ...(page.DeleteMarkers ?? []).map((each) => toVersion(each, undefined)),
          );
          if (page.IsTruncated !== true || page.NextKeyMarker === undefined) return found;
          marker = {
            KeyMarker: page.NextKeyMarker,
            ...defined({ VersionIdMarker: page.NextVersionIdMarker }),
          };
        }
      });
    },
    async hasVersions(bucket, key) {
      return calling("S3", "HeadObject", async () => {
        const head = await client.send(new sdk.s3.HeadObjectCommand({ Bucket: bucket, Key: key }));
        return head.VersionId !== undefined;
      });
    },
    download: (bucket, key, path, range) => download(client, { bucket, key }, path, range),
    async listUploads(bucket, prefix, accountId) {
      return calling("S3", "ListMultipartUploads", async () => {
        const found: UnfinishedUpload[] = [];
        let marker: { KeyMarker?: string; UploadIdMarker?: string } = {};
        for (;;) {
          const page = await client.send(
            new sdk.s3.ListMultipartUploadsCommand({
              Bucket: bucket,
              Prefix: prefix,
              ExpectedBucketOwner: accountId,
              ...marker,
            }),
          );
          for (const { Key: key = "", UploadId: uploadId = "" } of page.Uploads ?? []) found.push({ key, uploadId });
          if (page.IsTruncated !== true || page.NextKeyMarker === undefined) return found;
          marker = {
            KeyMarker: page.NextKeyMarker,
            ...defined({ UploadIdMarker: page.NextUploadIdMarker }),
          };
        }
      });
    },
    async countParts(bucket, { key, uploadId }, accountId) {
      return calling(
        "S3",
        "ListParts",
        async () => (await listParts(client, { bucket, key, accountId }, uploadId)).size,
      );
    },
    async giveUpUpload(bucket, { key, uploadId }, accountId) {
      await calling("S3", "AbortMultipartUpload", async () => {
        try {
          await client.send(
            new sdk.s3.AbortMultipartUploadCommand({
              Bucket: bucket,
              Key: key,
              UploadId: uploadId,
              ExpectedBucketOwner: accountId,
            }),
          );
        } catch (error) {
          if (!(error instanceof Error) || error.name !== "NoSuchUpload") throw error;
        }
      });
    },
    async remove(bucket, objects, accountId) {
      for (let at = 0; at < objects.length; at += keysPerCall) {
        await calling("S3", "DeleteObjects", async () => {
          const page = objects.slice(at, at + keysPerCall);
          const { Errors: [first] = [] } = await client.send(
            new sdk.s3.DeleteObjectsCommand({
              Bucket: bucket,
              ExpectedBucketOwner: accountId,
              Delete: { Objects: page.map(({ key, versionId }) => ({ Key: key, VersionId: versionId })), Quiet: true },
            }),
          );
          // The call answers 200 and says of each object whether it is gone.
          if (first !== undefined) {
            // S3 may say no more than "Access Denied": versions take a right of their own.
            const right = first.VersionId === undefined ? "s3:DeleteObject" : "s3:DeleteObjectVersion";
            const isNamed = first.Code !== "AccessDenied" || first.Message?.includes(right) === true;
            const reason = `${first.Message}${isNamed ? "" : ` (it takes ${right})`}`;
            const details = { type: first.Code ?? "Unknown", status: 403, message: `${first.Key}: ${reason}` };
            throw new HalfpriceError("SERVICE_REFUSED", { service: "S3", operation: "DeleteObjects", ...details });
          }
        });
      }
    },
    async createBucket(bucket, region) {
      await calling("S3", "CreateBucket", async () => {
        // us-east-1 is the region without a name here: it may not be given as a constraint.
        const constraint = { LocationConstraint: region as BucketLocationConstraint };
        const place = region === "us-east-1" ? {} : { CreateBucketConfiguration: constraint };
        try {
          await client.send(new sdk.s3.CreateBucketCommand({ Bucket: bucket, ...place }));
        } catch (error) {
          if (!(error instanceof Error) || error.name !== "BucketAlreadyOwnedByYou") throw error;
        }
      });
    },
    close: () => client.destroy(),
  };
}
