import { limits } from "../foundation/limits.ts";

/** Where the files of a run are in S3, and how its jobs are called. */
export interface JobPlace {
  readonly runId: string;
  /** What the user called the run. */
  readonly name: string;
  readonly bucket: string;
  /** Ends with a slash, or is empty. */
  readonly prefix: string;
}

/** The names of a job and of its files: the same for the same run, shard and attempt. */
export interface JobNames {
  readonly jobName: string;
  readonly clientToken: string;
  readonly inputKey: string;
  readonly inputUri: string;
  readonly outputUri: string;
}

/** Letters, digits and single hyphens: what both a job name and an S3 URI of a job may have. */
export function slugify(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/[^a-zA-Z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
}

/**
 * Names come from run, shard and attempt alone, so that after a crash the same names are found again. A job's name can be
 * used once in an account, even where the job failed; the readable part is cut, never the unique one.
 */
export function makeJobNames({ runId, name, bucket, prefix }: JobPlace, shardIndex: number, attempt: number): JobNames {
  const unique = `${runId}-${shardIndex + 1}-${attempt}`;
  const room = limits.maxJobNameLength.value - unique.length - 1;
  const readable = slugify(name).slice(0, room).replace(/-+$/, "");
  const folder = `${prefix}runs/${runId}`;
  const inputKey = `${folder}/input/shard-${String(shardIndex + 1).padStart(5, "0")}.jsonl`;
  return {
    jobName: readable === "" ? unique : `${readable}-${unique}`,
    clientToken: `halfprice-${unique}`,
    inputKey,
    inputUri: `s3://${bucket}/${inputKey}`,
    outputUri: `s3://${bucket}/${folder}/output/`,
  };
}

/** The last part of a job's ARN: twelve letters and digits. */
export function findJobId(jobArn: string): string {
  return jobArn.split("/").at(-1) ?? jobArn;
}
