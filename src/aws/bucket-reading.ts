import { isError } from "../foundation/errors/index.ts";
import { type Connection, makeClientOptions } from "./connection.ts";
import { sdk } from "./sdk.ts";
import { watchRegion } from "./watch-region.ts";
import { calling } from "./wrap-error.ts";

/** A setting of a bucket: what it is, that there is none, or that this caller may not see it. */
export type BucketSetting<Value> = Value | "none" | "denied";

/** How a bucket encrypts what is put into it. */
export interface BucketEncryption {
  /** `AES256`, `aws:kms`, `aws:kms:dsse`. */
  readonly algorithm: string;
  /** A key's ARN or id; undefined for AWS's own. */
  readonly keyId: string | undefined;
}

/** What the checks read of a bucket. @throws SERVICE_REFUSED, UNREACHABLE, CREDENTIALS_REFUSED */
export interface BucketReader {
  /** JSON text. */
  readPolicy(): Promise<BucketSetting<string>>;
  readEncryption(): Promise<BucketSetting<BucketEncryption>>;
  /** Prefixes of the rules that are on and delete something; empty text for the whole bucket. */
  readExpiry(): Promise<BucketSetting<readonly string[]>>;
  readIsVersioned(): Promise<BucketSetting<boolean>>;
  /** Whether all four switches against public access are on. */
  readIsClosed(): Promise<BucketSetting<boolean>>;
  /** When it was made; undefined where it is not in the caller's list. */
  readCreatedAtMs(): Promise<BucketSetting<number>>;
  /** Asks for one key below a prefix: whether this caller may list. @throws SERVICE_REFUSED where not */
  tryList(prefix: string): Promise<void>;
  /** Asks for a key that is not there: whether this caller may read. @throws SERVICE_REFUSED where not */
  tryRead(key: string): Promise<void>;
  close(): void;
}

const isMissing = (type: string): boolean =>
  /^(NoSuch\w+|NotFound|ServerSideEncryptionConfigurationNotFoundError)$/.test(type);

/** Reads what a bucket's settings say; refused calls give what can be known. Close it after use. */
export function openBucketReader(connection: Connection, bucket: string, accountId: string): BucketReader {
  const options = makeClientOptions(connection);
  const client = watchRegion(
    new sdk.s3.S3Client({
      ...options,
      ...(options.endpoint === undefined ? {} : { forcePathStyle: true }),
    }),
  );
  const where = { Bucket: bucket, ExpectedBucketOwner: accountId };
  const ask = async <Value>(operation: string, call: () => Promise<Value>): Promise<BucketSetting<Value>> => {
    try {
      return await calling("S3", operation, call);
    } catch (error) {
      if (!isError(error, "SERVICE_REFUSED")) throw error;
      const { type, status } = error.details;
      if (isMissing(type)) return "none";
      if (status === 403 || status === 501) return "denied";
      throw error;
    }
  };
  return {
    readPolicy: () =>
      ask("GetBucketPolicy", async () => (await client.send(new sdk.s3.GetBucketPolicyCommand(where))).Policy ?? ""),
    readEncryption: () =>
      ask("GetBucketEncryption", async () => {
        const answer = await client.send(new sdk.s3.GetBucketEncryptionCommand(where));
        const rule = answer.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault;
        return { algorithm: rule?.SSEAlgorithm ?? "AES256", keyId: rule?.KMSMasterKeyID };
      }),
    readExpiry: () =>
      ask("GetBucketLifecycleConfiguration", async () => {
        const { Rules: rules = [] } = await client.send(new sdk.s3.GetBucketLifecycleConfigurationCommand(where));
        return rules
          .filter(({ Status: status, Expiration: expiry }) => status === "Enabled" && expiry !== undefined)
          .map((rule) => rule.Filter?.Prefix ?? rule.Filter?.And?.Prefix ?? rule.Prefix ?? "");
      }),
    readIsVersioned: () =>
      ask(
        "GetBucketVersioning",
        async () => (await client.send(new sdk.s3.GetBucketVersioningCommand(where))).Status === "Enabled",
      ),
    readIsClosed: () =>
      ask("GetPublicAccessBlock", async () => {
        const { PublicAccessBlockConfiguration: block } = await client.send(
          new sdk.s3.GetPublicAccessBlockCommand(where),
        );
        return [
          block?.BlockPublicAcls,
          block?.BlockPublicPolicy,
          block?.IgnorePublicAcls,
          block?.RestrictPublicBuckets,
        ].every((each) => each === true);
      }),
    readCreatedAtMs: () =>
      ask("ListBuckets", async () => {
        const { Buckets: buckets = [] } = await client.send(new sdk.s3.ListBucketsCommand({ Prefix: bucket }));
        return buckets.find(({ Name: name }) => name === bucket)?.CreationDate?.getTime() ?? 0;
      }),
    async tryList(prefix) {
      await calling("S3", "ListObjectsV2", () =>
        client.send(new sdk.s3.ListObjectsV2Command({ ...where, Prefix: prefix, MaxKeys: 1 })),
      );
    },
    async tryRead(key) {
      await calling("S3", "HeadObject", async () => {
        await client.send(new sdk.s3.HeadObjectCommand({ ...where, Key: key })).catch((error: unknown) => {
          if (!(error instanceof Error) || !/^(NotFound|NoSuchKey)$/.test(error.name)) throw error;
        });
      });
    },
    close: () => client.destroy(),
  };
}
