import type { CheckResult } from "../doctor/checks/check.ts";
import { defined } from "../foundation/defined.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { type PartSize } from "../run/parts/part-list.ts";
import { planParts } from "../run/parts/plan-parts.ts";
import { startParts } from "../run/parts/start-parts.ts";
import { isFolder } from "../run/parts/write-folder.ts";
import { checkOutputPath, checkRunOutput, checkRunPlan, needsPlace, recordOutput } from "../run/plan/check-run-plan.ts";
import type { RunRequest } from "../run/plan/choose-model.ts";
import { dropDraft, type PlannedRun, planRun } from "../run/plan/plan-run.ts";
import { checkPlace } from "../run/start-and-resume/check-place.ts";
import { startRun } from "../run/start-and-resume/start-run.ts";
import type { Session } from "../workspace/session.ts";
import type { RunBatchOptions } from "./batch-options.ts";
import { type BatchPlan, toBatchPlan } from "./batch-plan.ts";
import { runPackCanary } from "./pack-canary.ts";
import { partNames, readPartSize } from "./parts/part-size.ts";

/** The run to work on. */
export interface BegunRun {
  readonly runId: string;
  /** It was begun before, or by another process meanwhile. */
  readonly isJoined: boolean;
}

/** How a run is begun, and who is asked and told on the way. What a hook throws leaves nothing behind. */
export interface BeginHooks {
  /** Output file of the run's table; of a run in parts it may be a folder. */
  readonly output?: string;
  /** The run is done in parts of such a size. */
  readonly parts?: PartSize;
  /** Is told each check of the account that failed, and the run begins all the same; without it the first one stops. */
  readonly onPassedBy?: (result: CheckResult) => void;
  /** Is shown the plan, and whatever stops it after it. */
  readonly onPlan?: (planned: PlannedRun) => void;
  /** Is told the plan again, once a canary has shown how many rows may share a request. */
  readonly onDecided?: (planned: PlannedRun) => void;
  /** Asks whether the plan may begin; not asked where nothing is sent. @returns false where it may not */
  readonly confirm?: (planned: PlannedRun) => boolean | Promise<boolean>;
  /** Is told the plan that was made anew because another run has begun or ended meanwhile. */
  readonly onReplan?: (next: PlannedRun, before: PlannedRun) => void;
  /** Is told the same run, which was not finished yet: it is joined instead. */
  readonly onJoin?: (runId: string) => void;
}

/** How a program's batch is begun: its hooks see plans as programs do. */
export function toBeginHooks(request: RunRequest, options: RunBatchOptions): BeginHooks {
  const { output, skipChecks, onFailedCheck = () => undefined, parts, workers } = options;
  const { onPlan, confirm, onDecided, onReplan, onJoin } = options;
  const view = (planned: PlannedRun): BatchPlan => toBatchPlan(planned, request);
  return defined({
    parts: readPartSize(
      { files: parts?.files, bytes: parts?.bytes, workers, removesJoined: parts?.removeJoined },
      "runBatch",
      partNames,
    ),
    ...{ output, onJoin, onPassedBy: skipChecks === true ? onFailedCheck : undefined },
    onPlan: onPlan && ((planned: PlannedRun) => onPlan(view(planned))),
    confirm: confirm && ((planned: PlannedRun) => confirm(view(planned))),
    onDecided: onDecided && ((planned: PlannedRun) => onDecided(view(planned))),
    onReplan: onReplan && ((next: PlannedRun, before: PlannedRun) => onReplan(view(next), view(before))),
  });
}

/**
 * Plans a run, checks plan and account, asks, and begins it: from there on any process can resume it. The same run that is under way is
 * joined instead. Nothing is sent yet.
 * @throws what planRun, checkRunPlan, checkPlace and startRun throw; DECLINED
 */
export async function beginRun(session: Session, request: RunRequest, hooks: BeginHooks = {}): Promise<BegunRun> {
  const { output, parts } = hooks;
  const isFile = output !== undefined && (parts === undefined || !isFolder(output));
  if (isFile) await checkOutputPath(output, [request.table, ...(request.prompt.files ?? [])]);
  let planned = await (parts === undefined ? planRun(session, request) : planParts(session, request, parts));
  try {
    if (isFile) await checkRunOutput(session, planned, output);
    if (planned.unfinished !== undefined) {
      dropDraft(planned);
      return await joinRun(session, planned.unfinished.id, hooks);
    }
    hooks.onPlan?.(planned);
    checkRunPlan(planned, request);
    const { onPassedBy } = hooks;
    if (needsPlace(planned.plan))
      await checkPlace(session, planned.identity, planned.plan, onPassedBy === undefined ? {} : { onPassedBy });
    await askFor(planned, hooks);
    if (planned.plan.pack?.canary !== undefined) {
      planned = await runPackCanary(session, request, planned);
      hooks.onDecided?.(planned);
      checkRunPlan(planned, request);
    }
    const start = parts === undefined ? startRun : startParts;
    const { runId, joined } = await start(session, planned, output, async (next, before) => {
      hooks.onReplan?.(next, before);
      // Fewer records can cost more only where they are too few for a job, and go on demand.
      if ((next.plan.costUsd?.high ?? 0) > (before.plan.costUsd?.high ?? 0)) await askFor(next, hooks);
    });
    return joined === undefined ? { runId, isJoined: false } : await joinRun(session, runId, hooks);
  } catch (error) {
    dropDraft(planned);
    throw error;
  }
}

async function joinRun(session: Session, runId: string, { output, onJoin }: BeginHooks): Promise<BegunRun> {
  onJoin?.(runId);
  if (output !== undefined) await recordOutput(session, runId, output);
  return { runId, isJoined: true };
}

/** With nothing to send there is nothing to ask. @throws DECLINED */
async function askFor(planned: PlannedRun, { confirm }: BeginHooks): Promise<void> {
  if (confirm === undefined || planned.plan.recordCount === 0) return;
  if (!(await confirm(planned))) throw new HalfpriceError("DECLINED", {});
}
