import type { ModelService } from "../aws/bedrock-runtime.ts";
import { HalfpriceError } from "../errors.ts";
import type { PassResult } from "../jobs/advance.ts";
import type { JobProgress, JobRun } from "../jobs/job-run.ts";
import type { Ledger } from "../ledger/open-ledger.ts";
import type { RunRow } from "../ledger/runs.ts";
import { needsPlace } from "./check-run-plan.ts";
import { type FinishedRun, finishRun } from "./finish-run.ts";
import { readPlanFile, readRunFile, runPaths } from "./run-directory.ts";
import { identify, openWorkspace, type Session, self, toOrigin } from "./session.ts";

export type WorkMode =
  /** Until the table is written. */
  | "follow"
  /** One pass: fetch what ended, start what slots allow. */
  | "once"
  /** Ask the service to stop the jobs, then collect what there is. */
  | "stop";

/** What work on a run came to. */
export interface WorkedRun {
  /** Undefined where jobs are still under way. */
  readonly finished: FinishedRun | undefined;
  readonly pass: PassResult;
}

/** Jobs take minutes to hours; a job on the local service lives on a hurried clock. */
const pollMs = { aws: { shortest: 15_000, longest: 60_000 }, local: { shortest: 100, longest: 1_000 } } as const;

/**
 * Takes a run up from wherever it is: the same for the process that started it and for any later one.
 * @throws WRONG_ORIGIN, RUN_BUSY, SERVICE_REFUSED, UNREACHABLE, CREDENTIALS_REFUSED, DISK
 */
export async function workRun(session: Session, id: string, mode: WorkMode): Promise<WorkedRun> {
  const { config, connection, nowMs, sleep, onProgress, onTrouble } = session;
  const ledger = await openWorkspace(config);
  const [{ findRun, recordRunState }, { readShards }, { claimRun, releaseRun }] = await Promise.all([
    import("../ledger/runs.ts"),
    import("../ledger/shards.ts"),
    import("../ledger/claim-run.ts"),
  ]);
  try {
    const row = findRun(ledger, id);
    if (row === undefined) throw new HalfpriceError("UNKNOWN_RUN", { run: id, workspace: config.workspace });
    await checkOrigin(session, row);
    const isFollowed = mode === "stop" && isBusy(() => claimRun(ledger, id, self, nowMs()));
    if (mode !== "stop") claimRun(ledger, id, self, nowMs());
    const [{ openJobService }, { openObjectStorage }, { advance }, { follow }, { stopJobs }] = await Promise.all([
      import("../aws/bedrock.ts"),
      import("../aws/s3.ts"),
      import("../jobs/advance.ts"),
      import("../jobs/follow.ts"),
      import("../jobs/stop-jobs.ts"),
    ]);
    const jobRun = toJobRun(config.workspace, row);
    const expectedInputTokens = readPlanFile(runPaths(config.workspace, id)).inputTokens.expected;
    let models: Promise<ModelService> | undefined;
    const outside = {
      ledger,
      jobs: openJobService(connection),
      storage: openObjectStorage(connection),
      openModels: () => {
        models ??= import("../aws/bedrock-runtime.ts").then(({ openModelService }) => openModelService(connection));
        return models;
      },
      nowMs,
      onProgress: (progress: JobProgress) => onProgress({ ...progress, expectedInputTokens }),
    };
    try {
      if (mode === "stop") {
        recordRunState(ledger, id, "stopped", nowMs());
        // The process that follows the run sees that it was stopped, starts nothing more, and collects what there is.
        if (isFollowed) {
          await stopJobs(jobRun, outside);
          const shards = readShards(ledger, id);
          const pendingCount = shards.filter(({ state }) => state === "submitted").length;
          return { finished: undefined, pass: { pendingCount, shards, isAsking: false } };
        }
        await advance(jobRun, outside, false);
        await stopJobs(jobRun, outside);
      }
      const mayStart = (): boolean => findRun(ledger, id)?.state !== "stopped";
      const poll = pollMs[row.origin.kind];
      const pass =
        mode === "once"
          ? await advance(jobRun, outside, mayStart())
          : await follow(jobRun, outside, {
              sleep,
              shortestPollMs: poll.shortest,
              longestPollMs: poll.longest,
              mayStart,
              onPass: () => claimRun(ledger, id, self, nowMs()),
              onTrouble,
            });
      if (pass.pendingCount > 0) return { finished: undefined, pass };
      return { finished: await finishRun(session, ledger, id), pass };
    } finally {
      (await models)?.close();
      outside.jobs.close();
      outside.storage.close();
      releaseRun(ledger, id, self);
    }
  } finally {
    ledger.close();
  }
}

/** Whether a claim is refused because another process works on the run. */
function isBusy(claim: () => void): boolean {
  try {
    claim();
    return false;
  } catch (error) {
    if (error instanceof HalfpriceError && error.code === "RUN_BUSY") return true;
    throw error;
  }
}

async function checkOrigin(session: Session, row: RunRow): Promise<void> {
  const show = ({ kind, accountId, region }: RunRow["origin"]): string =>
    kind === "local" ? `the local service (${region})` : `account ${accountId} in ${region}`;
  const origin = toOrigin(await identify(session));
  const isSame = (["kind", "accountId", "region"] as const).every((part) => origin[part] === row.origin[part]);
  if (!isSame) {
    throw new HalfpriceError("WRONG_ORIGIN", { runId: row.id, runOrigin: show(row.origin), origin: show(origin) });
  }
}

function toJobRun(workspace: string, row: RunRow): JobRun {
  const paths = runPaths(workspace, row.id);
  const run = readRunFile(paths);
  const plan = readPlanFile(paths);
  const { bucket = "", prefix = "", roleArn = "" } = run.place ?? {};
  if (bucket === "" && needsPlace(plan)) {
    throw new Error(`the run ${row.id} has jobs, but ${paths.runFile} has no place for them`);
  }
  return {
    runId: run.id,
    name: run.name,
    directory: paths.directory,
    createdAt: run.createdAt,
    bucket,
    prefix,
    roleArn,
    accountId: run.origin.accountId,
    modelId: run.model.invokeId,
    invocation: run.invocation,
    timeoutHours: run.timeoutHours,
    tags: run.tags,
    maxJobsInFlight: plan.limits.maxJobsInFlight,
  };
}

/** The run that a full id, the start of one, or a name means. @throws UNKNOWN_RUN, AMBIGUOUS_RUN */
export async function getRun(ledger: Ledger, workspace: string, wanted: string): Promise<RunRow> {
  const [{ readRuns }, { findNearest }] = await Promise.all([
    import("../ledger/runs.ts"),
    import("../nearest-name.ts"),
  ]);
  const runs = readRuns(ledger);
  const exact = runs.find(({ id }) => id === wanted);
  if (exact !== undefined) return exact;
  const matches = runs.filter(({ id, name }) => id.startsWith(wanted) || name === wanted);
  const [only] = matches;
  if (only === undefined) {
    const nearest = findNearest(
      wanted,
      runs.flatMap(({ id, name }) => [id, name]),
    );
    throw new HalfpriceError("UNKNOWN_RUN", { run: wanted, workspace, nearest });
  }
  if (matches.length > 1)
    throw new HalfpriceError("AMBIGUOUS_RUN", { run: wanted, matches: matches.map(({ id }) => id) });
  return only;
}
