import { findUnanswered } from "../../jobs/find-unanswered.ts";
import type { Clients, JobRun } from "../../jobs/job-run.ts";
import { recordAgain } from "../../ledger/send-again.ts";
import { checkSpending } from "../../workspace/check-spending.ts";
import type { RunFile } from "../../workspace/run-file.ts";

/**
 * Ends that pass by themselves, in the service's words: the next job may do what this one did not. A refusal for what was sent, or for who sent
 * it, would come again.
 * @see sources#failures
 */
const passing = /unexpected error|internal|try (?:your request )?again|too many requests|throttl|unavailable|capacity/i;

/**
 * Lets the shards of jobs that failed before their first record, for no fault of theirs, wait for another job, as long as the run may try again.
 * @returns how many
 */
export async function retryJobs(
  workspace: string,
  run: RunFile,
  jobRun: JobRun,
  clients: Pick<Clients, "ledger" | "storage" | "nowMs">,
): Promise<number> {
  const { maxAttempts = 1 } = run;
  const again = (await findUnanswered(jobRun, clients)).filter(({ state, attempt }) => {
    if (state === "waiting" || attempt === undefined || attempt.attempt >= maxAttempts) return false;
    return attempt.status === "Expired" || (attempt.status === "Failed" && passing.test(attempt.message ?? ""));
  });
  const { ledger, nowMs } = clients;
  const waiting = again.map(({ index, estimateHighUsd }) => ({ index, lane: "batch" as const, estimateHighUsd }));
  await recordAgain(ledger, run.id, waiting, nowMs(), () => checkSpending(workspace, ledger, run, 0));
  return again.length;
}
