import type { ListedJob } from "../aws/bedrock.ts";
import { isRefusal } from "../aws/wrap-error.ts";
import type { ShardRow } from "../ledger/shards.ts";
import type { Clients, JobRun } from "./job-run.ts";

/** What a few looks came to. */
export interface FoundJobs {
  /** By the shard's index. */
  readonly found: ReadonlyMap<number, ListedJob>;
  /** Neither the list has it, by its name, nor Get, by its ARN. */
  readonly unknown: readonly ShardRow[];
}

/**
 * Looks for jobs that the list of a run's jobs does not have. List and Get are eventually consistent, how long is `unconfirmed`: so
 * it looks several times, with pauses, and leaves out what was just created.
 * @throws SERVICE_REFUSED, UNREACHABLE, CREDENTIALS_REFUSED
 */
export async function findUnknown(
  run: Pick<JobRun, "runId">,
  { jobs, nowMs, unknownLooks }: Pick<Clients, "jobs" | "nowMs" | "unknownLooks">,
  missing: readonly ShardRow[],
): Promise<FoundJobs> {
  const found = new Map<number, ListedJob>();
  let left = missing.filter(({ attempt }) => {
    const createdAt = attempt?.submittedAt ?? attempt?.announcedAt;
    return createdAt !== undefined && Math.abs(nowMs() - createdAt) >= unknownLooks.youngMs;
  });
  // What was unknown before needs no further proof: one look is for it to be there again.
  const looks = left.every(({ closed }) => closed === "unknown") ? 1 : unknownLooks.count;
  for (let look = 0; look < looks && left.length > 0; look += 1) {
    if (look > 0) await unknownLooks.pause();
    const byName = new Map((await jobs.list({ nameContains: run.runId })).map((job) => [job.jobName, job]));
    const still: ShardRow[] = [];
    for (const shard of left) {
      const job = byName.get(shard.attempt?.jobName ?? "") ?? (await findJob({ jobs }, shard.attempt?.jobArn));
      if (job === undefined) still.push(shard);
      else if (job !== "hidden") found.set(shard.index, job);
    }
    left = still;
  }
  return { found, unknown: left };
}

/** @returns `hidden` where the caller may not ask */
async function findJob(
  { jobs }: Pick<Clients, "jobs">,
  jobArn: string | undefined,
): Promise<ListedJob | "hidden" | undefined> {
  if (jobArn === undefined) return undefined;
  try {
    return await jobs.get(jobArn);
  } catch (error) {
    // ValidationException: the ARN is of another account or region than the caller's (seen on the local service only, `unconfirmed`).
    if (isRefusal(error, "ResourceNotFoundException", "ValidationException")) return undefined;
    if (isRefusal(error, "AccessDeniedException")) return "hidden";
    throw error;
  }
}
