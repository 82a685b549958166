import { findEnvironmentRegion } from "../../aws/environment/variables.ts";
import { readModelsBehind } from "../../aws/model-reading.ts";
import type { Identity } from "../../aws/sts.ts";
import type { Engine } from "../../engine/engine.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { defaultJobLimits } from "../../foundation/limits.ts";
import type { JobLimits, JobSlots, OfflinePlan, Origin } from "../../foundation/types/index.ts";
import type { Ledger } from "../../ledger/open-ledger.ts";
import { findReading } from "../../workspace/model-readings.ts";
import { makeRunId, type RunPaths, runPaths } from "../../workspace/run-folder.ts";
import { identify, openWorkspace, type Session, toOrigin, withEngine } from "../../workspace/session.ts";
import { type ChosenModel, chooseModel, findModelName, type RunRequest } from "./choose-model.ts";
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
  /** Why the account could not be asked; undefined where it was. */
  readonly offline: OfflinePlan | undefined;
  readonly id: string;
  readonly paths: RunPaths;
}

/** What the table is taken and its requests are rendered with; the account's limits are not read for it. */
export type ModelContext = Omit<PlanContext, "limits" | "slots" | "offline">;

/** What of planning a caller decides. */
export interface PlanOptions {
  /** Who is calling, where that was asked already. */
  readonly known?: Identity;
  /** Where nobody can be found to be calling, the plan goes by documented limits and the catalogue's prices, and says so. */
  readonly mayBeOffline?: boolean;
  /** Who calls, which model and which limits, as they were decided before: nobody is asked again. */
  readonly pinned?: Pinned;
}

/** What of a plan's context every part of a run has in common. */
export type Pinned = Pick<PlanContext, "identity" | "origin" | "chosen" | "limits">;

/** A draft, before anybody was asked about it. */
export type Draft = Pick<PlanContext, "session" | "request" | "id" | "paths">;

/** Names a draft; nothing is written yet. */
export function openDraft(session: Session, request: RunRequest): Draft {
  const id = makeRunId(session.nowMs(), session.random);
  return { session, request, id, paths: runPaths(session.config.workspace, id) };
}

/** Chooses the model for who is calling. @param isOnDemand a model without batch serves as well */
export async function openModelContext(draft: Draft, identity: Identity, isOnDemand: boolean): Promise<ModelContext> {
  const { session, request } = draft;
  const origin = toOrigin(identity);
  const reading = findReading(session.config.workspace, origin);
  const connection = { ...session.connection, region: identity.region };
  const behind = isKnown(identity) ? await readModelsBehind(connection, findModelName(request)) : undefined;
  const chosen = await chooseModel(request, identity.region, session.nowMs(), { reading, behind, isOnDemand });
  return { ...draft, identity, origin, chosen };
}

/** Finds out who is calling, chooses the model, and reads the account's limits. */
export async function openPlanContext(draft: Draft, options: PlanOptions): Promise<PlanContext> {
  const { session } = draft;
  if (options.pinned !== undefined) return { ...draft, ...options.pinned, slots: undefined, offline: undefined };
  const { identity, offline } = await findCaller(session, options);
  const context = await openModelContext(draft, identity, false);
  const { choice } = context.chosen;
  const limits = isKnown(identity) ? await readLimits(session, choice.quotaLabel ?? choice.label) : defaultJobLimits;
  const slots = isKnown(identity) ? await readSlots(session, choice, limits) : undefined;
  return { ...context, limits, slots, offline };
}

/** A table can be looked at where nobody is known to be calling; then nobody's quotas can be read. */
const isKnown = ({ arn }: Identity): boolean => arn !== "";

/** Without credentials, a region or a network there is no account to ask. */
const isOffline = (error: unknown): error is HalfpriceError =>
  error instanceof HalfpriceError && /^(NO_CREDENTIALS|CREDENTIALS_REFUSED|NO_REGION|UNREACHABLE)$/.test(error.code);

async function findCaller(
  session: Session,
  { known, mayBeOffline }: PlanOptions,
): Promise<Pick<PlanContext, "identity" | "offline">> {
  if (known !== undefined) return { identity: known, offline: undefined };
  try {
    return { identity: await identify(session), offline: undefined };
  } catch (error) {
    if (mayBeOffline !== true || !isOffline(error)) throw error;
    const region = session.config.region ?? findEnvironmentRegion() ?? "us-east-1";
    const { code, message, fix } = error;
    return {
      identity: { accountId: "000000000000", arn: "", isLocal: false, region },
      offline: { code, message, fix },
    };
  }
}

/** Opens the ledger and an engine on the draft's folder for one piece of work. */
export async function withDraft<Result>(
  { session, request, paths }: Draft,
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
