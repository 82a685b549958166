import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ObjectStorage } from "../aws/s3.ts";
import { makeFolder } from "../foundation/commit-file.ts";
import { recordCollected, type ShardRow } from "../ledger/shards.ts";
import { findJobId } from "./job-names.ts";
import type { Clients, JobRun } from "./job-run.ts";

/** The manifest's name beside a job's output. */
export const manifestName = "manifest.json.out";

/**
 * The name that a job gives its answers to an input file: its own, with `.out` behind it
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-results.html, read 2026-11-21).
 */
export function outputName(inputUri: string): string {
  return `${inputUri.split("/").at(-1) ?? ""}.out`;
}

/** Where a job's output is, below the run's directory. */
export function outputFolder(directory: string, jobArn: string): string {
  return join(directory, "output", findJobId(jobArn));
}

/** Whether a job has left answers in S3. */
export async function hasOutput(run: JobRun, storage: Pick<ObjectStorage, "list">, shard: ShardRow): Promise<boolean> {
  const { attempt } = shard;
  if (attempt?.jobArn === undefined) return false;
  const found = await storage.list(run.bucket, `${placeOf(run, attempt.outputUri)}${findJobId(attempt.jobArn)}/`);
  return found.some(({ key, sizeBytes }) => key.endsWith(`/${outputName(attempt.inputUri)}`) && sizeBytes > 0);
}

/** The keys of a run's output begin so. */
const placeOf = (run: Pick<JobRun, "bucket">, outputUri: string): string =>
  outputUri.slice(`s3://${run.bucket}/`.length);

/**
 * Downloads what a job left, however it ended: Stopped and PartiallyCompleted jobs have output too, and it was paid for.
 * @returns the job's manifest; undefined where it left none
 * @throws SERVICE_REFUSED, UNREACHABLE, CREDENTIALS_REFUSED
 */
export async function downloadOutput(
  run: Pick<JobRun, "directory" | "bucket">,
  storage: ObjectStorage,
  shard: ShardRow,
): Promise<string | undefined> {
  const { attempt } = shard;
  if (attempt?.jobArn === undefined) throw new Error(`shard ${shard.index} has ended without a job`);
  const folder = outputFolder(run.directory, attempt.jobArn);
  makeFolder(folder);
  const place = placeOf(run, attempt.outputUri);
  const { jobArn } = attempt;
  const found = await storage.list(run.bucket, `${place}${findJobId(jobArn)}/`);
  for (const name of [outputName(attempt.inputUri), manifestName]) {
    // Whatever else lies there, whoever put it there: no job wrote it.
    const object = found.find(({ key }) => key === `${place}${findJobId(jobArn)}/${name}`);
    if (object === undefined) continue;
    const { key, sizeBytes } = object;
    const path = join(folder, name);
    if (existsSync(path) && statSync(path).size === sizeBytes) continue;
    await storage.download(run.bucket, key, path);
  }
  const manifest = join(folder, manifestName);
  return existsSync(manifest) ? readFileSync(manifest, "utf8") : undefined;
}

/** Downloads what a job left, and says so in the ledger. @throws what downloadOutput throws */
export async function fetchOutput(
  run: JobRun,
  { ledger, storage, publish, nowMs }: Clients,
  shard: ShardRow,
): Promise<void> {
  const manifest = await downloadOutput(run, storage, shard);
  await publish(run, `output/${findJobId(shard.attempt?.jobArn ?? "")}`);
  const key = { runId: run.runId, index: shard.index, attempt: shard.attempt?.attempt ?? 1 };
  await recordCollected(ledger, key, manifest, nowMs());
}
