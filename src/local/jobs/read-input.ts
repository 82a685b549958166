/**
 * What `Validating` does: it reads the whole input and says why the job cannot run, in the order and the words of AWS as
 * far as they are known (sources#where-checks-happen, sources#minimum-records, sources#bucket-rights). It does not look into modelInput.
 */
import { isUtf8 } from "node:buffer";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Model } from "../models/model.ts";
import type { Quotas } from "../models/quotas.ts";
import type { ObjectStore, StoredObject } from "../s3/object-store.ts";
import { readByteText } from "./answering/byte-text.ts";
import type { Job } from "./job.ts";
import { baseName, outputKey, parseS3Uri } from "./place.ts";
import { readLineBlocks, splitLines } from "./read-lines.ts";
import type { ServiceRole } from "./service-role.ts";

/** A file of the input, with an index of its blocks: what is needed to read it again in another order. */
export interface InputFile {
  readonly bucket: string;
  readonly key: string;
  readonly recordCount: number;
  readonly blocks: readonly InputBlock[];
}

export interface InputBlock {
  readonly startByte: number;
  readonly endByte: number;
  /** Number of the block's first record in its file, from 0. */
  readonly firstRecord: number;
  readonly recordCount: number;
}

export type InputVerdict =
  | { readonly ok: true; readonly files: readonly InputFile[]; readonly recordCount: number }
  | { readonly ok: false; readonly message: string };

/** About so much of the input is held at a time; output order is mixed within it and between such blocks. */
export const blockBytes = 512 * 1024;

const bytesPerGb = 1024 ** 3;
const accessCheckFile = ".write_access_check_file.tmp";

const words = {
  // The text of Bedrock's customization jobs; that a batch job has it as its message is unconfirmed (sources#role-trust).
  assume: "Could not assume provided IAM role",
  list: (uri: string) => `Could not validate ListBucket permissions for S3URI: ${uri}`,
  get: (bucket: string, key: string) =>
    `Could not validate GetObject permissions to access Amazon S3 bucket: ${bucket} at key ${key}`,
  // No report has the words of a VPC that the role may not use. unconfirmed
  vpc: (subnets: string) => `Could not validate the VPC configuration: the role cannot use the subnets ${subnets}`,
  put: (bucket: string, key: string) =>
    `Amazon S3 perms missing (PutObject): Could not validate PutObject permissions to access S3 bucket: ${bucket} at key ${key}`,
  format: (name: string) => `Unable to parse Amazon S3 file: ${name}. Data files must conform to JSONL format.`,
  tooFew: (arn: string, count: number, least: number) =>
    `Batch job ${arn} contains less records (${count}) than the required minimum of: ${least}`,
  // No report has the words of what is too many or too large; these follow those of too few. unconfirmed
  tooMany: (arn: string, count: number, most: number) =>
    `Batch job ${arn} contains more records (${count}) than the allowed maximum of: ${most}`,
  tooManyInFile: (name: string, count: number, most: number) =>
    `Input file ${name} contains more records (${count}) than the allowed maximum per file of: ${most}`,
  fileTooLarge: (name: string, mostGb: number) =>
    `Input file ${name} is larger than the allowed maximum of: ${mostGb} GB`,
  jobTooLarge: (arn: string, mostGb: number) => `Batch job ${arn} is larger than the allowed maximum of: ${mostGb} GB`,
} as const;

export interface ReadInputOptions {
  readonly objects: ObjectStore;
  readonly quotas: Quotas;
  readonly model: Model;
  /** What the job's role may do; everything where left out. */
  readonly role?: ServiceRole | undefined;
  /** The KMS key that the output is to be under; the bucket's own encryption where left out. */
  readonly outputKmsKey?: string | undefined;
  /** Asked now and then: the rest of a large input need not be read for a job that was stopped. */
  readonly isStopped: () => boolean;
}

const refuse = (message: string): InputVerdict => ({ ok: false, message });

/** Validates a job's input and output location, and makes the index of its input. */
export async function readInput(job: Job, options: ReadInputOptions): Promise<InputVerdict> {
  const { objects, quotas, model, role } = options;
  const limit = (kind: Parameters<Quotas["get"]>[0]): number => quotas.get(kind, model, job.region);
  const { bucket, key } = parseS3Uri(job.input.s3Uri);
  if (role?.mayBeAssumed() === false) return refuse(words.assume);
  if (job.vpcConfig !== undefined && role?.mayUseVpc(job.vpcConfig) === false)
    return refuse(words.vpc(job.vpcConfig.subnetIds.join(", ")));
  // Every bucket here is this account's: another owner than it is another bucket than this one (sources#bucket-rights).
  if (job.input.s3BucketOwner !== accountOf(job)) return refuse(words.list(job.input.s3Uri));
  if (objects.findBucketRegion(bucket) !== job.region || role?.mayUseBucket("s3:ListBucket", bucket, key) === false)
    return refuse(words.list(job.input.s3Uri));

  const found = await findInputObjects(objects, bucket, key);
  const stray = found.find(({ key: name }) => !name.endsWith(".jsonl"));
  if (stray !== undefined) return refuse(words.format(baseName(stray.key)));
  if (found.length === 0) return refuse(words.get(bucket, key));
  // That a key which the role may not use reads as a missing right to the object is unconfirmed.
  const closed = found.find(
    ({ key: name, kmsKey }) =>
      role !== undefined &&
      !(role.mayUseBucket("s3:GetObject", bucket, name) && role.mayUseKey("kms:Decrypt", kmsKey, bucket, name)),
  );
  if (closed !== undefined) return refuse(words.get(bucket, closed.key));

  const writeProblem = await checkWriteAccess(objects, job, role, options.outputKmsKey);
  if (writeProblem !== undefined) return refuse(writeProblem);

  const largest = found.find(({ sizeBytes }) => sizeBytes > limit("file-size-gb") * bytesPerGb);
  if (largest !== undefined) return refuse(words.fileTooLarge(baseName(largest.key), limit("file-size-gb")));
  const totalBytes = found.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (totalBytes > limit("job-size-gb") * bytesPerGb) return refuse(words.jobTooLarge(job.arn, limit("job-size-gb")));

  const files: InputFile[] = [];
  for (const object of found) {
    const file = await indexFile(objects, bucket, object.key, options.isStopped);
    if (file === undefined) return refuse(words.format(baseName(object.key)));
    if (file.recordCount > limit("records-per-file")) {
      return refuse(words.tooManyInFile(baseName(object.key), file.recordCount, limit("records-per-file")));
    }
    files.push(file);
  }
  const recordCount = files.reduce((sum, file) => sum + file.recordCount, 0);
  if (recordCount < limit("min-records")) return refuse(words.tooFew(job.arn, recordCount, limit("min-records")));
  if (recordCount > limit("records-per-job"))
    return refuse(words.tooMany(job.arn, recordCount, limit("records-per-job")));
  return { ok: true, files, recordCount };
}

const accountOf = ({ arn }: Job): string => arn.split(":")[4] ?? "";

/**
 * The input's files: the one that the URI names, or the .jsonl files directly in the folder that it names; whatever else
 * lies there are media. Whether the service goes into sub-folders is undocumented; here it does not. unconfirmed
 */
async function findInputObjects(objects: ObjectStore, bucket: string, key: string): Promise<StoredObject[]> {
  const named = key === "" || key.endsWith("/") ? undefined : await objects.find(bucket, key);
  if (named !== undefined) return [named];
  if (key.endsWith(".jsonl")) return [];
  const folder = key === "" || key.endsWith("/") ? key : `${key}/`;
  const found: StoredObject[] = [];
  for await (const object of objects.list(bucket, folder)) {
    if (object.key.endsWith(".jsonl") && !object.key.slice(folder.length).includes("/")) found.push(object);
  }
  return found;
}

/** Writes and removes the file that AWS writes to see whether it may (sources#bucket-rights). */
async function checkWriteAccess(
  objects: ObjectStore,
  job: Job,
  role: ServiceRole | undefined,
  kmsKey: string | undefined,
): Promise<string | undefined> {
  const { bucket } = parseS3Uri(job.output.s3Uri);
  const key = outputKey(job.output.s3Uri, accessCheckFile);
  const isThere = objects.findBucketRegion(bucket) === job.region && job.output.s3BucketOwner === accountOf(job);
  if (!isThere || role?.mayUseBucket("s3:PutObject", bucket, key) === false) return words.put(bucket, key);
  if (role?.mayUseKey("kms:GenerateDataKey", kmsKey ?? objects.findDefaultKey(bucket), bucket, key) === false)
    return words.put(bucket, key);
  await objects.write(bucket, key, (async function* () {})(), kmsKey);
  await objects.remove(bucket, key);
  return undefined;
}

/** The index of a file, or undefined where a line is no JSON object. */
async function indexFile(
  objects: ObjectStore,
  bucket: string,
  key: string,
  isStopped: () => boolean,
): Promise<InputFile | undefined> {
  const blocks: InputBlock[] = [];
  let recordCount = 0;
  for await (const { startByte, endByte, bytes } of readLineBlocks(objects.read(bucket, key), blockBytes)) {
    const lines = splitLines(readByteText(bytes));
    if (!isUtf8(bytes) || !lines.every(isJsonObject)) return undefined;
    blocks.push({ startByte, endByte, firstRecord: recordCount, recordCount: lines.length });
    recordCount += lines.length;
    await nextTurn();
    if (isStopped()) break;
  }
  return { bucket, key, recordCount, blocks };
}

/** @param line as it is, or as byte text */
function isJsonObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false; // what is no JSON is the answer, not an error
  }
}
