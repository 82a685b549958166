import { readShards, type ShardRow } from "../ledger/shards.ts";
import { hasOutput } from "./fetch-output.ts";
import type { Clients, JobRun } from "./job-run.ts";

/** States in which a job may have ended before its first record. */
const endedEarly = /^(Failed|Stopped|Expired)$/;

/**
 * Batch shards of which the service has answered nothing, and will not: those that wait, and those whose job has ended without a record and without
 * an output.
 */
export async function findUnanswered(
  run: JobRun,
  { ledger, storage }: Pick<Clients, "ledger" | "storage">,
): Promise<readonly ShardRow[]> {
  const found: ShardRow[] = [];
  for (const shard of readShards(ledger, run.runId)) {
    const { lane, state, closed, attempt } = shard;
    if (lane !== "batch" || closed !== undefined) continue;
    const hasEnded = (state === "ended" || state === "collected") && endedEarly.test(attempt?.status ?? "");
    const isBare = hasEnded && (attempt?.counts?.processed ?? 0) === 0 && !(await hasOutput(run, storage, shard));
    if (state === "waiting" || isBare) found.push(shard);
  }
  return found;
}
