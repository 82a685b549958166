import { explainJob, nameRun, notCounted } from "../explanations/explain.ts";
import { isCounted } from "../foundation/counts.ts";
import { defined } from "../foundation/defined.ts";
import { hasEndpoint } from "../foundation/endpoint.ts";
import type { HalfpriceError } from "../foundation/errors/index.ts";
import type { Explanation, Origin } from "../foundation/types/index.ts";
import type { JobLoad, JobProgress } from "../jobs/job-run.ts";
import { type AskedJobs, askJobs, hasOpenJobs } from "../run/clients/ask-jobs.ts";
import { readRunLoad } from "../run/clients/read-load.ts";
import type { Session } from "../workspace/session.ts";
import { showRun as readShown, type ShownRun } from "../workspace/show-run.ts";
import type { SessionOptions } from "./batch-options.ts";
import { inLibrarySession, inWorkspace } from "./library-session.ts";
import { refuseUnknownOptions } from "./option-names.ts";
import { type JobsEvent, makeJobsEvents } from "./progress-events.ts";

/** What is shown of a run. */
export interface ShowRunOptions extends SessionOptions {
  /**
   * Asks the service, and not the ledger alone, how the jobs are that are under way, where it can be reached: a simulation is asked only where
   * a local service is named. @defaultValue false
   */
  readonly ask?: boolean;
}

/** Everything that is known about a run. */
export interface RunView extends ShownRun {
  /** How far it is. */
  readonly progress: JobsEvent;
  /** What the service said, where it was asked: `shards` are as it has them. */
  readonly asked?: AskedService;
  /** What the model has to do in the account, where it was asked for. */
  readonly load?: JobLoad;
  /** Why jobs did not end well, by their ARNs; what has a summary says it there. */
  readonly ends: Readonly<Record<string, Explanation>>;
  /** What it means that jobs that ended have no counts; absent where all have some. */
  readonly uncounted?: string;
}

/** What the service said of jobs that were under way. */
export interface AskedService {
  /** Jobs that it does not know, and their indexes. */
  readonly unknown?: HalfpriceError;
  readonly unknownIndexes: readonly number[];
  /** Why it could not be asked. */
  readonly problem?: string;
}

/**
 * A run as it is now: its row in the ledger, its files, plan, jobs and money. Changes nothing.
 * @param wanted the run's id, the start of one, or its name
 * @throws UNKNOWN_RUN, AMBIGUOUS_RUN; RUN_DAMAGED, RUN_CLEANED where its files are broken or gone
 */
export async function showRun(wanted: string, options: ShowRunOptions = {}): Promise<RunView> {
  refuseUnknownOptions(options, ["ask"], "showRun");
  const shown = await inWorkspace(options, (config) => readShown({ config }, wanted));
  const isAsked = options.ask === true && mayBeAsked(shown, options);
  const { asked, load }: Asked = isAsked ? await askInSession(shown, options) : {};
  const now = asked === undefined ? shown : { ...shown, shards: withAsked(shown.shards, asked) };
  return {
    ...now,
    progress: makeJobsEvents(Date.now)(toProgress(now, load)),
    ...(await explainEnds(now)),
    ...defined({ load, asked: asked && toAskedService(asked) }),
  };
}

const toAskedService = ({ unknown, unknownIndexes, problem }: AskedJobs): AskedService => ({
  unknownIndexes,
  ...defined({ unknown, problem }),
});

/** Whether there is something to ask the service of a run, and it can be asked. */
export function mayBeAsked({ row, shards }: Pick<ShownRun, "row" | "shards">, options: SessionOptions): boolean {
  return shards.some(({ state }) => state === "submitted") && isReachable(row.origin, options);
}

function isReachable({ kind }: Origin, { local, endpointUrl }: SessionOptions): boolean {
  return kind === "aws" || local === true || endpointUrl !== undefined || hasEndpoint();
}

/** What the service says of a run's jobs, and of its model. */
export interface Asked {
  readonly asked?: AskedJobs;
  readonly load?: JobLoad;
}

async function askInSession(shown: ShownRun, options: SessionOptions): Promise<Asked> {
  return inLibrarySession({ region: shown.row.origin.region, ...options }, (session) => askService(session, shown));
}

/** Asks the service how a run's jobs are, and what its model has to do. Changes nothing. */
export async function askService(session: Session, { row, run, shards }: ShownRun): Promise<Asked> {
  if (!hasOpenJobs(shards)) return {};
  return { asked: await askJobs(session, row, shards), load: await readRunLoad(session, run) };
}

/** The shards as the service says that they are. */
export function withAsked(shards: ShownRun["shards"], { found }: AskedJobs): ShownRun["shards"] {
  return shards.map((shard) => {
    const job = found.get(shard.index);
    if (job === undefined || shard.attempt === undefined) return shard;
    const { status, message, counts } = job;
    return { ...shard, attempt: { ...shard.attempt, status, message, counts: counts ?? shard.attempt.counts } };
  });
}

/** What the progress of a run is made of. */
export function toProgress(
  { plan, shards }: Pick<ShownRun, "plan" | "shards">,
  load: JobLoad | undefined,
): JobProgress {
  return {
    shards,
    expectedInputTokens: plan.inputTokens.expected,
    ...defined({ expectedCostUsd: plan.costUsd?.expected, load }),
  };
}

async function explainEnds({ row, shards }: ShownRun): Promise<Pick<RunView, "ends" | "uncounted">> {
  const attempts = shards.flatMap(({ attempt }) => attempt ?? []);
  const isUncounted = attempts.some(({ endedAt, counts }) => endedAt !== undefined && !isCounted(counts));
  const isClear = attempts.every(
    ({ status, message, counts }) =>
      status === undefined || (status === "Completed" && message === undefined && (counts?.success ?? 0) > 0),
  );
  // Nothing to explain, and so nothing to load.
  if (isClear && !isUncounted) return { ends: {} };
  const ends = attempts.flatMap(({ jobArn, status, message, counts, manifest }) => {
    // A finished run's ends are explained with its outcomes.
    if (jobArn === undefined || status === undefined || row.summary?.jobEnds !== undefined) return [];
    const found = explainJob({ status, message, counts, hasOutput: manifest !== undefined });
    return found === undefined ? [] : [[jobArn, nameRun(found, row.id)] as const];
  });
  return { ends: Object.fromEntries(ends), ...defined({ uncounted: isUncounted ? notCounted.cause : undefined }) };
}
