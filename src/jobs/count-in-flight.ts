import type { JobStatus } from "../foundation/types/index.ts";
import type { ShardRow } from "../ledger/shards.ts";
import type { Clients, JobRun } from "./job-run.ts";

/** States in which a job takes a slot. Whether a stopping one still does is `unconfirmed`. */
const inFlightStates: readonly JobStatus[] = ["Submitted", "Validating", "Scheduled", "InProgress", "Stopping"];

/**
 * Jobs that take a slot of the run's model: the run's own, and those of other runs, people and programs of the account. The
 * limit is one for all of a base model, by whatever profile it is asked.
 */
export async function countInFlight(run: JobRun, { jobs }: Clients, shards: readonly ShardRow[]): Promise<number> {
  const open = shards.filter(({ state, closed }) => state === "submitted" && closed === undefined);
  const parts = new Set(run.otherParts?.());
  for (const { attempt } of open) parts.delete(attempt?.jobArn ?? "");
  const own = open.length + parts.size;
  // Nothing can be started anyway: the calls can be saved.
  if (own >= run.maxJobsInFlight) return own;
  // In the order of a job's life, so that none slips through; one that moves on between two lists is in both.
  const others = new Set<string>();
  for (const status of inFlightStates) {
    for (const job of await jobs.list({ status })) {
      const isOwn = job.jobName.includes(run.runId) || parts.has(job.jobArn);
      if (isOf(run.baseModelId, job.modelId) && !isOwn) others.add(job.jobArn);
    }
  }
  return own + others.size;
}

/** Whether a job's model, an ARN or an id, is a base model or an inference profile of it (`us.` before its id). */
function isOf(baseModelId: string, modelId: string): boolean {
  const id = modelId.split("/").at(-1) ?? modelId;
  return id === baseModelId || id.endsWith(`.${baseModelId}`) || modelId === baseModelId;
}
