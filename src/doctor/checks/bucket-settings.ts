import type { BucketEncryption, BucketReader, BucketSetting } from "../../aws/bucket-reading.ts";
import { type CheckResult, pass, skip, warn } from "./check.ts";

interface SettingsQuestion {
  readonly bucket: string;
  readonly prefix: string;
}

/** How the bucket is encrypted. */
export function checkBucketEncryption(
  { bucket }: SettingsQuestion,
  encryption: BucketSetting<BucketEncryption>,
): CheckResult {
  const subject = `encryption of ${bucket}`;
  if (encryption === "denied") return skip(subject, "this caller has no s3:GetEncryptionConfiguration");
  // S3 encrypts every new object since 2023-01-05, asked or not.
  if (encryption === "none") return pass(subject, "S3's own key (SSE-S3)");
  const { algorithm, keyId } = encryption;
  return pass(
    subject,
    algorithm === "AES256" ? "S3's own key (SSE-S3)" : `${algorithm} with ${keyId ?? "AWS's own key of S3"}`,
  );
}

/** Whether the bucket is closed to the public. */
export async function checkBucketClosed({ bucket }: SettingsQuestion, reader: BucketReader): Promise<CheckResult> {
  const subject = `public access to ${bucket}`;
  const isClosed = await reader.readIsClosed();
  if (isClosed === "denied") return skip(subject, "this caller has no s3:GetBucketPublicAccessBlock");
  if (isClosed === true) return pass(subject, "blocked in all four ways");
  return warn(subject, "not blocked in all four ways: a mistaken policy could open people's data to everybody", {
    fix: `aws s3api put-public-access-block --bucket ${bucket} --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true`,
  });
}

/**
 * Whether the files of runs go away by themselves: the output repeats the input, so data lies there twice.
 * @see sources#copies-of-data, collected 2026-11-21
 */
export async function checkBucketRetention(
  { bucket, prefix }: SettingsQuestion,
  reader: BucketReader,
): Promise<CheckResult> {
  const subject = `retention in ${bucket}`;
  const expiry = await reader.readExpiry();
  if (expiry === "denied") return skip(subject, "this caller has no s3:GetLifecycleConfiguration");
  const isCovered = expiry !== "none" && expiry.some((each) => prefix.startsWith(each) || each.startsWith(prefix));
  const isVersioned = (await reader.readIsVersioned()) === true;
  const versions = isVersioned
    ? "; the bucket is versioned, so what is deleted stays as an older version until halfprice clean removes it, which takes s3:ListBucketVersions and s3:DeleteObjectVersion"
    : "";
  if (isCovered)
    return pass(
      subject,
      `a lifecycle rule deletes what lies below ${prefix === "" ? "the bucket" : prefix}${versions}`,
    );
  return warn(
    subject,
    `no lifecycle rule deletes the files of runs: inputs, and outputs that repeat them, stay for good${versions}`,
    {
      fix: `aws s3api put-bucket-lifecycle-configuration --bucket ${bucket} --lifecycle-configuration '${makeRule(prefix, isVersioned)}'`,
    },
  );
}

const makeRule = (prefix: string, isVersioned: boolean): string =>
  JSON.stringify({
    Rules: [
      {
        ID: "halfprice-runs",
        Status: "Enabled",
        Filter: { Prefix: `${prefix}runs/` },
        Expiration: { Days: 30 },
        ...(isVersioned && { NoncurrentVersionExpiration: { NoncurrentDays: 1 } }),
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 },
      },
    ],
  });

/** A bucket made a moment ago may not be known everywhere. @see sources#bucket-rights, collected 2026-11-21 */
export async function checkBucketAge(
  { bucket }: SettingsQuestion,
  reader: BucketReader,
  nowMs: number,
): Promise<CheckResult> {
  const subject = `age of ${bucket}`;
  const createdAtMs = await reader.readCreatedAtMs();
  if (typeof createdAtMs !== "number" || createdAtMs === 0)
    return skip(subject, "this caller does not see it among the buckets");
  if (nowMs - createdAtMs < 2 * 60_000)
    return warn(subject, "made less than two minutes ago: a job may not be able to list it yet", {
      fix: "wait a minute where a job says that it could not validate ListBucket permissions",
    });
  return pass(subject, "older than two minutes");
}
