import type { Config } from "../../config/read-config.ts";
import { defined } from "../../foundation/defined.ts";
import { hasEndpoint } from "../../foundation/endpoint.ts";
import { isError } from "../../foundation/errors/index.ts";
import { isSameOrigin } from "../../foundation/origin.ts";
import type { Origin } from "../../foundation/types/index.ts";
import type { RunRow } from "../../ledger/runs.ts";
import { type CleanedRuns, cleanRuns } from "../../workspace/clean-runs.ts";
import { type Draft, listDrafts as findDrafts, removeDrafts } from "../../workspace/drafts.ts";
import { listRemains, type Remains, removeLocalData } from "../../workspace/list-remains.ts";
import { type CleanPlan, planClean, readEndpoint } from "../../workspace/plan-clean.ts";
import { hasLedger, openWorkspace } from "../../workspace/session.ts";
import { findRunRow, listRuns } from "../../workspace/show-run.ts";
import type { SessionOptions } from "../batch-options.ts";
import { inLibrarySession, inWorkspace } from "../library-session.ts";
import { refuseUnknownOptions } from "../option-names.ts";

/** What is cleaned. */
export interface CleanOptions extends SessionOptions {
  /** A run's id, the start of one, or its name. @defaultValue every run of this account that has ended */
  readonly run?: string;
  /** Leaves the tables and reports in the workspace. @defaultValue false */
  readonly keepResults?: boolean;
  /** Asked before anything is removed; without it nothing is, and the plans are what would be. */
  readonly confirm?: (plans: readonly CleanPlan[]) => boolean | Promise<boolean>;
}

/** What was removed, or would be. */
export interface CleanReport extends CleanedRuns {
  readonly plans: readonly CleanPlan[];
}

/**
 * Removes what runs have left in S3 and on disk. Removes nothing unless `confirm` says yes. What a run has cost stays known.
 * @throws UNKNOWN_RUN, AMBIGUOUS_RUN, RUN_UNFINISHED, RUN_AWAITED, WRONG_ORIGIN
 */
export async function clean(options: CleanOptions = {}): Promise<CleanReport> {
  refuseUnknownOptions(options, ["run", "keepResults", "confirm"], "clean");
  const { run, keepResults = false, confirm } = options;
  return inLibrarySession(options, async (session) => {
    const ids = run === undefined ? undefined : [(await findRunRow(session, run)).id];
    const plans = await planClean(session, ids, keepResults);
    const isYes = confirm !== undefined && plans.length > 0 && (await confirm(plans));
    if (!isYes) return { plans, removed: [], left: [] };
    return { plans, ...(await cleanRuns(session, plans)) };
  });
}

/** What of a whole workspace is cleaned. */
export interface CleanWorkspaceOptions extends SessionOptions {
  /** A run's id, the start of one, or its name: then drafts and data of the local service stay. @defaultValue every run that has ended */
  readonly run?: string;
  readonly keepResults?: boolean;
  /** Asked before anything is removed, also where there is nothing; without it, or where it says no, nothing is. */
  readonly confirm?: (left: LeftBehind) => boolean | Promise<boolean>;
}

/** What runs and plans have left. */
export interface LeftBehind {
  readonly plans: readonly CleanPlan[];
  /** Copies of tables that plans have left, and no process is at work on. */
  readonly drafts: readonly Draft[];
}

/** What was removed of a workspace, or would be, and what remains. */
export interface WorkspaceCleanReport extends CleanReport {
  /** Those that are gone; where nothing is removed, those that would be. */
  readonly drafts: readonly Draft[];
  /** Drafts that another process is at work on: they stay. */
  readonly draftsInUse: readonly Draft[];
  readonly isLocalDataRemoved: boolean;
  readonly remains: readonly Remains[];
  /** The one place of all that is removed, else of all runs that were looked at; absent where there are several, or none. */
  readonly origin?: Origin;
}

/**
 * Removes what the runs of a workspace have left at every service that they are at, the copies that plans have made, and the data of the
 * workspace's local service where no run on it is under way. Removes nothing unless `confirm` says yes.
 * @throws what `clean` throws; UNREACHABLE where the one service of the runs does not answer
 */
export async function cleanWorkspace(options: CleanWorkspaceOptions = {}): Promise<WorkspaceCleanReport> {
  refuseUnknownOptions(options, ["run", "keepResults", "confirm"], "cleanWorkspace");
  return inWorkspace(options, (config) => cleanAll(config, options));
}

async function cleanAll(config: Config, options: CleanWorkspaceOptions): Promise<WorkspaceCleanReport> {
  const { run, confirm = () => false } = options;
  const ledger = await openWorkspace(config);
  try {
    const isNamed = run !== undefined;
    const rows = isNamed ? [await findRunRow({ config }, run)] : await listRuns({ config });
    const all = isNamed ? [] : findDrafts(config.workspace, ledger);
    const drafts = all.filter(({ isInUse }) => !isInUse);
    const services = await findServices(options, config.endpointUrl, config.workspace, rows);
    const { plans, silent, works } = await planServices(services, options);
    const isYes = await confirm({ plans, drafts });
    const done: CleanedRuns[] = [];
    if (isYes) for (const work of works) done.push(await work());
    const isWhole = isYes && !isNamed;
    const gone = isWhole ? removeDrafts(config.workspace, ledger) : [];
    const isLocalDataRemoved = isWhole ? await removeLocalData(config, ledger) : false;
    return {
      plans,
      removed: done.flatMap(({ removed }) => removed),
      left: [...silent, ...done.flatMap(({ left }) => left)],
      drafts: isYes ? gone : drafts,
      draftsInUse: all.filter(({ isInUse }) => isInUse),
      isLocalDataRemoved,
      remains: await listRemains(config, ledger),
      // Of what is removed; where nothing is, of the workspace's runs, if they are all at one place.
      ...defined({ origin: plans[0]?.origin ?? (await findOnlyOrigin(rows)) }),
    };
  } finally {
    ledger.close();
  }
}

/** The drafts of a workspace, the oldest first: plans that no run was made of. */
export async function listDrafts(options: SessionOptions = {}): Promise<readonly Draft[]> {
  refuseUnknownOptions(options, [], "listDrafts");
  return inWorkspace(options, async (config) => {
    if (!hasLedger(config)) return [];
    const ledger = await openWorkspace(config);
    try {
      return findDrafts(config.workspace, ledger);
    } finally {
      ledger.close();
    }
  });
}

/** The one place of all. */
async function findOnlyOrigin(rows: readonly RunRow[]): Promise<Origin | undefined> {
  const [first, ...others] = rows.map(({ origin }) => origin);
  return first !== undefined && others.every((each) => isSameOrigin(each, first)) ? first : undefined;
}

/** A service, and the runs that are at it. */
interface Service {
  readonly options: SessionOptions;
  readonly runIds: readonly string[];
}

/**
 * How each service is reached that the runs are at. Where nobody names one, local runs need no `local`, and those of a local
 * service elsewhere no `endpointUrl`: their files say where they are.
 * @returns none where there is no run, and nobody to ask
 */
async function findServices(
  options: SessionOptions,
  configured: string | undefined,
  workspace: string,
  rows: readonly RunRow[],
): Promise<readonly Service[]> {
  const runIds = rows.map(({ id }) => id);
  if (rows.length === 0) return [];
  if (options.local === true || configured !== undefined || hasEndpoint()) return [{ options, runIds }];
  const services = new Map<string, { options: SessionOptions; runIds: string[] }>();
  for (const { id, origin } of rows) {
    const endpointUrl = origin.kind === "local" ? readEndpoint(workspace, id) : undefined;
    const own = endpointUrl === undefined ? { local: true } : { endpointUrl };
    const reached = origin.kind === "local" ? { ...options, region: origin.region, ...own } : options;
    const key = origin.kind === "local" ? `${origin.region} ${endpointUrl}` : "aws";
    const service = services.get(key) ?? { options: reached, runIds: [] };
    services.set(key, service);
    service.runIds.push(id);
  }
  return [...services.values()];
}

interface PlannedServices {
  readonly plans: readonly CleanPlan[];
  /** Runs whose service does not answer. */
  readonly silent: CleanedRuns["left"];
  readonly works: readonly (() => Promise<CleanedRuns>)[];
}

/** Plans what is removed at each service. Without a run nothing is asked of any. */
async function planServices(
  services: readonly Service[],
  { run, keepResults = false }: CleanWorkspaceOptions,
): Promise<PlannedServices> {
  const plans: CleanPlan[] = [];
  const silent: CleanedRuns["left"][number][] = [];
  const works: (() => Promise<CleanedRuns>)[] = [];
  for (const { options, runIds } of services) {
    try {
      const found = await inLibrarySession(options, (session) =>
        planClean(session, run === undefined ? undefined : runIds, keepResults, runIds),
      );
      plans.push(...found);
      if (found.length > 0) works.push(() => inLibrarySession(options, (session) => cleanRuns(session, found)));
    } catch (error) {
      if (run !== undefined || services.length === 1 || !isError(error, "UNREACHABLE")) throw error;
      const reason = `the service at ${options.endpointUrl ?? "AWS"} does not answer`;
      silent.push(...runIds.map((runId) => ({ runId, reason })));
    }
  }
  return { plans, silent, works };
}
