import { createHash } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { basename, resolve } from "node:path";
import type { Identity } from "../aws/sts.ts";
import type { Engine } from "../engine/engine.ts";
import type { Ledger } from "../ledger/open-ledger.ts";
import type { RunRow } from "../ledger/runs.ts";
import { defaultJobLimits } from "../limits.ts";
import type { CostCap } from "../plan/check-cost.ts";
import type { CanaryRecords } from "../plan/make-plan.ts";
import type { EarlierPlan, JobLimits, ModelParameters, Plan, RecordSummary, Table } from "../types.ts";
import { type ChosenModel, chooseModel, type RunRequest, toAnswerKind } from "./choose-model.ts";
import type { Asked } from "./find-earlier.ts";
import { findReading } from "./model-readings.ts";
import { openInput } from "./open-input.ts";
import { readLimits, readSlots } from "./read-quotas.ts";
import {
  makeRunDirectory,
  makeRunId,
  type RunFile,
  type RunPaths,
  removeStaleDrafts,
  runPaths,
  writePlanFile,
  writeRunFile,
} from "./run-directory.ts";
import { identify, openWorkspace, type Session, toOrigin, withEngine } from "./session.ts";

/** A plan, and the draft run that holds it. */
export interface PlannedRun {
  readonly plan: Plan;
  readonly run: RunFile;
  /** Of the table's bytes, and of which rows of it are taken. */
  readonly inputFingerprint: string;
  readonly paths: RunPaths;
  readonly identity: Identity;
  /** The limits of what may be spent, and what is held against each. */
  readonly caps: readonly CostCap[];
  /** The same run, under way: it is taken up instead of started again. */
  readonly unfinished: RunRow | undefined;
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
  const { findRun, findUnfinishedRun, readRuns } = await import("../ledger/runs.ts");
  const { writeFormerIds } = await import("../requests/former-ids.ts");
  const { readCaps } = await import("./check-spending.ts");
  removeStaleDrafts(config.workspace, (id) => findRun(ledger, id) !== undefined, nowMs() - draftLifeMs);
  const id = makeRunId(nowMs(), random);
  const paths = runPaths(config.workspace, id);
  const zone = options.timezone === undefined ? {} : { timezone: options.timezone };
  const zoned = options.timezone === undefined ? [] : [options.timezone];
  try {
    makeRunDirectory(paths);
    return await withEngine(
      paths,
      async (engine) => {
        onStep(`reading ${table}`);
        const { answerNumberColumn: answerColumn, freezeTable } = await import("../dataset/freeze-table.ts");
        const { path, parent, temporary } = await openInput(session, engine, table, origin, paths.directory);
        const { limit, sample, select, sql, answersPerRow } = options;
        const input = {
          path,
          ...(limit === undefined ? {} : { limit }),
          ...(sample === undefined ? {} : { sample }),
          ...(select === undefined ? {} : { select }),
          ...(sql === undefined ? {} : { sql }),
          ...(answersPerRow === undefined ? {} : { answersPerRow }),
        };
        const frozen = await freezeTable(engine, input, paths.directory);
        if (temporary !== undefined) rmSync(temporary);
        const parameters = await checkRaw(engine, frozen.table, request, chosen);
        const answer = toAnswerKind({ ...chosen, parameters }, prompt.kind === "raw");
        const { checkCollisions, makeResultColumns } = await import("../results/result-columns.ts");
        const { output } = prompt.settings;
        checkCollisions(frozen.table.columns, makeResultColumns(output, options.answerPrefix, answer));
        if (output !== undefined) (await import("../results/check-answer.ts")).makeAnswerCheck(output, prompt.source);
        onStep("rendering the prompt");
        const { makeRecords } = await import("../requests/make-records.ts");
        const { explainTableError } = await import("../dataset/engine-errors.ts");
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
        }).catch(async (error: unknown) => {
          throw await explainTableError(error, { whole: table }, frozen.reading);
        });
        if (!options.fullRefresh && readRuns(ledger).length > 0)
          await writeFormerIds(
            { engine, table: frozen.table, prompt, shape, directory: paths.directory },
            zone.timezone,
          );
        const asked = {
          origin,
          answer,
          answerPrefix: options.answerPrefix,
          ...(output === undefined ? {} : { output }),
        };
        const left = await lookForEarlier(session, ledger, engine, { asked, paths, made, options });
        const { summary, canary } = await takeCanaryOf(engine, paths.directory, left.summary, options, limits);
        const { earlier } = left;
        const { makePlan } = await import("../plan/make-plan.ts");
        const { estimatePrefix } = await import("../requests/prefix-tokens.ts");
        const { findLengthWarnings } = await import("../plan/length-warnings.ts");
        const { findReasoningWarnings } = await import("../plan/reasoning-warnings.ts");
        const maxTokens = family.kind === "embedding" ? 0 : parameters.maxTokens;
        const warnings = [
          ...(choice.warnings ?? []),
          ...findLengthWarnings(choice, summary.maxLineBytes, maxTokens),
          ...findReasoningWarnings(choice, maxTokens),
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
              JSON.stringify([...fingerprinted(promptText), options.answerPrefix, request.name ?? null, ...zoned]),
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
          ...(limit === undefined && sample === undefined ? {} : { isPartial: true }),
          ...(options.mayOverwrite === true ? { mayOverwrite: true } : {}),
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
          caps: readCaps(ledger, run),
          unfinished: findUnfinishedRun(ledger, fingerprint) ?? findFormer(ledger),
        };
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

/** The user's files that a run reads; an object of S3 and another run's results are none of them. */
function listReads(tableFiles: readonly string[], { files = [] }: RunRequest["prompt"]): string[] {
  return [...tableFiles, ...files].map((file) => resolve(file));
}

interface Lookup {
  readonly asked: Asked;
  readonly paths: RunPaths;
  readonly made: RecordSummary;
  readonly options: RunRequest["options"];
}

/** Takes out of what is sent what the workspace has or will have, unless everything is to be paid again. */
async function lookForEarlier(
  { config, onStep }: Session,
  ledger: Ledger,
  engine: Engine,
  { asked, paths, made, options }: Lookup,
): Promise<{ readonly summary: RecordSummary; readonly earlier?: EarlierPlan }> {
  if (options.fullRefresh) return { summary: made };
  onStep("looking for answers of earlier runs");
  const { findEarlier } = await import("./find-earlier.ts");
  return findEarlier(engine, ledger, config.workspace, asked, paths.directory, made);
}

/** What is asked before the rest, where that is wanted and something is sent at all. */
async function takeCanaryOf(
  engine: Engine,
  directory: string,
  summary: RecordSummary,
  { canary }: RunRequest["options"],
  limits: JobLimits,
): Promise<{ readonly summary: RecordSummary; readonly canary?: CanaryRecords }> {
  if (canary === undefined || summary.recordCount === 0) return { summary };
  return (await import("./take-canary.ts")).takeCanary(engine, directory, summary, canary, limits);
}

/**
 * Holds ready bodies against their family before anything is uploaded; other prompts are checked by their parameters.
 * @returns the parameters, as the bodies say them
 * @throws UNKNOWN_COLUMN, BAD_REQUESTS, MIXED_REQUESTS
 */
export async function checkRaw(
  engine: Engine,
  table: Table,
  { prompt, table: shownPath, options }: RunRequest,
  { choice: model, family, parameters }: ChosenModel,
): Promise<ModelParameters> {
  if (prompt.kind !== "raw") return parameters;
  const { checkRequests } = await import("../requests/check-requests.ts");
  const { maxTokens, dimensions } = await checkRequests({ engine, table, prompt, shownPath, family, model });
  return {
    maxTokens: options.maxTokens ?? maxTokens ?? parameters.maxTokens,
    ...(dimensions === undefined ? {} : { dimensions }),
  };
}

/** Removes a draft that was not taken up. */
export function dropDraft({ paths }: PlannedRun): void {
  if (existsSync(paths.directory)) rmSync(paths.directory, { recursive: true, force: true });
}
