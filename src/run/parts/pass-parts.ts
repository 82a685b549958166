import type { ObjectStorage } from "../../aws/s3.ts";
import { type HalfpriceError, isError } from "../../foundation/errors/index.ts";
import type { JobRun } from "../../jobs/job-run.ts";
import { reconcile } from "../../jobs/reconcile.ts";
import type { Ledger } from "../../ledger/open-ledger.ts";
import { readPartJobs, readParts, recordJoinedPart } from "../../ledger/parts.ts";
import { findRun, recordRun } from "../../ledger/runs.ts";
import { readShards, type ShardRow } from "../../ledger/shards.ts";
import { checkSpending } from "../../workspace/check-spending.ts";
import { filesOf } from "../../workspace/files/shared-workspace.ts";
import { joinedFile, partFolder, preparedFile, readJoined, readPrepared } from "../../workspace/part-files.ts";
import type { RunFile } from "../../workspace/run-file.ts";
import { runPaths } from "../../workspace/run-folder.ts";
import type { Session } from "../../workspace/session.ts";
import type { OpenClients } from "../clients/open-clients.ts";
import { toJobRun } from "../start-and-resume/to-job-run.ts";
import { dropPartFiles } from "./drop-part-files.ts";
import { ifAllowed } from "./if-allowed.ts";
import { hasEnded, type PartState, readPartStates } from "./part-states.ts";

/** What a pass over the parts of a run came to. */
export interface PartsPass {
  readonly states: readonly PartState[];
  /** Jobs of all parts that the ledger knows and that are not joined. */
  readonly shards: readonly ShardRow[];
  /** Those of them that the service does not know. */
  readonly unknown: readonly ShardRow[];
  /** Why a part that is prepared is not sent: it may cost more than is left; undefined where nothing stands in the way. */
  readonly barred: HalfpriceError | undefined;
  /** Records on demand are left that could be asked at once. */
  readonly isAsking: boolean;
}

/** A run in parts, as passes over it see it. */
export interface PartsWork {
  readonly session: Session;
  readonly ledger: Ledger;
  readonly clients: OpenClients;
  readonly run: RunFile;
  /** False once the run was stopped. */
  readonly mayStart: () => boolean;
}

/**
 * One pass over a run in parts, by the one process that writes the ledger: records the parts that are prepared and joined, makes
 * jobs as far as there are slots, and looks at those under way. What has ended is left to whoever joins it.
 * @param isDue false where jobs were looked at a moment ago: only what is new is sent
 * @throws SERVICE_REFUSED, UNREACHABLE, CREDENTIALS_REFUSED
 */
export async function passParts(work: PartsWork, isDue = true): Promise<PartsPass> {
  const { session, ledger, clients, run, mayStart } = work;
  const { workspace } = session.config;
  const count = run.partCount ?? 0;
  await filesOf(workspace).fetch(partFolder(run.id), (path) => path.endsWith(".json"));
  let barred: HalfpriceError | undefined;
  for (const state of readPartStates(ledger, workspace, run.id, count).filter(({ isNews }) => isNews)) {
    if (state.runId === undefined && barred === undefined && mayStart()) barred = await recordPart(work, state);
    if (state.step === "done") await recordJoined(work, state);
  }
  let isAsking = false;
  for (const { runId, isJoined } of readParts(ledger, run.id)) {
    if (isJoined) continue;
    const shards = readShards(ledger, runId);
    const isNew = shards.some(({ state }) => state === "waiting");
    if (shards.every(hasEnded) || !(isDue || isNew)) continue;
    await bringLines(work, runId, shards);
    const pass = await reconcile(toPartJobRun(work, runId), clients, { mayStart: mayStart(), isFetching: false });
    isAsking ||= pass.isAsking;
    if (pass.shards.some(({ lane, state }) => lane === "on_demand" && state !== "waiting"))
      await filesOf(workspace).publish(`runs/${runId}/output`);
  }
  const open = readParts(ledger, run.id).filter(({ isJoined }) => !isJoined);
  const shards = open.flatMap(({ runId }) => readShards(ledger, runId));
  if (shards.length > 0) session.onProgress({ shards });
  const unknown = shards.filter(({ closed }) => closed === "unknown");
  return { states: readPartStates(ledger, workspace, run.id, count), shards, unknown, barred, isAsking };
}

/** The jobs of a part: those of its run's plan, in its run's place; slots are shared with the other parts. */
export function toPartJobRun({ session, ledger, run }: PartsWork, runId: string): JobRun {
  const { workspace } = session.config;
  return {
    ...toJobRun(runPaths(workspace, run.id), run),
    ...{ runId, directory: runPaths(workspace, runId).directory },
    isUploaded: true,
    otherParts: () => readPartJobs(ledger, run.id),
  };
}

/** What goes on demand is asked here: its lines have to be. */
async function bringLines({ session }: PartsWork, runId: string, shards: readonly ShardRow[]): Promise<void> {
  if (!shards.some(({ lane, state }) => lane === "on_demand" && state !== "collected")) return;
  await filesOf(session.config.workspace).fetch(`runs/${runId}/input`);
}

/**
 * Writes a part that is prepared into the ledger, where its run has room for it: what all parts have cost and may still cost is one sum.
 * @returns what stands against it
 */
async function recordPart(
  { session, ledger, run }: PartsWork,
  { part, attempt }: PartState,
): Promise<HalfpriceError | undefined> {
  const { workspace } = session.config;
  const prepared = readPrepared(workspace, preparedFile(run.id, part, attempt));
  if (prepared === undefined) return undefined;
  const own = prepared.run;
  try {
    await recordRun(ledger, own, () => {
      if (findRun(ledger, own.id) !== undefined) return "known";
      if (own.recordCount > 0) checkSpending(workspace, ledger, run, own.estimateUsd?.high);
      return undefined;
    });
    return undefined;
  } catch (error) {
    if (isError(error, "MAX_COST", "PRICE_UNKNOWN")) return error;
    throw error;
  }
}

async function removeObjects(storage: ObjectStorage, { place, origin }: RunFile, runId: string): Promise<void> {
  if (place === undefined) return;
  const objects = await storage.list(place.bucket, `${place.prefix}runs/${runId}/`);
  await ifAllowed(() =>
    storage.remove(
      place.bucket,
      objects.map(({ key }) => ({ key })),
      origin.accountId,
    ),
  );
}

async function recordJoined({ session, ledger, clients, run }: PartsWork, { part, attempt }: PartState): Promise<void> {
  const { workspace } = session.config;
  const joined = readJoined(workspace, joinedFile(run.id, part, attempt));
  if (joined === undefined || findRun(ledger, joined.runId) === undefined) return;
  await recordJoinedPart(ledger, joined.runId, joined.shards, joined.summary, session.nowMs());
  await dropPartFiles(workspace, joined.runId);
  if (run.removesJoined === true) await removeObjects(clients.storage, run, joined.runId);
}
