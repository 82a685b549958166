import { findPartition } from "../../access/policy.ts";
import type { ModelChoice } from "../../foundation/types/index.ts";

/** What a job would run with: what the checks of rights are about. */
export interface JobScope {
  readonly accountId: string;
  readonly region: string;
  readonly callerArn: string;
  /** The user or role that the caller's policies belong to; undefined for the account's root. */
  readonly callerSource: string | undefined;
  readonly bucket: string;
  /** Ends with a slash, or is empty. */
  readonly prefix: string;
  readonly roleArn: string;
  readonly model: ModelChoice | undefined;
}

/** The job's files lie below the prefix in a folder a run; a key as a run would have it, for questions about one. */
export const sampleKey = ({ prefix }: Pick<JobScope, "prefix">, folder: "input" | "output"): string =>
  `${prefix}runs/20260101-000000-check/${folder}/shard-00001.jsonl`;

/** The ARN of what `modelId` names. */
export function makeModelArn(
  { invokeId, route }: ModelChoice,
  { region, accountId }: Pick<JobScope, "region" | "accountId">,
): string {
  if (invokeId.startsWith("arn:")) return invokeId;
  return route === "region" || route === "given"
    ? `arn:${findPartition(region)}:bedrock:${region}::foundation-model/${invokeId}`
    : `arn:${findPartition(region)}:bedrock:${region}:${accountId}:inference-profile/${invokeId}`;
}

/** All jobs of the account in the region. */
export const jobsArn = ({ region, accountId }: Pick<JobScope, "region" | "accountId">): string =>
  `arn:${findPartition(region)}:bedrock:${region}:${accountId}:model-invocation-job/*`;

/** The ARN of a bucket in the partition of its region. */
export const bucketArn = ({ bucket, region }: Pick<JobScope, "bucket" | "region">): string =>
  `arn:${findPartition(region)}:s3:::${bucket}`;
