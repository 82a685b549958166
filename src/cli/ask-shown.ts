import type { ShardRow } from "../ledger/shards.ts";
import type { AskedJobs } from "../run/clients/ask-jobs.ts";
import type { ShownRun } from "../workspace/show-run.ts";
import type { CommonFlags } from "./options.ts";

/** The environment names an endpoint, as the SDK reads it. */
export const hasEndpoint = (): boolean => Object.keys(process.env).some((name) => name.startsWith("AWS_ENDPOINT_URL"));

/** Whether the service of a run can be asked: a simulation is asked only where a local service is named. */
export function isReachable({ row }: Pick<ShownRun, "row">, { local, endpointUrl }: CommonFlags): boolean {
  return row.origin.kind === "aws" || local === true || endpointUrl !== undefined || hasEndpoint();
}

/** The shards as the service says that they are. */
export function withAsked(shards: readonly ShardRow[], { found }: AskedJobs): readonly ShardRow[] {
  return shards.map((shard) => {
    const job = found.get(shard.index);
    if (job === undefined || shard.attempt === undefined) return shard;
    const { status, message, counts } = job;
    return { ...shard, attempt: { ...shard.attempt, status, message, counts: counts ?? shard.attempt.counts } };
  });
}
