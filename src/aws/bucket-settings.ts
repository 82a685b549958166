import type { BucketLocationConstraint, LifecycleRule, ServerSideEncryption } from "@aws-sdk/client-s3";
import { defined } from "../foundation/defined.ts";
import { type Connection, makeClientOptions } from "./connection.ts";
import { sdk } from "./sdk.ts";
import { watchRegion } from "./watch-region.ts";
import { calling, isRefusal } from "./wrap-error.ts";

/** The settings of a bucket that setup reads and writes. Plain JSON values, in the SDK's own form but for encryption. */
export type BucketSetting = "public-access-block" | "encryption" | "bucket-policy" | "lifecycle";

/** What a bucket encrypts with where nothing else is said. */
export interface BucketEncryption {
  readonly algorithm: string;
  /** Of `aws:kms`. */
  readonly kmsKey?: string;
  readonly bucketKey?: boolean;
}

/** Buckets and their settings. Every call throws SERVICE_REFUSED where S3 refuses. */
export interface BucketSettings {
  /** The region of a bucket of this account; undefined where there is none. @throws SERVICE_REFUSED with 403 */
  findBucketRegion(bucket: string): Promise<string | undefined>;
  createBucket(bucket: string): Promise<void>;
  /** Only an empty one goes. */
  deleteBucket(bucket: string): Promise<void>;
  /** Objects and their versions: at most a thousand are counted. */
  countObjects(bucket: string): Promise<number>;
  /** Undefined where the bucket, or its setting, is not there. */
  find(bucket: string, setting: BucketSetting): Promise<unknown>;
  put(bucket: string, setting: BucketSetting, value: unknown): Promise<void>;
  remove(bucket: string, setting: BucketSetting): Promise<void>;
  close(): void;
}

/** What a bucket without the setting answers, and what one that is not there does. */
const missing = [
  "NoSuchBucket",
  "NoSuchBucketPolicy",
  "NoSuchLifecycleConfiguration",
  "NoSuchPublicAccessBlockConfiguration",
  "ServerSideEncryptionConfigurationNotFoundError",
];

/** Reads and writes the settings of buckets that setup makes. Close it after use. */
export function openBucketSettings(connection: Connection, accountId: string, region: string): BucketSettings {
  const options = makeClientOptions(connection);
  const client = watchRegion(
    new sdk.s3.S3Client({
      ...options,
      ...(options.endpoint === undefined ? {} : { forcePathStyle: true }),
    }),
  );
  const of = (bucket: string) => ({ Bucket: bucket, ExpectedBucketOwner: accountId });

  const finders: Readonly<Record<BucketSetting, (bucket: string) => Promise<unknown>>> = {
    "public-access-block": async (bucket) =>
      (await client.send(new sdk.s3.GetPublicAccessBlockCommand(of(bucket)))).PublicAccessBlockConfiguration,
    encryption: async (bucket) => {
      const found = await client.send(new sdk.s3.GetBucketEncryptionCommand(of(bucket)));
      const [rule] = found.ServerSideEncryptionConfiguration?.Rules ?? [];
      const { SSEAlgorithm: algorithm = "AES256", KMSMasterKeyID: kmsKey } =
        rule?.ApplyServerSideEncryptionByDefault ?? {};
      if (algorithm === "AES256") return { algorithm } satisfies BucketEncryption;
      const key = { ...defined({ kmsKey }), bucketKey: rule?.BucketKeyEnabled === true };
      return { algorithm, ...key } satisfies BucketEncryption;
    },
    "bucket-policy": async (bucket) =>
      JSON.parse((await client.send(new sdk.s3.GetBucketPolicyCommand(of(bucket)))).Policy ?? "{}"),
    lifecycle: async (bucket) =>
      (await client.send(new sdk.s3.GetBucketLifecycleConfigurationCommand(of(bucket)))).Rules,
  };
  const putters: Readonly<Record<BucketSetting, (bucket: string, value: unknown) => Promise<unknown>>> = {
    "public-access-block": (bucket, value) =>
      client.send(
        new sdk.s3.PutPublicAccessBlockCommand({
          ...of(bucket),
          PublicAccessBlockConfiguration: value as Readonly<Record<string, boolean>>,
        }),
      ),
    encryption: (bucket, value) => {
      const { algorithm, kmsKey, bucketKey } = value as BucketEncryption;
      const byDefault = {
        SSEAlgorithm: algorithm as ServerSideEncryption,
        ...defined({ KMSMasterKeyID: kmsKey }),
      };
      const rule = {
        ApplyServerSideEncryptionByDefault: byDefault,
        ...defined({ BucketKeyEnabled: bucketKey }),
      };
      const ServerSideEncryptionConfiguration = { Rules: [rule] };
      return client.send(new sdk.s3.PutBucketEncryptionCommand({ ...of(bucket), ServerSideEncryptionConfiguration }));
    },
    "bucket-policy": (bucket, value) =>
      client.send(new sdk.s3.PutBucketPolicyCommand({ ...of(bucket), Policy: JSON.stringify(value) })),
    lifecycle: (bucket, value) =>
      client.send(
        new sdk.s3.PutBucketLifecycleConfigurationCommand({
          ...of(bucket),
          LifecycleConfiguration: { Rules: value as LifecycleRule[] },
        }),
      ),
  };
  const removers: Readonly<Record<BucketSetting, (bucket: string) => Promise<unknown>>> = {
    "public-access-block": (bucket) => client.send(new sdk.s3.DeletePublicAccessBlockCommand(of(bucket))),
    encryption: (bucket) => client.send(new sdk.s3.DeleteBucketEncryptionCommand(of(bucket))),
    "bucket-policy": (bucket) => client.send(new sdk.s3.DeleteBucketPolicyCommand(of(bucket))),
    lifecycle: (bucket) => client.send(new sdk.s3.DeleteBucketLifecycleCommand(of(bucket))),
  };

  return {
    async findBucketRegion(bucket) {
      try {
        return await calling("S3", "HeadBucket", async () => {
          const head = await client.send(new sdk.s3.HeadBucketCommand(of(bucket)));
          return head.BucketRegion ?? region;
        });
      } catch (error) {
        if (isRefusal(error, "NotFound", "NoSuchBucket", "404")) return undefined;
        throw error;
      }
    },
    createBucket: (bucket) =>
      calling("S3", "CreateBucket", async () => {
        // us-east-1 is the region without a name here: it may not be given as a constraint.
        const constraint = { LocationConstraint: region as BucketLocationConstraint };
        const place = region === "us-east-1" ? {} : { CreateBucketConfiguration: constraint };
        await client.send(new sdk.s3.CreateBucketCommand({ Bucket: bucket, ...place }));
      }),
    deleteBucket: (bucket) =>
      calling("S3", "DeleteBucket", async () => {
        await client.send(new sdk.s3.DeleteBucketCommand(of(bucket)));
      }),
    countObjects: (bucket) =>
      calling("S3", "ListObjectVersions", async () => {
        const { Versions = [], DeleteMarkers = [] } = await client.send(
          new sdk.s3.ListObjectVersionsCommand(of(bucket)),
        );
        return Versions.length + DeleteMarkers.length;
      }),
    async find(bucket, setting) {
      try {
        return await calling("S3", `Get ${setting}`, () => finders[setting](bucket));
      } catch (error) {
        if (isRefusal(error, ...missing)) return undefined;
        throw error;
      }
    },
    put: (bucket, setting, value) =>
      calling("S3", `Put ${setting}`, async () => {
        await putters[setting](bucket, value);
      }),
    remove: (bucket, setting) =>
      calling("S3", `Delete ${setting}`, async () => {
        await removers[setting](bucket);
      }),
    close: () => client.destroy(),
  };
}
