import { rmSync } from "node:fs";
import { join } from "node:path";
import { openObjectStorage } from "../../aws/s3.ts";
import { crashPoint } from "../../foundation/crash-point.ts";
import { isError } from "../../foundation/errors/index.ts";
import type { Plan } from "../../foundation/types/index.ts";
import { makeJobNames } from "../../jobs/job-names.ts";
import type { NewRun } from "../../ledger/runs.ts";
import { plannedLines } from "../../ledger/shards.ts";
import { checkPlan } from "../../plan/check-plan.ts";
import { filesOf } from "../../workspace/files/shared-workspace.ts";
import {
  type JoinedPart,
  joinedFile,
  type PreparedPart,
  preparedFile,
  readPrepared,
} from "../../workspace/part-files.ts";
import type { RunFile, RunPlace } from "../../workspace/run-file.ts";
import { makeRunId, readPlanFile, readRunFile, runPaths } from "../../workspace/run-folder.ts";
import type { Session } from "../../workspace/session.ts";
import type { RunRequest } from "../plan/choose-model.ts";
import { dropDraft, type PlannedRun, planRun } from "../plan/plan-run.ts";
import { makeNewRun, promote } from "../start-and-resume/start-run.ts";
import { emptySummary } from "./add-summaries.ts";
import { ifAllowed } from "./if-allowed.ts";
import { readAttempts } from "./part-attempts.ts";
import { getSlice, type PartSlice, readPartList } from "./part-list.ts";
import { pinRun } from "./pinned.ts";
import { publishText } from "./publish-text.ts";
import { readSavedRequest } from "./saved-request.ts";

/** What preparing a part came to. */
export interface PreparedNow {
  readonly part: number;
  /** The run that does it. */
  readonly runId: string;
  readonly rowCount: number;
  readonly recordCount: number;
  readonly jobCount: number;
  /** Another process has prepared it, now or before. */
  readonly wasThere: boolean;
}

/**
 * Prepares a part of a run: takes its files, renders their requests, leaves out what is answered, and uploads the lines of its jobs. It can
 * be done anywhere, twice, at once, and killed: the last step says which run does the part, and only the first to take it does. The ledger
 * is read and never written; nothing is sent.
 * @param request what the run was asked to do, where its prompt is a function of this program
 * @throws what planRun throws; TOO_FEW_RECORDS, BAD_OPTIONS, SOURCE_CHANGED, RUN_DAMAGED; SERVICE_REFUSED, UNREACHABLE
 */
export async function preparePart(
  session: Session,
  parentId: string,
  part: number,
  request?: RunRequest,
): Promise<PreparedNow> {
  const { workspace } = session.config;
  const files = filesOf(workspace);
  await files.fetch(`runs/${parentId}`, (path) => path.endsWith(".json"));
  const paths = runPaths(workspace, parentId);
  const list = readPartList(paths, parentId);
  const slice = getSlice(list, part);
  const attempt = readAttempts(workspace, parentId).get(part) ?? 1;
  const target = preparedFile(parentId, part, attempt);
  const before = readPrepared(workspace, target);
  if (before !== undefined) return toResult(part, before, true);
  const parent = readRunFile(paths);
  const plan = readPlanFile(paths);
  const asked = request ?? (await readSavedRequest(paths, parentId));
  const own: RunRequest = {
    ...asked,
    name: parent.name,
    files: { list: slice.files, pathNames: list.pathNames },
    partOf: { runId: parentId, part, attempt },
  };
  const planned = await planPart(session, own, parent, plan);
  if (planned === undefined) return prepareEmpty(session, parent, slice, attempt);
  try {
    checkPlan(planned.plan, `part ${part} of ${parent.table.shownPath}`);
    await promote(planned, parent.place, parent.endpointUrl);
    await uploadLines(session, parent, planned);
    dropLines(planned);
    await files.publish(`runs/${planned.run.id}`);
    const prepared: PreparedPart = { version: 1, run: makeNewRun(planned, undefined) };
    crashPoint("part not announced");
    if (await publishText(session, target, prepared)) return toResult(part, prepared, false);
    await dropLoser(session, parent, planned);
    return toResult(part, readPrepared(workspace, target) ?? prepared, true);
  } catch (error) {
    if (readPrepared(workspace, target)?.run.id !== planned.run.id) dropDraft(planned);
    throw error;
  }
}

/** @returns undefined where the part's files have no rows */
async function planPart(
  session: Session,
  request: RunRequest,
  parent: RunFile,
  plan: Plan,
): Promise<PlannedRun | undefined> {
  try {
    return await planRun(session, request, { pinned: pinRun(parent, plan) });
  } catch (error) {
    if (isError(error, "EMPTY_TABLE")) return undefined;
    throw error;
  }
}

/** Files without rows are common in a lake: nothing is sent for them, and there is nothing to join. */
async function prepareEmpty(
  session: Session,
  parent: RunFile,
  { part }: PartSlice,
  attempt: number,
): Promise<PreparedNow> {
  const id = makeRunId(session.nowMs(), session.random);
  const run: NewRun = {
    ...{ id, name: parent.name, fingerprint: parent.fingerprint, origin: parent.origin, createdAt: session.nowMs() },
    ...{ modelLabel: parent.model.label, rowCount: 0, recordCount: 0, outputPath: undefined },
    ...{ estimateUsd: { low: 0, expected: 0, high: 0 }, shards: [], partOf: parent.id, part },
  };
  const isFirst = await publishText(session, preparedFile(parent.id, part, attempt), { version: 1, run });
  const { workspace } = session.config;
  const kept = readPrepared(workspace, preparedFile(parent.id, part, attempt))?.run ?? run;
  const joined: JoinedPart = { version: 1, runId: kept.id, summary: emptySummary, shards: [] };
  await publishText(session, joinedFile(parent.id, part, attempt), joined);
  return toResult(part, { version: 1, run: kept }, !isFirst);
}

/** Puts the lines of every job where the job will read them: whoever submits has no more to do than to make it. */
async function uploadLines(session: Session, { place, origin }: RunFile, planned: PlannedRun): Promise<void> {
  const jobs = planned.plan.shards.filter(({ lane }) => lane === "batch");
  if (place === undefined || jobs.length === 0) return;
  const storage = openObjectStorage(session.connection);
  try {
    for (const shard of jobs) {
      session.onStep(`uploading ${shard.index + 1} of ${jobs.length}`);
      const { inputKey } = makeJobNames(toPlace(planned, place), shard.index, 1);
      await storage.upload(join(planned.paths.directory, plannedLines), place.bucket, inputKey, {
        accountId: origin.accountId,
        fromByte: shard.fromByte,
        sizeBytes: shard.sizeBytes,
        kmsKey: place.kmsKey,
        onProgress: () => undefined,
      });
    }
  } finally {
    storage.close();
  }
}

/** What is uploaded is where it is read; what goes on demand is read here, and so are lines that a job may have to be made of. */
function dropLines({ plan, paths, run }: PlannedRun): void {
  if (run.hasMedia === true || plan.shards.some(({ lane }) => lane !== "batch")) return;
  rmSync(join(paths.directory, plannedLines), { force: true });
}

const toPlace = (
  { run }: PlannedRun,
  { bucket, prefix }: RunPlace,
): { runId: string; name: string; bucket: string; prefix: string } => ({
  ...{ runId: run.id, name: run.name, bucket, prefix },
});

/** Another process was first: what this one made is removed. Objects that may not be removed are of no run, and do no harm. */
async function dropLoser(session: Session, { place, origin }: RunFile, planned: PlannedRun): Promise<void> {
  dropDraft(planned);
  await filesOf(session.config.workspace).remove(`runs/${planned.run.id}`);
  const jobs = planned.plan.shards.filter(({ lane }) => lane === "batch");
  if (place === undefined || jobs.length === 0) return;
  const storage = openObjectStorage(session.connection);
  const keys = jobs.map(({ index }) => ({ key: makeJobNames(toPlace(planned, place), index, 1).inputKey }));
  await ifAllowed(() => storage.remove(place.bucket, keys, origin.accountId)).finally(() => storage.close());
}

const toResult = (part: number, { run }: PreparedPart, wasThere: boolean): PreparedNow => ({
  part,
  runId: run.id,
  rowCount: run.rowCount,
  recordCount: run.recordCount,
  jobCount: run.shards.filter(({ lane = "batch" }) => lane === "batch").length,
  wasThere,
});
