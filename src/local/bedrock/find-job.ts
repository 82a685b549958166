/** The job that a path names. */
import type { Job } from "../jobs/job.ts";
import { Refusal } from "../wire/refusal.ts";
import type { BedrockContext } from "./operation.ts";

/**
 * @param identifier a job's ARN; the API's model allows the bare id too, the live service refuses it (sources#job-list)
 * @throws Refusal `ValidationException`, `ResourceNotFoundException`
 */
export function getJob(identifier: string, region: string, { store }: BedrockContext): Job {
  if (!identifier.startsWith("arn:")) throw new Refusal("ValidationException", "The provided ARN is invalid");
  const job = store.jobs.get(identifier);
  // Words unconfirmed: only the type is on record (sources#job-list, prowler-cloud/prowler PR 12801).
  if (job === undefined || job.region !== region) {
    throw new Refusal("ResourceNotFoundException", `The model invocation job ${identifier} could not be found.`);
  }
  return job;
}
