import { isRefusal } from "../../aws/wrap-error.ts";
import { defined } from "../../foundation/defined.ts";
import { isError } from "../../foundation/errors/index.ts";
import { highestShareUsd } from "../../foundation/money.ts";
import type { Plan } from "../../foundation/types/index.ts";
import { findUnanswered } from "../../jobs/find-unanswered.ts";
import type { Clients, JobRun } from "../../jobs/job-run.ts";
import { recordAgain } from "../../ledger/send-again.ts";
import { readShards, type ShardRow } from "../../ledger/shards.ts";
import { checkSpending } from "../../workspace/check-spending.ts";
import type { RunFile } from "../../workspace/run-file.ts";

/**
 * So many records a second are taken to be answered on demand. An assumption on the careful side: an account's quotas and a model's speed decide,
 * and both are known only when it is asked.
 */
export const onDemandPerSecond = 4;
/** What is left of the time for looks, and for jobs to stop. */
export const deadlineMarginMs = 15 * 60_000;

/** When a run with so many records that no job has begun has to go on demand to be done in time. */
export function findLastMoment(deadline: number, recordCount: number): number {
  return deadline - deadlineMarginMs - (recordCount / onDemandPerSecond) * 1000;
}

/** States in which a job has not begun with any record. */
const notBegun = /^(Submitted|Validating|Scheduled)$/;

const isWaitingJob = ({ lane, state, closed, attempt }: ShardRow): boolean =>
  lane === "batch" && closed === undefined && state === "submitted" && notBegun.test(attempt?.status ?? "Submitted");

/** What was done to be in time. */
export interface DeadlineWork {
  /** Jobs that had not begun and were asked to stop. */
  readonly stoppedCount: number;
  /** Records that go on demand from here on. */
  readonly movedCount: number;
  /** Why what is stuck stays where it is: there is no room for it in what may be spent. */
  readonly refusal?: Error;
}

const nothing: DeadlineWork = { stoppedCount: 0, movedCount: 0 };

/**
 * Moves what is stuck on demand, when it is time: jobs that have not begun are stopped, and what waits for a slot, or whose job was stopped before
 * it began, is asked record by record. A job that has begun is left to end. Never costs more than the run's limits allow.
 */
export async function keepDeadline(
  workspace: string,
  { run, plan }: { readonly run: RunFile; readonly plan: Plan },
  jobRun: JobRun,
  clients: Pick<Clients, "ledger" | "jobs" | "storage" | "nowMs">,
): Promise<DeadlineWork> {
  if (run.deadline === undefined) return nothing;
  const { ledger, jobs, nowMs } = clients;
  const unsent = await findUnanswered(jobRun, clients);
  const stuck = [...unsent, ...readShards(ledger, run.id).filter(isWaitingJob)];
  const recordCount = stuck.reduce((sum, shard) => sum + shard.recordCount, 0);
  if (recordCount === 0 || nowMs() < findLastMoment(run.deadline, recordCount)) return nothing;
  let stoppedCount = 0;
  for (const { attempt } of stuck.filter(isWaitingJob)) {
    if (attempt?.jobArn === undefined) continue;
    try {
      await jobs.stop(attempt.jobArn);
      stoppedCount += 1;
    } catch (error) {
      // It has begun, or ended, meanwhile: the next look tells.
      if (!isRefusal(error, "ConflictException", "ValidationException", "ResourceNotFoundException")) throw error;
    }
  }
  const { recordCount: allCount, onDemandUsd } = plan;
  const again = unsent.map(({ index, recordCount: count }) => ({
    index,
    lane: "on_demand" as const,
    estimateHighUsd: highestShareUsd({ recordCount: allCount, ...defined({ usd: onDemandUsd }) }, count),
  }));
  try {
    await recordAgain(ledger, run.id, again, nowMs(), () =>
      checkSpending(workspace, ledger, run, plan.costUsd === undefined ? undefined : 0),
    );
  } catch (refusal) {
    if (isError(refusal, "MAX_COST", "PRICE_UNKNOWN")) return { stoppedCount, movedCount: 0, refusal };
    throw refusal;
  }
  return { stoppedCount, movedCount: unsent.reduce((sum, shard) => sum + shard.recordCount, 0) };
}
