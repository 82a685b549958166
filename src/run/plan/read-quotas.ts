import { openJobService } from "../../aws/bedrock.ts";
import { readBedrockQuotas } from "../../aws/service-quotas.ts";
import { isError } from "../../foundation/errors/index.ts";
import type { JobLimits, JobSlots, JobStatus, ModelChoice } from "../../foundation/types/index.ts";
import { parseModel } from "../../models/parse-model.ts";
import { findJobLimits } from "../../plan/job-limits.ts";
import type { Session } from "../../workspace/session.ts";

/** The account's limits of jobs, or the documented ones where they cannot be read. */
export async function readLimits({ connection, onStep }: Session, modelLabel: string): Promise<JobLimits> {
  try {
    onStep("reading quotas");
    return findJobLimits(await readBedrockQuotas(connection), modelLabel);
  } catch (error) {
    if (isError(error)) return findJobLimits([], modelLabel);
    throw error;
  }
}

/**
 * States in which a job takes up a slot. The quota's name says in-progress and submitted; that those between and Stopping
 * count too is `unconfirmed`, and the careful reading.
 */
const slotStates: readonly JobStatus[] = ["Submitted", "Validating", "Scheduled", "InProgress", "Stopping"];

/**
 * Counts all of the account's jobs of a base model that are under way, whoever made them. A job through another application
 * profile or of a custom model does not say which base model is behind it, and is not counted.
 * @returns undefined where the jobs may not be listed
 */
export async function readSlots(
  { connection, onStep }: Session,
  { baseId, invokeId }: Pick<ModelChoice, "baseId" | "invokeId">,
  { maxJobsInFlight }: JobLimits,
): Promise<JobSlots | undefined> {
  onStep("counting the jobs in flight");
  const jobs = openJobService(connection);
  try {
    const listed = await Promise.all(slotStates.map((status) => jobs.list({ status })));
    // A job that moved on between two lists is in both.
    const own = listed.flat().filter(({ modelId }) => modelId === invokeId || parseModel(modelId).baseId === baseId);
    return { inFlight: new Set(own.map(({ jobArn }) => jobArn)).size, limit: maxJobsInFlight };
  } catch (error) {
    if (isError(error, "SERVICE_REFUSED")) return undefined;
    throw error;
  } finally {
    jobs.close();
  }
}
