import { existsSync, rmSync } from "node:fs";
import type { Identity } from "../../aws/sts.ts";
import { findFiles } from "../../dataset/find-files.ts";
import type { Engine } from "../../engine/engine.ts";
import type { PackDecision, Plan } from "../../foundation/types/index.ts";
import type { Look } from "../../ledger/look-at-runs.ts";
import type { Ledger } from "../../ledger/open-ledger.ts";
import { findRun, type RunRow } from "../../ledger/runs.ts";
import type { CostCap } from "../../plan/check-cost.ts";
import { readCaps } from "../../workspace/check-spending.ts";
import { isPreparedPart } from "../../workspace/part-files.ts";
import type { RunFile } from "../../workspace/run-file.ts";
import { makeRunDirectory, type RunPaths, removeStaleDrafts } from "../../workspace/run-folder.ts";
import type { Session } from "../../workspace/session.ts";
import { isListed } from "../input/input-files.ts";
import type { RunRequest } from "./choose-model.ts";
import { type FrozenInput, freezeInput } from "./freeze-input.ts";
import { packRecords } from "./pack-records.ts";
import {
  type Draft,
  openDraft,
  openPlanContext,
  type PlanContext,
  type PlanOptions,
  withDraft,
} from "./plan-context.ts";
import { type RenderedRecords, renderRecords } from "./render-records.ts";
import { type RecordsLeft, reuseAnswers, takeCanaryRecords } from "./reuse-answers.ts";
import { findSameRun, makeFingerprints, makeRunPlan, writeDraft } from "./write-draft.ts";
import { writeSample } from "./write-sample.ts";

/** A plan, and the draft run that holds it. */
export interface PlannedRun {
  readonly plan: Plan;
  readonly run: RunFile;
  /** Of the table's bytes, and of which rows of it are taken. */
  readonly inputFingerprint: string;
  readonly paths: RunPaths;
  readonly identity: Identity;
  /** The limits of what may be spent, and what counts against each. */
  readonly caps: readonly CostCap[];
  /** The same run, under way: it is resumed instead of started again. */
  readonly unfinished: RunRow | undefined;
  /** How other runs stood when their answers were looked for; undefined where nothing was looked for. */
  readonly look: Look | undefined;
  /**
   * Plans the draft anew after a later look: what other runs have begun or answered since is not sent either.
   * @param decided what was decided meanwhile; as it was where left out
   */
  readonly replan: (decided?: Decided) => Promise<PlannedRun>;
  /** Writes some of the table's rows at random into a file of the draft, of distinct requests; the same seed takes the same. */
  readonly takeSample: (count: number, seed: number) => Promise<string>;
}

/** What is decided about a draft after its first plan. */
export interface Decided {
  /** So many rows share a request, and what a canary has shown of it. */
  readonly pack: PackDecision;
  /** What is left of the limit of cost; as it was where left out. */
  readonly maxCostUsd?: number;
}

/** Drafts of processes that died are kept for so long. */
const draftLifeMs = 24 * 60 * 60_000;

/**
 * Everything up to the question: freezes the table, renders and names the records, leaves out what other runs have answered, and makes the
 * plan. Spends nothing. Leaves a draft run; nothing is left behind where it throws.
 */
export async function planRun(session: Session, request: RunRequest, options: PlanOptions = {}): Promise<PlannedRun> {
  const draft = openDraft(session, request);
  try {
    return await withDraft(draft, async (engine, ledger) => {
      await lookForFiles(draft, engine);
      const context = await openPlanContext(draft, options);
      if (request.partOf === undefined) removeOldDrafts(draft, ledger);
      makeRunDirectory(draft.paths);
      const input = await freezeInput(context, engine);
      const records = await renderRecords(context, input, engine, ledger);
      return await planRecords({ context, input, records }, { summary: records.summary }, engine, ledger);
    });
  } catch (error) {
    // Where the workspace itself is what is wrong, there is no folder, and looking into it would hide what happened.
    if (existsSync(draft.paths.directory)) rmSync(draft.paths.directory, { recursive: true, force: true });
    throw error;
  }
}

/** A file that is not there is said before anybody is asked who is calling. */
async function lookForFiles({ request: { table, source, files } }: Draft, engine: Engine): Promise<void> {
  if (files !== undefined || isListed(table)) return;
  if (source?.rows === undefined && source?.query === undefined && table !== "-" && !/^(run|s3):/.test(table))
    await findFiles(engine, table);
}

function removeOldDrafts({ session }: Draft, ledger: Ledger): void {
  const { workspace } = session.config;
  const isKnown = (id: string): boolean => findRun(ledger, id) !== undefined || isPreparedPart(workspace, id);
  removeStaleDrafts(session.config.workspace, isKnown, session.nowMs() - draftLifeMs);
}

interface Rendered {
  readonly context: PlanContext;
  readonly input: FrozenInput;
  readonly records: RenderedRecords;
}

function withDecided(context: PlanContext, decided: Decided | undefined): PlanContext {
  if (decided?.maxCostUsd === undefined) return context;
  const { request } = context;
  return { ...context, request: { ...request, options: { ...request.options, maxCostUsd: decided.maxCostUsd } } };
}

/** Plans what is left to be sent. Done again at the start, where other runs have begun or ended since. */
async function planRecords(
  rendered: Rendered,
  before: RecordsLeft,
  engine: Engine,
  ledger: Ledger,
  decided?: Decided,
): Promise<PlannedRun> {
  const { input, records } = rendered;
  const context = withDecided(rendered.context, decided);
  const unanswered = await reuseAnswers(context, input, records.formerIds, before, engine, ledger);
  const left = await takeCanaryRecords(context, unanswered, engine);
  const packed = await packRecords(context, records, left, engine, decided?.pack);
  const plan = makeRunPlan(context, input, records, left, packed);
  const fingerprints = makeFingerprints(context, input, records);
  const run = writeDraft(context, input, fingerprints.fingerprint, plan, left, packed?.pack);
  return {
    plan,
    run,
    inputFingerprint: input.frozen.fingerprint,
    paths: context.paths,
    identity: context.identity,
    caps: readCaps(context.session.config.workspace, ledger, run),
    unfinished: findSameRun(ledger, fingerprints),
    look: left.look,
    replan: (next = decided) => withDraft(context, (again, open) => planRecords(rendered, left, again, open, next)),
    takeSample: (count, seed) =>
      withDraft(context, (again) => writeSample(again, context.paths.directory, input.frozen, { count, seed })),
  };
}

/** Removes a draft that was not begun. */
export function dropDraft({ paths }: Pick<PlannedRun, "paths">): void {
  if (existsSync(paths.directory)) rmSync(paths.directory, { recursive: true, force: true });
}
