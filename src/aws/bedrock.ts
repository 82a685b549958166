import type { GetModelInvocationJobCommandOutput, ModelInvocationJobSummary } from "@aws-sdk/client-bedrock";
import { defined } from "../foundation/defined.ts";
import { hideSecrets } from "../foundation/secrets.ts";
import type { InvocationType, JobCounts, JobStatus, VpcPlace } from "../foundation/types/index.ts";
import { type Connection, makeClientOptions } from "./connection.ts";
import { sdk } from "./sdk.ts";
import { calling } from "./wrap-error.ts";

/** What the flow needs of Bedrock's control plane. */
export interface JobService {
  /** @returns the job's ARN. @throws SERVICE_REFUSED */
  create(job: JobRequest): Promise<string>;
  /**
   * All jobs whose name contains a text, or which are in a state; one call a thousand jobs. No bound of time is set: names
   * are unique, and a clock that is wrong would hide jobs.
   */
  list(
    filter: { readonly nameContains: string } | { readonly status: JobStatus } | undefined,
  ): Promise<readonly ListedJob[]>;
  /** One job, with its `message`, which the list leaves out (seen in some thirty real jobs, 2025-01). */
  get(jobArn: string): Promise<ListedJob>;
  stop(jobArn: string): Promise<void>;
  close(): void;
}

/** What CreateModelInvocationJob is asked for. */
export interface JobRequest {
  readonly jobName: string;
  readonly clientToken: string;
  readonly modelId: string;
  readonly roleArn: string;
  readonly inputUri: string;
  readonly outputUri: string;
  readonly accountId: string;
  /** The KMS key of the output: ARN, id or alias. */
  readonly kmsKey?: string | undefined;
  readonly vpc?: VpcPlace | undefined;
  readonly timeoutHours: number;
  readonly invocation: InvocationType;
  readonly tags: Readonly<Record<string, string>>;
}

/** A job as ListModelInvocationJobs has it. */
export interface ListedJob {
  readonly jobArn: string;
  readonly jobName: string;
  /** The ARN of model or inference profile, whatever the job was made with (seen in some thirty real jobs, 2025-01). */
  readonly modelId: string;
  /** As the service spells it; one that is not known yet is passed on. */
  readonly status: JobStatus;
  readonly message: string | undefined;
  readonly endedAt: number | undefined;
  readonly counts: JobCounts | undefined;
  /** Of one job, and not of a list. */
  readonly inputUri?: string;
  readonly outputUri?: string;
  readonly roleArn?: string;
  readonly invocation?: InvocationType;
}

/** The batch jobs of Bedrock. Close it after use. */
export function openJobService(connection: Connection): JobService {
  const client = new sdk.bedrock.BedrockClient(makeClientOptions(connection));
  return {
    async create(job) {
      return calling("Bedrock", "CreateModelInvocationJob", async () => {
        const { jobArn = "" } = await client.send(
          new sdk.bedrock.CreateModelInvocationJobCommand({
            jobName: job.jobName,
            clientRequestToken: job.clientToken,
            modelId: job.modelId,
            roleArn: job.roleArn,
            // Without the owner a bucket of the same name in another account would be read or written.
            inputDataConfig: {
              s3InputDataConfig: { s3Uri: job.inputUri, s3InputFormat: "JSONL", s3BucketOwner: job.accountId },
            },
            outputDataConfig: {
              s3OutputDataConfig: {
                s3Uri: job.outputUri,
                s3BucketOwner: job.accountId,
                ...defined({ s3EncryptionKeyId: job.kmsKey }),
              },
            },
            ...(job.vpc === undefined
              ? {}
              : {
                  vpcConfig: {
                    subnetIds: [...job.vpc.subnetIds],
                    securityGroupIds: [...job.vpc.securityGroupIds],
                  },
                }),
            timeoutDurationInHours: job.timeoutHours,
            modelInvocationType: job.invocation,
            tags: Object.entries(job.tags).map(([key, value]) => ({ key, value })),
          }),
        );
        return jobArn;
      });
    },
    async list(filter) {
      return calling("Bedrock", "ListModelInvocationJobs", async () => {
        const jobs: ListedJob[] = [];
        let nextToken: string | undefined;
        do {
          const page = await client.send(
            new sdk.bedrock.ListModelInvocationJobsCommand({
              ...(filter !== undefined && "status" in filter ? { statusEquals: filter.status } : filter),
              maxResults: 1000,
              ...defined({ nextToken }),
            }),
          );
          jobs.push(...(page.invocationJobSummaries ?? []).map(readJob));
          nextToken = page.nextToken;
        } while (nextToken !== undefined);
        return jobs;
      });
    },
    async get(jobArn) {
      return calling("Bedrock", "GetModelInvocationJob", async () =>
        readOneJob(await client.send(new sdk.bedrock.GetModelInvocationJobCommand({ jobIdentifier: jobArn }))),
      );
    },
    async stop(jobArn) {
      await calling("Bedrock", "StopModelInvocationJob", async () => {
        await client.send(new sdk.bedrock.StopModelInvocationJobCommand({ jobIdentifier: jobArn }));
      });
    },
    close: () => client.destroy(),
  };
}

function readOneJob(job: GetModelInvocationJobCommandOutput): ListedJob {
  const { roleArn, modelInvocationType: invocation } = job;
  const inputUri = job.inputDataConfig?.s3InputDataConfig?.s3Uri;
  const outputUri = job.outputDataConfig?.s3OutputDataConfig?.s3Uri;
  return {
    ...readJob(job),
    ...defined({ inputUri, outputUri, roleArn }),
    ...(invocation === "Converse" || invocation === "InvokeModel" ? { invocation } : {}),
  };
}

function readJob(job: Partial<ModelInvocationJobSummary>): ListedJob {
  return {
    jobArn: job.jobArn ?? "",
    jobName: job.jobName ?? "",
    modelId: job.modelId ?? "",
    status: job.status ?? "Submitted",
    message: job.message === undefined ? undefined : hideSecrets(job.message),
    endedAt: job.endTime?.getTime(),
    counts:
      job.totalRecordCount === undefined
        ? undefined
        : {
            total: Number(job.totalRecordCount),
            processed: Number(job.processedRecordCount ?? 0),
            success: Number(job.successRecordCount ?? 0),
            error: Number(job.errorRecordCount ?? 0),
          },
  };
}

/** States in which a job is over. */
export const endStates: readonly string[] = ["Completed", "PartiallyCompleted", "Failed", "Stopped", "Expired"];
