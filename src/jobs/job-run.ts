import type { JobService } from "../aws/bedrock.ts";
import type { ModelService } from "../aws/bedrock-runtime.ts";
import type { ModelLoad } from "../aws/cloudwatch.ts";
import type { ObjectStorage } from "../aws/s3.ts";
import type { InvocationType, VpcPlace } from "../foundation/types/index.ts";
import type { Ledger } from "../ledger/open-ledger.ts";
import type { ShardRow } from "../ledger/shards.ts";

/** How a service is looked at for jobs that its list does not have. */
export interface UnknownLooks {
  /** Looks in all, before a job is taken to be unknown. */
  readonly count: number;
  /** A job that was created so short a while ago may not be listed yet: it is not judged. */
  readonly youngMs: number;
  readonly pause: () => Promise<void>;
}

/** What a run's jobs are made of; the same from the first pass to the last. */
export interface JobRun {
  readonly runId: string;
  readonly name: string;
  /** The run's directory: `input/` is read, `output/` is written. */
  readonly directory: string;
  readonly bucket: string;
  /** Ends with a slash, or is empty. */
  readonly prefix: string;
  readonly roleArn: string;
  /** The KMS key of input and output; S3's own where undefined. */
  readonly kmsKey?: string | undefined;
  readonly vpc?: VpcPlace | undefined;
  readonly accountId: string;
  readonly modelId: string;
  /** Without a region's prefix: what the limit of jobs in flight is about. */
  readonly baseModelId: string;
  readonly invocation: InvocationType;
  /** 24 to 168. */
  readonly timeoutHours: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly maxJobsInFlight: number;
  /** The ARNs of jobs under way of the other parts of the same run, as the ledger has them: they take slots too. None where left out. */
  readonly otherParts?: () => ReadonlySet<string>;
  /** Whoever prepared the run has uploaded its lines: what is there is not sent again. @defaultValue false */
  readonly isUploaded?: boolean;
}

/** Where the lines of a run's shards are. */
export interface LineSource {
  /** Has a shard's lines on this disk. */
  open(shard: ShardRow): Promise<{ readonly path: string; readonly fromByte: number }>;
  /** Makes a shard's lines an object of the run's bucket. */
  send(shard: ShardRow, key: string, onProgress: (sentBytes: number) => void): Promise<void>;
}

/** The outside, as a pass reaches it. */
export interface Clients {
  readonly ledger: Ledger;
  readonly jobs: JobService;
  readonly storage: ObjectStorage;
  /** Opens the runtime when the first record goes on demand; later calls give the same. */
  readonly openModels: () => ModelService;
  readonly lines: (run: JobRun) => LineSource;
  /** Lets others see a file of the run's folder, by its name below it: before the ledger says that it is there. */
  readonly publish: (run: Pick<JobRun, "runId">, name: string) => Promise<void>;
  readonly nowMs: () => number;
  readonly unknownLooks: UnknownLooks;
  readonly onProgress: (progress: JobProgress) => void;
}

/** What CloudWatch knows of a model, or why it could not be read. */
export interface JobLoad {
  readonly label: string;
  readonly load?: ModelLoad;
  readonly problem?: string;
}

/** What a pass tells while it goes. */
export interface JobProgress {
  readonly shards: readonly ShardRow[];
  /** Input tokens of the whole run, as the plan estimates them: the service counts none while a job runs. */
  readonly expectedInputTokens?: number;
  /** What the plan expects the whole run to cost; absent where no price is known. */
  readonly expectedCostUsd?: number;
  /** Answers that are here, of the shard that is being asked on demand. */
  readonly asked?: { readonly index: number; readonly answeredCount: number };
  /** What the run's model has to do in the account, where it was read. */
  readonly load?: JobLoad;
  /** Another process works on the run; this one shows what it does. */
  readonly isFollower?: boolean;
  /** Bytes on their way up, of the shard that is being uploaded. */
  readonly upload?: { readonly index: number; readonly sentBytes: number };
}
