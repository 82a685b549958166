import type { Identity } from "../../aws/sts.ts";
import type { Engine } from "../../engine/engine.ts";
import { defaultJobLimits } from "../../foundation/limits.ts";
import type { JobLimits, JobSlots, Origin } from "../../foundation/types/index.ts";
import type { Ledger } from "../../ledger/open-ledger.ts";
import { findReading } from "../../workspace/model-readings.ts";
import { makeRunId, type RunPaths, runPaths } from "../../workspace/run-folder.ts";
import { identify, openWorkspace, type Session, toOrigin, withEngine } from "../../workspace/session.ts";
import { type ChosenModel, chooseModel, type RunRequest } from "./choose-model.ts";
import { readLimits, readSlots } from "./read-quotas.ts";

/** What every step of planning works with: who asks for what, of which model, within which limits, in which folder. */
export interface PlanContext {
  readonly session: Session;
  readonly request: RunRequest;
  readonly identity: Identity;
  readonly origin: Origin;
  readonly chosen: ChosenModel;
  readonly limits: JobLimits;
  /** Undefined where the jobs may not be listed. */
  readonly slots: JobSlots | undefined;
  readonly id: string;
  readonly paths: RunPaths;
}

/**
 * Finds out who is calling, chooses the model, and reads the account's limits.
 * @param known who is calling, where that was asked already
 */
export async function openPlanContext(session: Session, request: RunRequest, known?: Identity): Promise<PlanContext> {
  const { config, nowMs, random } = session;
  const identity = known ?? (await identify(session));
  const origin = toOrigin(identity);
  const chosen = await chooseModel(request, identity.region, nowMs(), findReading(config.workspace, origin));
  const { choice } = chosen;
  // A table can be looked at where nobody is known to be calling; then nobody's quotas can be read.
  const isKnown = identity.arn !== "";
  const limits = isKnown ? await readLimits(session, choice.quotaLabel ?? choice.label) : defaultJobLimits;
  const slots = isKnown ? await readSlots(session, choice.baseId, limits) : undefined;
  const id = makeRunId(nowMs(), random);
  return { session, request, identity, origin, chosen, limits, slots, id, paths: runPaths(config.workspace, id) };
}

/** Opens the ledger and an engine on the draft's folder for one piece of work. */
export async function withDraft<Result>(
  { session, request, paths }: PlanContext,
  work: (engine: Engine, ledger: Ledger) => Promise<Result>,
): Promise<Result> {
  const { timezone } = request.options;
  const ledger = await openWorkspace(session.config);
  try {
    return await withEngine(paths, (engine) => work(engine, ledger), timezone === undefined ? {} : { timezone });
  } finally {
    ledger.close();
  }
}
