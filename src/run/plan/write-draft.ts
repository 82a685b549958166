import { createHash } from "node:crypto";
import { basename } from "node:path";
import { defined } from "../../foundation/defined.ts";
import type { JsonSchema, Plan, RunPack } from "../../foundation/types/index.ts";
import type { Ledger } from "../../ledger/open-ledger.ts";
import { findUnfinishedRun, type RunRow } from "../../ledger/runs.ts";
import { planDeadline } from "../../plan/deadline.ts";
import { type CanaryRecords, makePlan, type PackedInput, type PlanInput } from "../../plan/make-plan.ts";
import { findPlanWarnings } from "../../plan/plan-warnings.ts";
import { keyTokens, makePackSchema } from "../../requests/packs/pack-request.ts";
import { estimatePrefix } from "../../requests/prefix-tokens.ts";
import { findPromptWarnings } from "../../requests/prompt-warnings.ts";
import type { RunFile } from "../../workspace/run-file.ts";
import { writePlanFile, writeRunFile } from "../../workspace/run-folder.ts";
import { findWays } from "./find-ways.ts";
import type { FrozenInput } from "./freeze-input.ts";
import { nameRun } from "./name-run.ts";
import type { PackedRecords } from "./pack-records.ts";
import type { PlanContext } from "./plan-context.ts";
import { listReads } from "./read-request.ts";
import type { RenderedRecords } from "./render-records.ts";
import type { RecordsLeft } from "./reuse-answers.ts";

/** The plan of what is left to be sent. */
export function makeRunPlan(
  context: PlanContext,
  { frozen, parameters }: FrozenInput,
  { shape }: RenderedRecords,
  { summary, earlier, canary }: RecordsLeft,
  packed?: PackedRecords,
): Plan {
  const { request, chosen, limits, slots, offline } = context;
  const { prompt, options } = request;
  const { choice, family, structured } = chosen;
  const { output } = prompt.settings;
  const maxTokens = family.kind === "embedding" ? 0 : parameters.maxTokens;
  const sent = packed?.sent ?? summary;
  const warnings = [...findPlanWarnings(choice, sent, maxTokens), ...findPromptWarnings(prompt, frozen.table, summary)];
  const plan = makePlan({
    summary,
    model: { ...choice, ...(warnings.length === 0 ? {} : { warnings }) },
    limits,
    slots,
    belowMinimum: options.belowMinimum,
    maxTokens,
    output,
    isSchemaApart: output !== undefined && structured === "native",
    isRaw: prompt.kind === "raw",
    prefixTokens: packed === undefined ? estimatePrefix(shape, prompt) : 0,
    ...(packed === undefined ? {} : { packed: toPackedInput(packed, output) }),
    ...defined({ earlier, answersPerRow: options.answersPerRow }),
    ...withCanary(canary ?? packed?.canary),
  });
  const ways = prompt.kind === "raw" ? [] : findWays(context, shape, summary, plan);
  const deadline = planDeadline(options.deadline, plan);
  return { ...plan, ...(ways.length === 0 ? {} : { ways }), ...defined({ offline, deadline }) };
}

const withCanary = (canary: CanaryRecords | undefined): Pick<PlanInput, "canary"> =>
  canary === undefined ? {} : { canary };

const toPackedInput = ({ plan, sent, pack }: PackedRecords, output: JsonSchema | undefined): PackedInput =>
  pack.rowsPerRequest === 1
    ? { plan, sent, output: output ?? {}, keyTokens: 0, maxTokens: pack.maxTokens }
    : { plan, sent, output: makePackSchema(output, pack), keyTokens, maxTokens: pack.maxTokens };

/** Writes down what was asked and planned: the draft of a run. */
export function writeDraft(
  context: PlanContext,
  input: FrozenInput,
  fingerprint: string,
  plan: Plan,
  { canary, summary }: RecordsLeft,
  pack?: RunPack,
): RunFile {
  const { session, request, origin, chosen, id, paths } = context;
  const { frozen, parameters, answer, parent, sourceFiles } = input;
  const { table, prompt, options } = request;
  const { output } = prompt.settings;
  const run: RunFile = {
    version: 1,
    id,
    name: request.name ?? nameRun(table, prompt),
    createdAt: session.nowMs(),
    fingerprint,
    origin,
    table: { shownPath: table, file: basename(frozen.file), reading: frozen.reading },
    reads: listReads(sourceFiles, prompt),
    ...(options.limit === undefined && options.sample === undefined ? {} : { isPartial: true as const }),
    ...(options.mayOverwrite === true ? { mayOverwrite: true as const } : {}),
    ...(options.isCsvSafe === true ? { safeCsv: true as const } : {}),
    // What a program has written for its requests alone, nobody reads again.
    ...(prompt.kind === "raw" && prompt.checked !== undefined ? { omittedColumns: [prompt.column] } : {}),
    ...(options.hasNoReport === true ? { hasNoReport: true as const } : {}),
    prompt: { kind: prompt.kind, source: prompt.source, text: prompt.text },
    model: plan.model,
    invocation: chosen.invocation,
    parameters,
    ...defined({ output }),
    structured: chosen.structured,
    answer,
    ...defined({ parent }),
    answerPrefix: options.answerPrefix,
    ...defined({ timezone: options.timezone }),
    timeoutHours: options.timeoutHours,
    tags: options.tags,
    allowMissing: options.allowMissing,
    ...defined({ answersPerRow: options.answersPerRow }),
    ...(summary.media === undefined ? {} : { hasMedia: true as const }),
    ...(options.fullRefresh ? { fullRefresh: true as const } : {}),
    ...defined({ pack }),
    ...(request.isTrial === true ? { isTrial: true as const } : {}),
    ...(request.partOf === undefined ? {} : { partOf: request.partOf }),
    ...(canary === undefined ? {} : { canary: { index: plan.shards.length, recordCount: canary.recordCount } }),
    ...defined({
      deadline: options.deadline,
      maxAttempts: options.maxAttempts,
      maxCostUsd: options.maxCostUsd,
      maxCostTotalUsd: options.maxCostTotalUsd,
    }),
  };
  writeRunFile(paths, run);
  writePlanFile(paths, plan);
  return run;
}

/** The same input, prompt, model, parameters and origin have the same fingerprint. */
export interface Fingerprints {
  readonly fingerprint: string;
  /** The one that older versions gave, where they gave another. */
  readonly former: string | undefined;
}

/** The fingerprints of a run: what says that a run under way is this very one. */
export function makeFingerprints(
  { request, origin, chosen }: PlanContext,
  { frozen, parameters }: FrozenInput,
  { hash }: RenderedRecords,
): Fingerprints {
  const { prompt, options } = request;
  const { timezone, skipEmpty, onPromptError, onMediaError } = options;
  const of = (promptText: string): string =>
    createHash("sha256")
      .update(
        JSON.stringify([
          frozen.fingerprint,
          promptText,
          chosen.choice.invokeId,
          chosen.invocation,
          chosen.structured,
          parameters,
          prompt.settings.output ?? null,
          origin,
          options.answerPrefix,
          request.name ?? null,
          ...(timezone === undefined ? [] : [timezone]),
          ...(skipEmpty === true ? ["skip-empty"] : []),
          ...(onPromptError === undefined ? [] : ["skip-prompt-errors"]),
          ...(onMediaError === undefined ? [] : ["skip-media-errors"]),
          // A run that is under way in batch is no answer to who asks for the other route.
          ...(options.isOnDemandAsked === true ? ["on-demand"] : []),
          ...(options.pack === undefined ? [] : [`pack ${options.pack}`]),
          ...(request.isTrial === true ? ["trial"] : []),
          ...(hash === undefined ? [] : [hash]),
        ]),
      )
      .digest("hex");
  // Older versions took the line ends of a prompt file as they were: such a run may be under way.
  const formerText = prompt.kind === "raw" ? undefined : prompt.formerText;
  return { fingerprint: of(prompt.text), former: formerText === undefined ? undefined : of(formerText) };
}

/** The same run, under way. */
export function findSameRun(ledger: Ledger, { fingerprint, former }: Fingerprints): RunRow | undefined {
  return (
    findUnfinishedRun(ledger, fingerprint) ?? (former === undefined ? undefined : findUnfinishedRun(ledger, former))
  );
}
