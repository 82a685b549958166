import type { ListedJob } from "../../aws/bedrock.ts";
import { openJobService } from "../../aws/bedrock.ts";
import { HalfpriceError, isError } from "../../foundation/errors/index.ts";
import { hideSecrets } from "../../foundation/secrets.ts";
import { findUnknown } from "../../jobs/find-unknown.ts";
import type { RunRow } from "../../ledger/runs.ts";
import type { ShardRow } from "../../ledger/shards.ts";
import { identify, type Session, toOrigin } from "../../workspace/session.ts";
import { looks } from "./open-clients.ts";

/** What the service says of the jobs that the ledger takes to be under way. */
export interface AskedJobs {
  /** By the shard's index. */
  readonly found: ReadonlyMap<number, ListedJob>;
  /** Jobs that the service does not know. */
  readonly unknown?: HalfpriceError | undefined;
  /** Indexes of the shards whose jobs those are. */
  readonly unknownIndexes: readonly number[];
  /** Why it could not be asked. */
  readonly problem?: string;
}

/** Whether there is a job of the run that the service can be asked for. */
export function hasOpenJobs(shards: readonly ShardRow[]): boolean {
  return openJobs(shards).length > 0;
}

const openJobs = (shards: readonly ShardRow[]): ShardRow[] =>
  shards.filter(({ state, closed }) => state === "submitted" && closed !== "gone" && closed !== "resent");

/** Asks the service, and not the ledger, how the jobs of a run are that were under way. Changes nothing. Never throws what the service said. */
export async function askJobs(session: Session, row: RunRow, shards: readonly ShardRow[]): Promise<AskedJobs> {
  const open = openJobs(shards);
  const none = { found: new Map<number, ListedJob>(), unknownIndexes: [] };
  if (open.length === 0) return none;
  try {
    const { kind, accountId, region } = toOrigin(await identify(session));
    if (kind !== row.origin.kind || accountId !== row.origin.accountId || region !== row.origin.region) {
      return { ...none, problem: "these credentials, region or endpoint are not those of the run" };
    }
    const jobs = openJobService({ ...session.connection, region });
    try {
      const listed = await jobs.list({ nameContains: row.id });
      const found = new Map<number, ListedJob>();
      for (const { index, attempt } of open) {
        const job = listed.find(({ jobName }) => jobName === attempt?.jobName);
        if (job !== undefined) found.set(index, job);
      }
      const pause = (): Promise<void> => session.sleep(looks[kind].pauseMs);
      const further = await findUnknown(
        { runId: row.id },
        { jobs, nowMs: session.nowMs, unknownLooks: { ...looks[kind], pause } },
        open.filter(({ index }) => !found.has(index)),
      );
      const { unknown } = further;
      return {
        found: new Map([...found, ...further.found]),
        unknownIndexes: unknown.map(({ index }) => index),
        ...(unknown.length === 0 ? {} : { unknown: makeUnknownError(session, row, unknown) }),
      };
    } finally {
      jobs.close();
    }
  } catch (error) {
    if (isError(error)) return { ...none, problem: error.message };
    throw error;
  }
}

/** Says which jobs the service does not know, and what can be done about it. */
export function makeUnknownError(
  { connection }: Pick<Session, "connection">,
  { id, origin }: Pick<RunRow, "id" | "origin">,
  unknown: readonly ShardRow[],
): HalfpriceError {
  const where =
    origin.kind === "local"
      ? `${hideSecrets(connection.endpointUrl ?? "the local service")} (${origin.region})`
      : `account ${origin.accountId}, ${origin.region}`;
  return new HalfpriceError("JOB_UNKNOWN", {
    runId: id,
    jobs: unknown.map(({ index, attempt }) => `job ${index + 1}: ${attempt?.jobArn ?? attempt?.jobName}`),
    records: unknown.reduce((sum, { recordCount }) => sum + recordCount, 0),
    where,
  });
}
