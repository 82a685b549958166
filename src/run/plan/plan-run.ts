import { createHash } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { basename } from "node:path";
import type { Identity } from "../../aws/sts.ts";
import type { Engine } from "../../engine/engine.ts";
import { defaultJobLimits } from "../../foundation/limits.ts";
import type { EarlierPlan, JobLimits, Plan, RecordSummary } from "../../foundation/types/index.ts";
import type { Look } from "../../ledger/look-at-runs.ts";
import type { Ledger } from "../../ledger/open-ledger.ts";
import type { RunRow } from "../../ledger/runs.ts";
import type { CostCap } from "../../plan/check-cost.ts";
import type { CanaryRecords } from "../../plan/make-plan.ts";
import { findPromptWarnings } from "../../requests/prompt-warnings.ts";
import { findReading } from "../../workspace/model-readings.ts";
import {
  makeRunDirectory,
  makeRunId,
  type RunFile,
  type RunPaths,
  removeStaleDrafts,
  runPaths,
  writePlanFile,
  writeRunFile,
} from "../../workspace/run-folder.ts";
import { identify, openWorkspace, type Session, toOrigin, withEngine } from "../../workspace/session.ts";
import type { Asked } from "../shared-answers/find-kin.ts";
import { checkRaw } from "./check-raw.ts";
import { chooseModel, type RunRequest, toAnswerKind } from "./choose-model.ts";
import { openInput, toTableInput } from "./open-input.ts";
import { readLimits, readSlots } from "./read-quotas.ts";
import { listReads } from "./read-request.ts";

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
  /** The same run, under way: it is taken up instead of started again. */
  readonly unfinished: RunRow | undefined;
  /** How other runs stood when their answers were looked for; undefined where nothing was looked for. */
  readonly look: Look | undefined;
  /** Plans the draft anew after a later look: what other runs have begun or answered since is not sent either. */
  readonly replan: () => Promise<PlannedRun>;
}

/** Drafts of processes that died are kept for so long. */
const draftLifeMs = 24 * 60 * 60_000;

/**
 * Everything up to the question: freezes the table, renders and names the records, reads the limits, and makes the plan.
 * Spends nothing. Leaves a draft run; nothing is left behind where it throws.
 * @param known who is calling, where that was asked already
 */
export async function planRun(session: Session, request: RunRequest, known?: Identity): Promise<PlannedRun> {
  const { config, nowMs, random, onStep } = session;
  const { table, prompt, options } = request;
  const identity = known ?? (await identify(session));
  const origin = toOrigin(identity);
  const chosen = await chooseModel(request, identity.region, nowMs(), findReading(config.workspace, origin));
  const { choice, family, invocation, structured } = chosen;
  // A table can be looked at where nobody is known to be calling; then nobody's quotas can be read.
  const isKnown = identity.arn !== "";
  const limits = isKnown ? await readLimits(session, choice.quotaLabel ?? choice.label) : defaultJobLimits;
  const slots = isKnown ? await readSlots(session, choice.baseId, limits) : undefined;
  const ledger = await openWorkspace(config);
  const { findRun, findUnfinishedRun, readRuns } = await import("../../ledger/runs.ts");
  const { findFormerIds, writeFormerIds } = await import("../../requests/former-ids.ts");
  const { readCaps } = await import("../../workspace/check-spending.ts");
  removeStaleDrafts(config.workspace, (id) => findRun(ledger, id) !== undefined, nowMs() - draftLifeMs);
  const id = makeRunId(nowMs(), random);
  const paths = runPaths(config.workspace, id);
  const zone = options.timezone === undefined ? {} : { timezone: options.timezone };
  const more = [options.timezone, options.skipEmpty === true ? "skip-empty" : undefined, options.onPromptError].filter(
    (each) => each !== undefined,
  );
  const reopen = async <Result>(work: (on: Engine, open: Ledger) => Promise<Result>): Promise<Result> => {
    const open = await openWorkspace(config);
    try {
      return await withEngine(paths, (on) => work(on, open), zone);
    } finally {
      open.close();
    }
  };
  try {
    makeRunDirectory(paths);
    return await withEngine(
      paths,
      async (engine) => {
        onStep(`reading ${table}`);
        const { answerNumberColumn: answerColumn, freezeTable } = await import("../../dataset/freeze-table.ts");
        const { path, parent, temporary } = await openInput(session, engine, table, origin, paths.directory);
        const { limit, sample, answersPerRow, skipEmpty, onPromptError } = options;
        const frozen = await freezeTable(engine, toTableInput(path, options), paths.directory);
        if (temporary !== undefined) rmSync(temporary);
        const parameters = await checkRaw(engine, frozen.table, request, chosen);
        const answer = toAnswerKind({ ...chosen, parameters }, prompt.kind === "raw");
        const { checkCollisions, makeResultColumns } = await import("../../results/result-columns.ts");
        const { output } = prompt.settings;
        checkCollisions(frozen.table.columns, makeResultColumns(output, options.answerPrefix, answer));
        if (output !== undefined)
          (await import("../../results/check-answer.ts")).makeAnswerCheck(output, prompt.source);
        onStep("rendering the prompt");
        const { makeRecords } = await import("../../requests/make-records.ts");
        const { explainTableError } = await import("../../dataset/engine-errors.ts");
        const isRaw = prompt.kind === "raw";
        const several = answersPerRow === undefined ? {} : { answersPerRow };
        const base = { family, baseId: choice.baseId, invocation, parameters, output, structured, isRaw };
        const shape = answersPerRow === undefined ? base : { ...base, answersPerRow, answerColumn };
        const made = await makeRecords({
          engine,
          table: frozen.table,
          prompt,
          shape,
          directory: paths.directory,
          ...(skipEmpty === true ? { skipEmpty } : {}),
          onPromptError,
        }).catch(async (error: unknown) => {
          throw await explainTableError(error, { whole: table }, frozen.reading);
        });
        if (!options.fullRefresh && readRuns(ledger).length > 0)
          await writeFormerIds(
            { engine, table: frozen.table, prompt, shape, directory: paths.directory, onPromptError },
            zone.timezone,
          );
        const asked = {
          origin,
          answer,
          answerPrefix: options.answerPrefix,
          ...(output === undefined ? {} : { output }),
        };
        // Also done again at the start, when other runs have begun or ended since.
        const planRest = async (on: Engine, open: Ledger, before: Excluded): Promise<PlannedRun> => {
          const left = await lookForEarlier(session, open, on, before, paths, options);
          const { summary, canary } = await takeCanaryOf(on, paths.directory, left, options, limits);
          const { earlier, look } = left;
          const { makePlan } = await import("../../plan/make-plan.ts");
          const { estimatePrefix } = await import("../../requests/prefix-tokens.ts");
          const { findPlanWarnings } = await import("../../plan/plan-warnings.ts");
          const maxTokens = family.kind === "embedding" ? 0 : parameters.maxTokens;
          const warnings = [
            ...findPlanWarnings(choice, summary, maxTokens),
            ...findPromptWarnings(prompt, frozen.table, summary),
          ];
          const plan = makePlan({
            summary,
            model: { ...choice, ...(warnings.length === 0 ? {} : { warnings }) },
            limits,
            slots,
            belowMinimum: options.belowMinimum,
            maxTokens,
            output,
            isSchemaApart: output !== undefined && structured === "native",
            isRaw,
            prefixTokens: estimatePrefix(shape, prompt),
            ...(earlier === undefined ? {} : { earlier }),
            ...several,
            ...(canary === undefined ? {} : { canary }),
          });
          const fingerprinted = (promptText: string): unknown[] => [
            frozen.fingerprint,
            promptText,
            choice.invokeId,
            invocation,
            structured,
            parameters,
            output ?? null,
            origin,
          ];
          const fingerprintOf = (promptText: string): string =>
            createHash("sha256")
              .update(
                JSON.stringify([...fingerprinted(promptText), options.answerPrefix, request.name ?? null, ...more]),
              )
              .digest("hex");
          const fingerprint = fingerprintOf(prompt.text);
          // Older versions took the line ends of a prompt file as they were: such a run may be under way.
          const formerText = prompt.kind === "raw" ? undefined : prompt.formerText;
          const findFormer = (from: Ledger): RunRow | undefined =>
            formerText === undefined ? undefined : findUnfinishedRun(from, fingerprintOf(formerText));
          const run: RunFile = {
            version: 1,
            id,
            name: request.name ?? basename(table).replace(/\.[a-z]+$/i, ""),
            createdAt: nowMs(),
            fingerprint,
            origin,
            table: { shownPath: table, file: basename(frozen.file), reading: frozen.reading },
            reads: listReads(temporary === undefined ? frozen.sourceFiles : [], prompt),
            ...(limit === undefined && sample === undefined ? {} : { isPartial: true as const }),
            ...(options.mayOverwrite === true ? { mayOverwrite: true as const } : {}),
            ...(options.isCsvSafe === true ? { safeCsv: true as const } : {}),
            prompt: { kind: prompt.kind, source: prompt.source, text: prompt.text },
            model: plan.model,
            invocation,
            parameters,
            ...(output === undefined ? {} : { output }),
            structured,
            answer,
            ...(parent === undefined ? {} : { parent }),
            answerPrefix: options.answerPrefix,
            ...zone,
            timeoutHours: options.timeoutHours,
            tags: options.tags,
            allowMissing: options.allowMissing,
            ...several,
            ...(options.fullRefresh ? { fullRefresh: true as const } : {}),
            ...(canary === undefined ? {} : { canary: { index: plan.shards.length, recordCount: canary.recordCount } }),
            ...(options.maxAttempts === undefined ? {} : { maxAttempts: options.maxAttempts }),
            ...(options.maxCostUsd === undefined ? {} : { maxCostUsd: options.maxCostUsd }),
            ...(options.maxCostTotalUsd === undefined ? {} : { maxCostTotalUsd: options.maxCostTotalUsd }),
          };
          writeRunFile(paths, run);
          writePlanFile(paths, plan);
          return {
            plan,
            inputFingerprint: frozen.fingerprint,
            run,
            paths,
            identity,
            caps: readCaps(config.workspace, open, run),
            unfinished: findUnfinishedRun(open, fingerprint) ?? findFormer(open),
            look,
            replan: () => reopen((next, again) => planRest(next, again, { ...left, summary, canary })),
          };
        };
        const former = findFormerIds(paths.directory);
        return await planRest(engine, ledger, { summary: made, asked, former });
      },
      zone,
    );
  } catch (error) {
    rmSync(paths.directory, { recursive: true, force: true });
    throw error;
  } finally {
    ledger.close();
  }
}

/** What of a table is left to be sent, after what was found so far. */
interface Excluded {
  readonly asked: Asked;
  /** A relation of the names that older versions gave the records, where they gave others. */
  readonly former?: string | undefined;
  /** Without the canary. */
  readonly summary: RecordSummary;
  readonly earlier?: EarlierPlan;
  /** How other runs stood when answers were looked for; undefined where nothing is looked for. */
  readonly look?: Look | undefined;
  readonly canary?: CanaryRecords | undefined;
}

/** Takes out of what is sent what the workspace has or will have, unless everything is to be paid again. */
async function lookForEarlier(
  { config, onStep }: Session,
  ledger: Ledger,
  engine: Engine,
  before: Excluded,
  { directory }: RunPaths,
  { fullRefresh }: RunRequest["options"],
): Promise<Excluded> {
  if (fullRefresh) return before;
  onStep("looking for answers of earlier runs");
  const [{ lookAtRuns }, { findEarlier }, { keepCanary }] = await Promise.all([
    import("../../ledger/look-at-runs.ts"),
    import("../shared-answers/find-earlier.ts"),
    import("./take-canary.ts"),
  ]);
  const { asked, former } = before;
  const look = lookAtRuns(ledger, asked.origin);
  const sharing = { ledger, workspace: config.workspace, look, asked, former, onTrouble: onStep };
  const { summary, earlier } = await findEarlier(engine, sharing, directory, before.summary);
  const canary = before.canary === undefined ? undefined : await keepCanary(engine, directory);
  return { asked, former, summary, earlier, look, canary };
}

/** What is asked before the rest, where that is wanted and something is sent at all. */
async function takeCanaryOf(
  engine: Engine,
  directory: string,
  { summary, canary: taken, earlier }: Excluded,
  { canary }: RunRequest["options"],
  limits: JobLimits,
): Promise<{ readonly summary: RecordSummary; readonly canary?: CanaryRecords }> {
  if (taken !== undefined) return { summary, canary: taken };
  if (canary === undefined || summary.recordCount === 0) return { summary };
  const { takeCanary } = await import("./take-canary.ts");
  const isShared = (earlier?.requestCount ?? 0) + (earlier?.awaited.length ?? 0) > 0;
  return takeCanary(engine, directory, { summary, canary, limits, isShared });
}

/** Removes a draft that was not taken up. */
export function dropDraft({ paths }: PlannedRun): void {
  if (existsSync(paths.directory)) rmSync(paths.directory, { recursive: true, force: true });
}
