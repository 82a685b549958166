import { isRefusal } from "../aws/wrap-error.ts";
import { recordSubmitted } from "../ledger/seen-jobs.ts";
import { readShards, recordSubmitting, recordUploading, type ShardRow } from "../ledger/shards.ts";
import { makeJobNames } from "./job-names.ts";
import type { Clients, JobRun } from "./job-run.ts";

/**
 * Uploads a shard and makes its job. Each step is announced in the ledger first; what was announced before and may have
 * happened is looked for: an object of the right size is there whole, and a job of the right name is this one.
 * @throws SERVICE_REFUSED, UNREACHABLE, CREDENTIALS_REFUSED
 */
export async function submitShard(run: JobRun, clients: Clients, shard: ShardRow): Promise<void> {
  const { ledger, storage, lines, jobs, nowMs, onProgress } = clients;
  // What waits although a job was made for it: that one has ended without an answer, and this is the next try.
  const attempt = (shard.attempt?.attempt ?? 0) + (shard.state === "waiting" ? 1 : 0);
  const names = makeJobNames(run, shard.index, attempt);
  const key = { runId: run.runId, index: shard.index, attempt };
  if (shard.state === "waiting") await recordUploading(ledger, key, names, nowMs());
  const isNew = shard.state === "waiting" && run.isUploaded !== true;
  const uploadedBytes = isNew ? undefined : await storage.findSize(run.bucket, names.inputKey);
  if (uploadedBytes !== shard.sizeBytes) {
    await lines(run).send(shard, names.inputKey, (sentBytes) =>
      onProgress({ shards: readShards(ledger, run.runId), upload: { index: shard.index, sentBytes } }),
    );
  }
  await recordSubmitting(ledger, key, nowMs());
  let jobArn: string;
  try {
    jobArn = await jobs.create({
      jobName: names.jobName,
      clientToken: names.clientToken,
      modelId: run.modelId,
      roleArn: run.roleArn,
      inputUri: names.inputUri,
      outputUri: names.outputUri,
      accountId: run.accountId,
      kmsKey: run.kmsKey,
      vpc: run.vpc,
      timeoutHours: run.timeoutHours,
      invocation: run.invocation,
      tags: { ...run.tags, "halfprice:run": run.runId },
    });
  } catch (error) {
    // The name is taken: by this very job, where an earlier answer was lost on its way.
    if (!isRefusal(error, "ConflictException")) throw error;
    const own = (await jobs.list({ nameContains: names.jobName })).find(({ jobName }) => jobName === names.jobName);
    if (own === undefined) throw error;
    jobArn = own.jobArn;
  }
  await recordSubmitted(ledger, key, jobArn, nowMs());
  onProgress({ shards: readShards(ledger, run.runId) });
}
