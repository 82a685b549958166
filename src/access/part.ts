import { existsSync, readFileSync, rmSync } from "node:fs";
import { basename } from "node:path";
import type { BucketSetting, BucketSettings } from "../aws/bucket-settings.ts";
import type { FoundRole, IamDocuments, PolicyOwner } from "../aws/iam-documents.ts";
import type { KeyAccess } from "../aws/kms.ts";
import { isRefusal } from "../aws/wrap-error.ts";
import { commitText } from "../foundation/commit-file.ts";
import { HalfpriceError, isError } from "../foundation/errors/index.ts";

/**
 * One thing that setup makes or changes, as it is kept in the record: enough to find it again. Each has a document, plain
 * JSON, that says how it is; none is undefined.
 */
export type PartKey =
  | { readonly kind: "bucket"; readonly bucket: string; readonly region: string }
  | { readonly kind: BucketSetting; readonly bucket: string }
  /** Its document is its trust policy. */
  | { readonly kind: "role"; readonly roleName: string }
  | { readonly kind: "inline-policy"; readonly owner: PolicyOwner; readonly policyName: string }
  /** Of a KMS key, which is always there: it is changed and put back, never made or removed. */
  | { readonly kind: "key-policy"; readonly keyArn: string }
  /** JSON. */
  | { readonly kind: "file"; readonly path: string };

/** The services through which the parts of a set-up are read and written. */
export interface PartServices {
  readonly buckets: BucketSettings;
  readonly iam: IamDocuments;
  readonly keys: KeyAccess;
  readonly callerArn: string;
}

/** How a part is reached. `write` makes what is not there and replaces what is. */
export interface PartAccess {
  read(): Promise<unknown>;
  write(document: unknown, before: unknown): Promise<void>;
  remove(): Promise<void>;
}

/** What a role that setup made is known by. */
export const roleTags: Readonly<Record<string, string>> = { "halfprice:made-by": "setup" };

/** @throws SERVICE_REFUSED, BUCKET_DENIED, BUCKET_REGION from its calls */
export function openPart(key: PartKey, { buckets, iam, keys, callerArn }: PartServices): PartAccess {
  switch (key.kind) {
    case "bucket":
      return {
        async read() {
          const { bucket, region } = key;
          const bucketRegion = await buckets.findBucketRegion(bucket).catch((error: unknown) => {
            if (!isError(error, "SERVICE_REFUSED") || error.details.status !== 403) throw error;
            throw new HalfpriceError("BUCKET_DENIED", { bucket, caller: callerArn }, { cause: error });
          });
          if (bucketRegion === undefined) return undefined;
          if (bucketRegion !== region) throw new HalfpriceError("BUCKET_REGION", { bucket, bucketRegion, region });
          return { bucket, region };
        },
        write: () => buckets.createBucket(key.bucket),
        remove: () => buckets.deleteBucket(key.bucket),
      };
    case "role":
      return {
        async read() {
          const role = await iam.findRole(key.roleName);
          return role === undefined ? undefined : JSON.parse(role.trustPolicy);
        },
        write: (document, before) =>
          before === undefined
            ? iam.createRole(key.roleName, JSON.stringify(document), roleTags)
            : iam.putTrustPolicy(key.roleName, JSON.stringify(document)),
        remove: () => iam.deleteRole(key.roleName),
      };
    case "inline-policy":
      return {
        async read() {
          const text = await iam.findPolicy(key.owner, key.policyName);
          return text === undefined ? undefined : JSON.parse(text);
        },
        write: (document) => iam.putPolicy(key.owner, key.policyName, JSON.stringify(document)),
        remove: () => iam.deletePolicy(key.owner, key.policyName),
      };
    case "key-policy":
      return openKeyPolicy(key.keyArn, keys, callerArn);
    case "file":
      return {
        read: () => Promise.resolve(readJson(key.path)),
        write(document) {
          commitText(key.path, `${JSON.stringify(document, null, 2)}\n`);
          return Promise.resolve();
        },
        remove() {
          rmSync(key.path);
          return Promise.resolve();
        },
      };
    default:
      return {
        read: () => buckets.find(key.bucket, key.kind),
        write: (document) => buckets.put(key.bucket, key.kind, document),
        remove: () => buckets.remove(key.bucket, key.kind),
      };
  }
}

function openKeyPolicy(keyArn: string, keys: KeyAccess, callerArn: string): PartAccess {
  return {
    async read() {
      try {
        const text = await keys.readPolicy(keyArn);
        if (text !== undefined) return JSON.parse(text);
      } catch (error) {
        if (isRefusal(error, "NotFoundException")) return undefined;
        throw error;
      }
      // Without what is there, writing would drop it.
      throw new HalfpriceError("SETUP_DENIED", { callerArn, message: `no kms:GetKeyPolicy on ${keyArn}` });
    },
    write: (document) => keys.putPolicy(keyArn, JSON.stringify(document)),
    remove: () => Promise.reject(new Error(`the policy of ${keyArn} cannot be removed`)),
  };
}

function readJson(path: string): unknown {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new HalfpriceError("BAD_SPEC", { path: basename(path), problems: [(cause as Error).message] }, { cause });
  }
}

const settingNames: Readonly<Record<BucketSetting, string>> = {
  "public-access-block": "public access block",
  encryption: "encryption",
  "bucket-policy": "policy",
  lifecycle: "lifecycle rules",
};

/** What a part is called: `lifecycle rules of the bucket my-bucket`. */
export function namePart(key: PartKey): string {
  switch (key.kind) {
    case "bucket":
      return `bucket ${key.bucket}`;
    case "role":
      return `role ${key.roleName}`;
    case "inline-policy":
      return `policy ${key.policyName} of the ${key.owner.kind} ${key.owner.name}`;
    case "key-policy":
      return `policy of the key ${key.keyArn}`;
    case "file":
      return basename(key.path);
    default:
      return `${settingNames[key.kind]} of the bucket ${key.bucket}`;
  }
}

/** Whether setup made a role: then it may change it. */
export const isMadeBySetup = ({ tags }: FoundRole): boolean =>
  Object.entries(roleTags).every(([key, value]) => tags[key] === value);
