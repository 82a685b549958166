import { HalfpriceError } from "../foundation/errors/index.ts";
import { findDoneRun } from "../ledger/runs.ts";
import type { FinishedRun } from "../run/finish/finish-run.ts";
import { checkRunPlan, needsPlace } from "../run/plan/check-run-plan.ts";
import type { RunRequest } from "../run/plan/choose-model.ts";
import { dropDraft, type PlannedRun } from "../run/plan/plan-run.ts";
import { checkPlace } from "../run/start-and-resume/check-place.ts";
import { driveRun } from "../run/start-and-resume/drive-run.ts";
import { startRun } from "../run/start-and-resume/start-run.ts";
import { isLost, runPaths } from "../workspace/run-folder.ts";
import { openWorkspace, type Session } from "../workspace/session.ts";

/** A run of a sample, as it was planned. */
export interface PlannedSample {
  readonly request: RunRequest;
  readonly planned: PlannedRun;
}

/** What of a run's options holds for a sample of it too: nothing that chooses, packs or bounds the whole. In a job where one takes so few. */
export function toSampleOptions(options: RunRequest["options"]): RunRequest["options"] {
  const { limit: _limit, sample: _sample, canary: _canary, pack: _pack, packTolerance: _tolerance, ...rest } = options;
  const { maxCostUsd: _cost, maxAttempts: _attempts, answersPerRow: _answers, ...kept } = rest;
  return { ...kept, belowMinimum: "on-demand" };
}

/**
 * Runs samples that were planned and allowed: begins all of them, so that their jobs wait side by side, then follows each to its end. One that
 * is under way is joined; one whose answers serve no other run is not asked again where it is done.
 * @returns in the order of the samples
 */
export async function runSamples(session: Session, samples: readonly PlannedSample[]): Promise<FinishedRun[]> {
  const ids: string[] = [];
  try {
    for (const sample of samples) ids.push(await beginSample(session, sample));
  } catch (error) {
    // Those that were begun go on, and the same command takes them up.
    for (const { planned } of samples.slice(ids.length)) dropDraft(planned);
    throw error;
  }
  if (ids.length > 1) for (const id of ids) await driveRun(session, id, "once");
  const finished: FinishedRun[] = [];
  for (const id of ids) {
    const worked = await driveRun(session, id, "follow");
    if (worked.finished === undefined)
      throw new HalfpriceError("STILL_RUNNING", { runId: id, waiting: worked.pass.pendingCount });
    finished.push(worked.finished);
  }
  return finished;
}

async function beginSample(session: Session, { request, planned }: PlannedSample): Promise<string> {
  const known = planned.unfinished?.id ?? (await findDone(session, planned));
  if (known !== undefined) {
    dropDraft(planned);
    return known;
  }
  checkRunPlan(planned, request);
  if (needsPlace(planned.plan)) await checkPlace(session, planned.identity, planned.plan, {});
  return (await startRun(session, planned, undefined)).runId;
}

/** The same sample, done before, where nothing else would find its answers. */
async function findDone({ config }: Session, { run }: PlannedRun): Promise<string | undefined> {
  if (run.isTrial !== true) return undefined;
  const ledger = await openWorkspace(config);
  try {
    const row = findDoneRun(ledger, run.fingerprint);
    return row === undefined || isLost(runPaths(config.workspace, row.id)) ? undefined : row.id;
  } finally {
    ledger.close();
  }
}
