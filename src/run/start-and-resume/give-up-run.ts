import { endStates, openJobService } from "../../aws/bedrock.ts";
import { isRefusal } from "../../aws/wrap-error.ts";
import type { Ledger } from "../../ledger/open-ledger.ts";
import type { RunRow } from "../../ledger/runs.ts";
import { recordRunState } from "../../ledger/runs.ts";
import type { ShardRow } from "../../ledger/shards.ts";
import { readShards, recordClosed } from "../../ledger/shards.ts";
import { type Damage, findDamage, runPaths } from "../../workspace/run-folder.ts";
import { acquireLease } from "../../workspace/run-lease.ts";
import type { Session } from "../../workspace/session.ts";

/** What became of a run that was given up. */
export interface GivenUp {
  /** What was wrong with its files; undefined where its requests were gone. */
  readonly damage: Damage | undefined;
  /** Jobs that were asked to stop. */
  readonly stoppedCount: number;
  /** Records that the service had, or may have had: what of them it has answered is paid, and nobody collects it. */
  readonly sentCount: number;
}

/**
 * Ends a run whose files are gone or broken: its jobs, which the ledger knows, are stopped, and nothing is reserved for it any more.
 * Done again it changes nothing.
 * @throws RUN_BUSY, SERVICE_REFUSED, UNREACHABLE
 */
export async function giveUpRun(session: Session, ledger: Ledger, row: RunRow): Promise<GivenUp> {
  const damage = findDamage(runPaths(session.config.workspace, row.id));
  const open = readShards(ledger, row.id).filter(
    ({ state, closed }) => state !== "collected" && closed !== "gone" && closed !== "resent",
  );
  if (row.state === "done" || (row.state === "stopped" && open.length === 0)) {
    return { damage, stoppedCount: 0, sentCount: 0 };
  }
  const owned = await acquireLease(session, ledger, row.id);
  try {
    await recordRunState(ledger, row.id, "stopped", session.nowMs());
    const sent = open.filter(({ state }) => state !== "waiting" && state !== "uploading");
    const stoppedCount = await stopKnown(session, row.id, sent);
    for (const shard of open)
      await recordClosed(ledger, { runId: row.id, index: shard.index }, "gone", session.nowMs());
    return { damage, stoppedCount, sentCount: sent.reduce((sum, { recordCount }) => sum + recordCount, 0) };
  } finally {
    await owned.release();
  }
}

/** Stops the jobs that the service has of some shards. */
async function stopKnown({ connection }: Session, runId: string, sent: readonly ShardRow[]): Promise<number> {
  const jobs = sent.filter(({ lane }) => lane === "batch");
  if (jobs.length === 0) return 0;
  const service = openJobService(connection);
  let stopped = 0;
  try {
    for (const { jobArn, status } of await service.list({ nameContains: runId })) {
      if (endStates.includes(status)) continue;
      try {
        await service.stop(jobArn);
        stopped += 1;
      } catch (error) {
        // It ended on its own in the meantime, or was deleted.
        if (!isRefusal(error, "ConflictException", "ValidationException", "ResourceNotFoundException")) throw error;
      }
    }
  } finally {
    service.close();
  }
  return stopped;
}
