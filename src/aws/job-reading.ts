import { BedrockClient, type ModelInvocationJobStatus, paginateListModelInvocationJobs } from "@aws-sdk/client-bedrock";
import { type Connection, makeClientOptions } from "./connection.ts";
import { calling } from "./wrap-error.ts";

/** A job that takes up a slot. */
export interface JobUnderWay {
  readonly jobName: string;
  /** The ARN of model or profile, as the service writes it. */
  readonly modelArn: string;
}

/** The states that count against the quota. @see failure-modes S1, collected 2026-11-21 */
const underWay: readonly ModelInvocationJobStatus[] = [
  "Submitted",
  "Validating",
  "Scheduled",
  "InProgress",
  "Stopping",
];

/** Every job of the account and region that is under way. @throws SERVICE_REFUSED, UNREACHABLE, CREDENTIALS_REFUSED */
export async function readJobsUnderWay(connection: Connection): Promise<readonly JobUnderWay[]> {
  return calling("Bedrock", "ListModelInvocationJobs", async () => {
    const client = new BedrockClient(makeClientOptions(connection));
    try {
      const jobs: JobUnderWay[] = [];
      for (const statusEquals of underWay) {
        const pages = paginateListModelInvocationJobs({ client, pageSize: 1000 }, { statusEquals });
        for await (const { invocationJobSummaries: found = [] } of pages)
          jobs.push(...found.map(({ jobName = "", modelId = "" }) => ({ jobName, modelArn: modelId })));
      }
      return jobs;
    } finally {
      client.destroy();
    }
  });
}
