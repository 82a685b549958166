/** A job as Get and List write it. */
import type { Faults } from "../faults/faults.ts";
import { expiresAtMs, type Job } from "../jobs/job.ts";

const timestamp = (ms: number | undefined): string | undefined =>
  ms === undefined ? undefined : new Date(ms).toISOString();

const inSummary = (job: Job): Record<string, unknown> => ({
  jobArn: job.arn,
  jobName: job.name,
  modelId: job.modelArn,
  roleArn: job.roleArn,
  status: job.status,
  submitTime: timestamp(job.submittedAtMs),
  lastModifiedTime: timestamp(job.lastModifiedAtMs),
  endTime: timestamp(job.endedAtMs),
  inputDataConfig: { s3InputDataConfig: job.input },
  outputDataConfig: { s3OutputDataConfig: job.output },
  vpcConfig: job.vpcConfig,
  timeoutDurationInHours: job.timeoutHours,
  modelInvocationType: job.invocationType,
  totalRecordCount: job.counts.total,
  processedRecordCount: job.counts.success + job.counts.error,
  successRecordCount: job.counts.success,
  errorRecordCount: job.counts.error,
});

/**
 * An item of the list. A list of some 30 real jobs had neither `message` nor `clientRequestToken` nor `jobExpirationTime`,
 * failed jobs included (sources#job-list).
 */
export const summarizeJob = (job: Job, faults: Faults): Record<string, unknown> =>
  withShownStatus(job, inSummary(job), faults);

/** The whole job. */
export const describeJob = (job: Job, faults: Faults): Record<string, unknown> =>
  withShownStatus(
    job,
    {
      ...inSummary(job),
      clientRequestToken: job.clientRequestToken,
      message: job.message,
      jobExpirationTime: timestamp(expiresAtMs(job)),
    },
    faults,
  );

/** A fault may show a state under a name that no client knows yet. */
function withShownStatus(job: Job, view: Record<string, unknown>, faults: Faults): Record<string, unknown> {
  const shown = faults.forJob(job)?.showAs?.[job.status];
  return shown === undefined ? view : { ...view, status: shown };
}
