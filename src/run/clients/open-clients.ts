import type { JobService } from "../../aws/bedrock.ts";
import { openJobService } from "../../aws/bedrock.ts";
import { type ModelService, openModelService } from "../../aws/bedrock-runtime.ts";
import type { ObjectStorage } from "../../aws/s3.ts";
import { openObjectStorage } from "../../aws/s3.ts";
import { defined } from "../../foundation/defined.ts";
import type { Clients, JobLoad, JobProgress } from "../../jobs/job-run.ts";
import { diskLines } from "../../jobs/line-source.ts";
import type { Ledger } from "../../ledger/open-ledger.ts";
import { readShards } from "../../ledger/shards.ts";
import { publishRun } from "../../workspace/fetch-run.ts";
import type { RunFile } from "../../workspace/run-file.ts";
import { runPaths } from "../../workspace/run-folder.ts";
import type { Session } from "../../workspace/session.ts";
import { readLoad } from "./read-load.ts";
import { sharedLines } from "./shared-lines.ts";
import { waitOutNewRole } from "./wait-out-new-role.ts";

/** The outside of a pass, as a process opens it. */
export interface OpenClients extends Clients {
  /** Shows what CloudWatch knows of the run's model, at most once an interval. */
  showLoad(everyMs: number): Promise<void>;
  /** Opens the services anew: a client keeps the credentials that it once read. */
  renew(): Promise<void>;
  close(): Promise<void>;
}

/** How jobs are looked for that are not listed. The local service is consistent, unless a fault is planted. */
export const looks = {
  aws: { count: 3, youngMs: 60_000, pauseMs: 10_000 },
  local: { count: 3, youngMs: 0, pauseMs: 250 },
} as const;

/** Opens the clients that a run works with. Close them after use. */
export async function openClients(
  session: Session,
  ledger: Ledger,
  run: RunFile,
  expected: Pick<JobProgress, "expectedInputTokens" | "expectedCostUsd">,
): Promise<OpenClients> {
  const { connection, nowMs, onProgress } = session;
  let jobs: JobService = waitOutNewRole(openJobService(connection), session);
  let storage: ObjectStorage = openObjectStorage(connection);
  let load: JobLoad | undefined;
  let loadAt = -Infinity;
  const show = (progress: JobProgress): void => onProgress({ ...progress, ...expected, ...defined({ load }) });
  let models: ModelService | undefined;
  const close = async (): Promise<void> => {
    jobs.close();
    storage.close();
    models?.close();
  };
  return {
    ledger,
    nowMs,
    lines: (jobRun) =>
      session.config.shared === undefined
        ? diskLines(jobRun, () => storage)
        : sharedLines(session, jobRun, () => storage),
    publish: ({ runId }, name) => publishRun(runPaths(session.config.workspace, runId), name),
    unknownLooks: { ...looks[run.origin.kind], pause: () => session.sleep(looks[run.origin.kind].pauseMs) },
    onProgress: show,
    async showLoad(everyMs) {
      if (nowMs() - loadAt < everyMs) return;
      loadAt = nowMs();
      load = await readLoad(session, run);
      show({ shards: readShards(ledger, run.id) });
    },
    get jobs() {
      return jobs;
    },
    get storage() {
      return storage;
    },
    openModels() {
      models ??= openModelService(connection);
      return models;
    },
    async renew() {
      await close();
      models = undefined;
      jobs = waitOutNewRole(openJobService(connection), session);
      storage = openObjectStorage(connection);
    },
    close,
  };
}
