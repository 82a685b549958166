import type { ShardRow } from "../ledger/shards.ts";
import type { JobStatus } from "../types.ts";
import type { JobRun, Outside } from "./job-run.ts";

/** States in which a job takes a slot. Whether a stopping one still does is `unconfirmed`. */
const inFlightStates: readonly JobStatus[] = ["InProgress", "Scheduled", "Validating", "Submitted", "Stopping"];

/**
 * Jobs that take a slot of the run's model: the run's own, and those of other runs, people and programs of the account. The
 * limit is one for all of a base model, by whatever profile it is asked.
 */
export async function countInFlight(run: JobRun, { jobs }: Outside, shards: readonly ShardRow[]): Promise<number> {
  const own = shards.filter(({ state }) => state === "submitted").length;
  // Nothing can be started anyway: the calls can be saved.
  if (own >= run.maxJobsInFlight) return own;
  let others = 0;
  for (const status of inFlightStates) {
    const listed = await jobs.list({ status });
    others += listed.filter((job) => isOf(run.baseModelId, job.modelId) && !job.jobName.includes(run.runId)).length;
  }
  return own + others;
}

/** Whether a job's model, an ARN or an id, is a base model or an inference profile of it (`us.` before its id). */
function isOf(baseModelId: string, modelId: string): boolean {
  const id = modelId.split("/").at(-1) ?? modelId;
  return id === baseModelId || id.endsWith(`.${baseModelId}`) || modelId === baseModelId;
}
