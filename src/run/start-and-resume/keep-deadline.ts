import { isRefusal } from "../../aws/wrap-error.ts";
import { defined } from "../../foundation/defined.ts";
import { isError } from "../../foundation/errors/index.ts";
import { highestShareUsd } from "../../foundation/money.ts";
import type { Plan } from "../../foundation/types/index.ts";
import { findUnanswered } from "../../jobs/find-unanswered.ts";
import type { Clients, JobRun } from "../../jobs/job-run.ts";
import { recordAgain } from "../../ledger/send-again.ts";
import { readShards, recordEstimates, type ShardRow } from "../../ledger/shards.ts";
import { findLastMoment } from "../../plan/deadline.ts";
import { checkSpending } from "../../workspace/check-spending.ts";
import type { RunFile } from "../../workspace/run-file.ts";

/** States in which a job has not begun with any record. */
const notBegun = /^(Submitted|Validating|Scheduled)$/;

const isJob = ({ lane, state, closed }: ShardRow): boolean =>
  lane === "batch" && closed === undefined && state === "submitted";

const isWaitingJob = (shard: ShardRow): boolean => isJob(shard) && notBegun.test(shard.attempt?.status ?? "Submitted");

/** What is on demand already, or will be when its job has stopped. */
const isOnItsWay = (shard: ShardRow): boolean =>
  (shard.lane === "on_demand" && shard.closed === undefined && shard.state !== "collected") ||
  (isJob(shard) && shard.attempt?.status === "Stopping");

const countRecords = (shards: readonly ShardRow[]): number =>
  shards.reduce((sum, { recordCount }) => sum + recordCount, 0);

/** What was done to be in time. */
export interface DeadlineWork {
  /** Jobs that had not begun and were asked to stop. */
  readonly stoppedCount: number;
  /** Records that go on demand from here on. */
  readonly movedCount: number;
  /** Why some of what is stuck stays where it is: there is no room for it in what may be spent. */
  readonly refusal?: Error;
}

type Asked = Pick<Clients, "ledger" | "jobs" | "storage" | "nowMs">;

/**
 * Moves what is stuck on demand, when it is time: what waits for a slot, or whose job was stopped before it began, is asked record by record,
 * and jobs that have not begun are stopped, to follow. A job that has begun is left to end. Never costs more than the run's limits allow: what
 * there is no room for stays where it is.
 */
export async function keepDeadline(
  workspace: string,
  { run, plan }: { readonly run: RunFile; readonly plan: Plan },
  jobRun: JobRun,
  clients: Asked,
): Promise<DeadlineWork> {
  if (run.deadline === undefined) return { stoppedCount: 0, movedCount: 0 };
  const { ledger, nowMs } = clients;
  const unsent = await findUnanswered(jobRun, clients);
  const shards = readShards(ledger, run.id);
  const waiting = shards.filter(isWaitingJob);
  const stuckCount = countRecords(unsent) + countRecords(waiting);
  const askedCount = countRecords(shards.filter(isOnItsWay));
  if (stuckCount === 0 || nowMs() < findLastMoment(run.deadline, stuckCount + askedCount))
    return { stoppedCount: 0, movedCount: 0 };
  const { lanes, onDemandUsd } = plan;
  const recordCount = lanes.reduce((sum, each) => sum + each.recordCount, 0);
  const toHigh = (shard: ShardRow): number | undefined =>
    highestShareUsd({ recordCount, ...defined({ usd: onDemandUsd }) }, shard.recordCount);
  const guard = (): void => checkSpending(workspace, ledger, run, onDemandUsd === undefined ? undefined : 0);
  const moved = await takeWhatFits(unsent, (some) =>
    recordAgain(
      ledger,
      run.id,
      some.map((shard) => ({ index: shard.index, lane: "on_demand" as const, estimateHighUsd: toHigh(shard) })),
      nowMs(),
      guard,
    ),
  );
  if (moved.refusal !== undefined) return { stoppedCount: 0, ...toWork(moved) };
  // Their price on demand is reserved before they are stopped: a job that was stopped in vain would have been answered.
  const reserved = await takeWhatFits(waiting, (some) =>
    recordEstimates(
      ledger,
      run.id,
      some.map((shard) => ({ index: shard.index, estimateHighUsd: toHigh(shard) })),
      guard,
    ),
  );
  const stoppedCount = await stopWaiting(reserved.taken, clients);
  return { stoppedCount, ...toWork({ ...moved, ...defined({ refusal: reserved.refusal }) }) };
}

/** What there was room for. */
interface Fitting {
  readonly taken: readonly ShardRow[];
  readonly refusal?: Error;
}

const toWork = ({ taken, refusal }: Fitting): Pick<DeadlineWork, "movedCount" | "refusal"> => ({
  movedCount: countRecords(taken),
  ...defined({ refusal }),
});

/** Takes all of some shards, or half of them, or half of these: the rest is looked at again by the next pass. */
async function takeWhatFits(
  shards: readonly ShardRow[],
  take: (some: readonly ShardRow[]) => Promise<void>,
): Promise<Fitting> {
  let refusal: Error | undefined;
  for (let count = shards.length; count > 0; count = Math.floor(count / 2)) {
    const taken = shards.slice(0, count);
    try {
      await take(taken);
      return { taken, ...defined({ refusal }) };
    } catch (error) {
      if (!isError(error, "MAX_COST", "PRICE_UNKNOWN")) throw error;
      refusal = error;
    }
  }
  return { taken: [], ...defined({ refusal }) };
}

/** @returns how many jobs were asked to stop */
async function stopWaiting(shards: readonly ShardRow[], { jobs }: Pick<Clients, "jobs">): Promise<number> {
  let count = 0;
  for (const { attempt } of shards) {
    if (attempt?.jobArn === undefined) continue;
    try {
      await jobs.stop(attempt.jobArn);
      count += 1;
    } catch (error) {
      // It has begun, or ended, meanwhile: the next look tells.
      if (!isRefusal(error, "ConflictException", "ValidationException", "ResourceNotFoundException")) throw error;
    }
  }
  return count;
}
