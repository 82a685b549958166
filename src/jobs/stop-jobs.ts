import { isRefusal } from "../aws/wrap-error.ts";
import { readShards } from "../ledger/shards.ts";
import type { Clients, JobRun } from "./job-run.ts";

/** Asks the service to stop every job of the run that is under way. What they have processed is paid, and is kept. */
export async function stopJobs(run: JobRun, { ledger, jobs }: Clients): Promise<number> {
  let stopped = 0;
  for (const { state, attempt, closed } of readShards(ledger, run.runId)) {
    if (state !== "submitted" || closed !== undefined || attempt?.jobArn === undefined) continue;
    try {
      await jobs.stop(attempt.jobArn);
      stopped += 1;
    } catch (error) {
      // It ended on its own in the meantime, or the service does not know it, which the next look finds.
      if (!isRefusal(error, "ConflictException", "ValidationException", "ResourceNotFoundException")) throw error;
    }
  }
  return stopped;
}
