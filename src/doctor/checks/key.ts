import { findPartition } from "../../access/policy.ts";
import type { BucketEncryption, BucketSetting } from "../../aws/bucket-reading.ts";
import type { KeyAccess, KeyFacts } from "../../aws/kms.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { type CheckResult, fail, pass, skip, warn } from "./check.ts";

interface KeyQuestion {
  /** What the run names; the bucket's own key where it names none. */
  readonly kmsKey: string | undefined;
  readonly encryption: BucketSetting<BucketEncryption>;
  readonly bucket: string;
  readonly region: string;
  readonly accountId: string;
  /** The local service lets any name pass for a key where it does not enforce IAM. */
  readonly isLocal: boolean;
  readonly keys: Pick<KeyAccess, "readKey">;
}

/** The key that input and output are encrypted with. */
export interface UsedKey {
  /** Its own ARN, never an alias's. */
  readonly arn: string;
  /** Twelve digits: whose it is. */
  readonly accountId: string;
  /** Of the bucket, or of the run: `the run's key`. */
  readonly whose: string;
}

/** What was found of a KMS key, and the result of the check. */
export interface FoundKey {
  readonly result: CheckResult;
  /** Undefined where none needs a right, or none is known. */
  readonly used?: UsedKey;
}

/**
 * Is the key of the run, or of its bucket, there, enabled, and in the job's region?
 * @throws SERVICE_REFUSED, UNREACHABLE, CREDENTIALS_REFUSED
 */
export async function checkKey(question: KeyQuestion): Promise<FoundKey> {
  const { kmsKey, encryption, bucket, region, accountId, isLocal, keys } = question;
  const named = kmsKey === undefined ? nameBucketKey(encryption) : { name: kmsKey };
  if ("status" in named) return { result: named };
  const { name } = named;
  const whose = kmsKey === undefined ? `the key of the bucket ${bucket}` : "the run's key";
  const subject = whose;
  const keyRegion = findRegionIn(name);
  if (keyRegion !== undefined && keyRegion !== region)
    return { result: fail(subject, explainRegion(name, keyRegion, { bucket, region, isOfRun: kmsKey !== undefined })) };
  const facts = await keys.readKey(name);
  if (facts === "denied") return { result: skip(subject, sayUnseen(name)), ...guessKey(name, question, whose) };
  if (facts === "none") {
    if (isLocal) return { result: warn(subject, `the local service has no key ${name}`, { fix: localFix }) };
    const fix = `name a key that there is, by its ARN: aws kms list-keys --region ${region}`;
    return {
      result: fail(subject, new HalfpriceError("KEY_UNUSABLE", { key: name, problem: "it is not there", fix })),
    };
  }
  const result = judgeKey(subject, facts, { region, accountId, name });
  return facts.isAwsManaged
    ? { result }
    : { result, used: { arn: facts.arn, accountId: facts.accountId === "" ? accountId : facts.accountId, whose } };
}

const localFix = "where it enforces IAM, jobs fail: aws kms create-key, and use its ARN";

function nameBucketKey(encryption: BucketSetting<BucketEncryption>): CheckResult | { readonly name: string } {
  const subject = "key";
  if (encryption === "denied") return skip(subject, "this caller may not see how the bucket is encrypted");
  if (encryption === "none" || !encryption.algorithm.startsWith("aws:kms"))
    return pass(subject, "none is needed: S3 encrypts with its own");
  // AWS's own key of S3 admits everybody in the account who comes through S3.
  if (encryption.keyId === undefined || encryption.keyId.endsWith("alias/aws/s3"))
    return pass(subject, "the bucket is encrypted with AWS's own key of S3, which needs no right of its own");
  return { name: encryption.keyId };
}

const findRegionIn = (name: string): string | undefined => /^arn:[^:]+:kms:([^:]+):/.exec(name)?.[1];
const isAlias = (name: string): boolean => /(?:^|:)alias\//.test(name);

const sayUnseen = (name: string): string =>
  isAlias(name)
    ? `this caller has no kms:DescribeKey, so which key ${name} stands for is not known, and its rights are not asked`
    : `this caller has no kms:DescribeKey on ${name}: whether it is enabled is not known`;

/** A key that may not be looked at is known by its id or ARN all the same; an alias says nothing. */
function guessKey(
  name: string,
  { region, accountId }: Pick<KeyQuestion, "region" | "accountId">,
  whose: string,
): Pick<FoundKey, "used"> {
  if (isAlias(name)) return {};
  const arn = name.startsWith("arn:") ? name : `arn:${findPartition(region)}:kms:${region}:${accountId}:key/${name}`;
  return { used: { arn, accountId: arn.split(":")[4] ?? accountId, whose } };
}

/** A key is of one region, and S3 asks for it in the bucket's. */
function explainRegion(
  key: string,
  keyRegion: string,
  { bucket, region, isOfRun }: { readonly bucket: string; readonly region: string; readonly isOfRun: boolean },
): HalfpriceError {
  const problem = `it is in ${keyRegion}, and the job runs in ${region}`;
  const rule =
    '{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"aws:kms","KMSMasterKeyID":"KEY_ARN"},"BucketKeyEnabled":true}]}';
  const fix = isOfRun
    ? `name a key of ${region}: --kms-key; there are: aws kms list-keys --region ${region}`
    : `let the bucket encrypt with a key of ${region}: aws s3api put-bucket-encryption --bucket ${bucket} --server-side-encryption-configuration '${rule}'`;
  return new HalfpriceError("KEY_UNUSABLE", { key, problem, fix });
}

function judgeKey(
  subject: string,
  { arn, state, isForFiles, isAwsManaged, accountId: owner, deletionAtMs }: KeyFacts,
  { region, accountId, name }: { readonly region: string; readonly accountId: string; readonly name: string },
): CheckResult {
  const refuse = (problem: string, fix: string): CheckResult =>
    fail(subject, new HalfpriceError("KEY_UNUSABLE", { key: arn, problem, fix }));
  const enable = `aws kms enable-key --key-id ${arn} --region ${region}`;
  if (state === "PendingDeletion") {
    const day = deletionAtMs === undefined ? "" : ` on ${new Date(deletionAtMs).toISOString().slice(0, 10)}`;
    const keep = `aws kms cancel-key-deletion --key-id ${arn} --region ${region} && ${enable}`;
    return refuse(
      `it is to be deleted${day}, and nothing encrypts or decrypts with it until then`,
      `keep it, if that is right (${keep}), or use another key`,
    );
  }
  if (state === "Disabled") return refuse("it is disabled", `${enable}; or use another key`);
  if (state !== "Enabled") return refuse(`its state is ${state}`, `it has to be Enabled, or use another key`);
  if (!isForFiles)
    return refuse(
      "it is not a symmetric key to encrypt and decrypt, and S3 takes no other",
      "use another key: aws kms create-key makes one that fits",
    );
  const whose = owner === accountId ? "this account's" : `account ${owner}'s`;
  const by = isAlias(name) ? ` (by ${name.slice(name.indexOf("alias/"))})` : "";
  const managed = isAwsManaged ? ", managed by AWS: who comes through its service needs no right of its own" : "";
  return pass(subject, `${arn}${by} is enabled, in ${region}, ${whose}${managed}`);
}
