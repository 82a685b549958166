/** A batch job, as it is kept. Everything here can be written as JSON. */

export type JobStatus =
  | "Submitted"
  | "Validating"
  | "Scheduled"
  | "InProgress"
  | "Completed"
  | "PartiallyCompleted"
  | "Failed"
  | "Stopping"
  | "Stopped"
  | "Expired";

/** Every state, in the order of the API's enum. */
export const jobStatuses = [
  "Submitted",
  "InProgress",
  "Completed",
  "Failed",
  "Stopping",
  "Stopped",
  "PartiallyCompleted",
  "Expired",
  "Validating",
  "Scheduled",
] as const satisfies readonly JobStatus[];

const ends: ReadonlySet<JobStatus> = new Set(["Completed", "PartiallyCompleted", "Failed", "Stopped", "Expired"]);

/** Whether a state is one that a job never leaves. */
export const isEnd = (status: JobStatus): boolean => ends.has(status);

export interface S3Place {
  readonly s3Uri: string;
  readonly s3BucketOwner: string;
}

export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** What the manifest sums up. */
export interface RecordCounts {
  total: number;
  success: number;
  error: number;
  inputTokens: number;
  outputTokens: number;
}

export interface Job {
  /** Twelve of a-z and 0-9. */
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly region: string;
  readonly roleArn: string;
  /** The full ARN, as it is given back. */
  readonly modelArn: string;
  /** Of an application profile: what it was made from, so that the job goes on when the profile is gone. */
  readonly sourceModelArn?: string | undefined;
  /** The model's or profile's id, as messages name it. */
  readonly modelId: string;
  readonly invocationType: "InvokeModel" | "Converse";
  readonly input: S3Place & { readonly s3InputFormat?: string | undefined };
  readonly output: S3Place & { readonly s3EncryptionKeyId?: string | undefined };
  readonly vpcConfig?:
    | { readonly subnetIds: readonly string[]; readonly securityGroupIds: readonly string[] }
    | undefined;
  readonly timeoutHours: number;
  readonly clientRequestToken?: string | undefined;
  readonly submittedAtMs: number;
  /** Seeds the order of the output and whatever else chance decides. */
  readonly seed: number;
  tags: Tag[];

  status: JobStatus;
  /** When the present state began, by the service's plan. */
  enteredAtMs: number;
  lastModifiedAtMs: number;
  endedAtMs?: number | undefined;
  /** When records began to be answered. */
  startedAtMs?: number | undefined;
  message?: string | undefined;
  counts: RecordCounts;
}

/** When a job that has not begun expires, and one that has begun is cut. */
export const expiresAtMs = (job: Job): number => job.submittedAtMs + job.timeoutHours * 3_600_000;
