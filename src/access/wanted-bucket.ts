import type { BucketEncryption } from "../aws/bucket-settings.ts";
import { type AccessScope, makeBucketPolicy } from "./policies.ts";
import { isSameDocument } from "./same-document.ts";

/** What a bucket's settings are to be, given what they are: what somebody else set there stays. */

/** The settings of a bucket that only its account's own callers reach. */
export const privateBucket = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
} as const;

/** Without a key of its own a bucket keeps the one that it has, or has S3's own. */
export function wantEncryption(current: unknown, kmsKeyArn: string | undefined): BucketEncryption {
  const found = current as BucketEncryption | undefined;
  if (kmsKeyArn === undefined) return found ?? { algorithm: "AES256" };
  return found?.kmsKey === kmsKeyArn ? found : { algorithm: "aws:kms", kmsKey: kmsKeyArn, bucketKey: true };
}

interface LooseStatement {
  readonly Sid?: string;
  readonly Effect?: string;
  readonly Condition?: unknown;
  readonly Principal?: unknown;
  readonly Action?: unknown;
}

/** The policy with one more statement: no connection without TLS. One that says so already stays as it is. */
export function wantBucketPolicy(current: unknown, scope: Pick<AccessScope, "bucket" | "region">): unknown {
  const own = makeBucketPolicy(scope);
  if (current === undefined) return own;
  const document = current as { readonly Statement?: LooseStatement | readonly LooseStatement[] };
  const statements = [document.Statement ?? []].flat();
  const [statement] = own.Statement;
  const isThere = statements.some(
    ({ Effect, Condition, Principal, Action }) =>
      Effect === "Deny" &&
      isSameDocument(Condition, statement?.Condition) &&
      isSameDocument(Action, "s3:*") &&
      (isSameDocument(Principal, "*") || isSameDocument(Principal, { AWS: "*" })),
  );
  if (isThere) return current;
  return {
    ...document,
    Statement: [...statements.filter(({ Sid }) => Sid !== statement?.Sid), ...own.Statement],
  };
}

/** Unfinished uploads cost storage and are seen nowhere; a new attempt begins a new one. */
const abortAfterDays = 7;

/** A rule of a bucket's lifecycle, as far as setup writes one. */
export interface LifecycleRule {
  readonly ID: string;
  readonly Status: "Enabled";
  readonly Filter: { readonly Prefix: string };
  readonly Expiration?: { readonly Days: number };
  readonly NoncurrentVersionExpiration?: { readonly NoncurrentDays: number };
  readonly AbortIncompleteMultipartUpload: { readonly DaysAfterInitiation: number };
}

/**
 * The runs' files go after so many days, unfinished uploads after seven. Where the prefix is empty the whole bucket would
 * go: then only the uploads do.
 */
export function makeLifecycleRule(prefix: string, expireDays: number): LifecycleRule {
  return {
    ID: `halfprice ${prefix === "" ? "(whole bucket)" : prefix}`,
    Status: "Enabled",
    Filter: { Prefix: prefix },
    ...(prefix === ""
      ? {}
      : { Expiration: { Days: expireDays }, NoncurrentVersionExpiration: { NoncurrentDays: abortAfterDays } }),
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: abortAfterDays },
  };
}

/** The rules with one more, or the one of this prefix replaced. */
export function wantLifecycle(current: unknown, prefix: string, expireDays: number): unknown {
  const rule = makeLifecycleRule(prefix, expireDays);
  const rules = (current as readonly { readonly ID?: string }[] | undefined) ?? [];
  return [...rules.filter(({ ID }) => ID !== rule.ID), rule];
}
