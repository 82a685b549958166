import { defined } from "../../foundation/defined.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import type { RunOptions } from "../../foundation/options/run-options.ts";
import type { InvocationType, ModelChoice, ModelParameters, StructuredOutput } from "../../foundation/types/index.ts";
import { findModelOfId } from "../../models/catalogue.ts";
import { families, findRequestFamily } from "../../models/families/index.ts";
import type { Family } from "../../models/family.ts";
import type { RegionReading } from "../../models/region-reading.ts";
import { resolveModel } from "../../models/resolve-model.ts";
import { findNativeProblems } from "../../models/rules/native-schema.ts";
import { findThinkingProblems, willThink } from "../../models/rules/thinking-rules.ts";
import { checkParameters } from "../../plan/check-plan.ts";
import type { TableSource } from "../../prompt/define-batch.ts";
import type { Prompt } from "../../prompt/prompt.ts";
import type { AnswerKind } from "../../results/result-columns.ts";
import type { PartOfRun } from "../../workspace/run-file.ts";
import type { InputFiles } from "../input/input-files.ts";

/** What a run is asked to do. */
export interface RunRequest {
  /** A path or a glob. */
  readonly table: string;
  /** A program's own rows, or a query: the table is only what they are called then. */
  readonly source?: TableSource;
  /** The files that are read, where they were listed before: the table is only what they are called then. */
  readonly files?: InputFiles;
  /** The part of another run that this one does. */
  readonly partOf?: PartOfRun;
  readonly prompt: Prompt;
  readonly options: RunOptions;
  /** Wins over the prompt's. */
  readonly model?: string;
  readonly family?: string;
  readonly name?: string;
  /** The answers are looked at and never taken for those of another run. */
  readonly isTrial?: true;
  /** How requests are written; the model's own body where it is left out. */
  readonly invocation?: InvocationType;
  /** How the schema is asked for; wins over what is known of the model. */
  readonly structured?: StructuredOutput;
}

/** Tokens of an answer where neither prompt nor options say. */
export const defaultMaxTokens = 1024;

/** The parameters that a request's prompt and options come to. */
export function toParameters({ prompt: { settings }, options }: RunRequest): ModelParameters {
  const { temperature, topP, topK, stopSequences, system, dimensions } = settings;
  const thinking = options.thinking ?? settings.thinking;
  const effort = options.effort ?? settings.effort;
  return {
    maxTokens: options.maxTokens ?? settings.maxTokens ?? defaultMaxTokens,
    ...defined({ temperature, topP, topK, stopSequences, system, dimensions, thinking, effort }),
  };
}

/** The model of a run, and how it is asked. */
export interface ChosenModel {
  readonly choice: ModelChoice;
  /** Writes and reads the requests: the model's own family, or Converse. */
  readonly family: Family;
  readonly invocation: InvocationType;
  readonly structured: StructuredOutput;
  readonly parameters: ModelParameters;
}

/** What was found out about a model before it is chosen. */
export interface ModelFacts {
  /** What was read of the region's models, where it was. */
  readonly reading?: RegionReading | undefined;
  /** The models behind an application inference profile, where one is named. */
  readonly behind?: readonly string[] | undefined;
  /** A model without batch serves as well. @defaultValue false */
  readonly isOnDemand?: boolean;
}

/** The model as the request names it, before its prompt. */
export const findModelName = (request: Pick<RunRequest, "model" | "prompt">): string | undefined =>
  request.model ?? request.prompt.settings.model;

/**
 * @throws BAD_OPTIONS where no model is named; REFUSED_PARAMETER; what resolveModel throws
 */
export async function chooseModel(
  request: RunRequest,
  region: string,
  nowMs: number,
  { reading, behind, isOnDemand = false }: ModelFacts = {},
): Promise<ChosenModel> {
  const model = findModelName(request);
  if (model === undefined) {
    const problems = [`no model is named: neither --model nor \`model:\` in ${request.prompt.source}`];
    throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice run" });
  }
  const resolved = resolveModel({
    model,
    region,
    nowMs,
    reading,
    behind,
    isOnDemandAllowed: isOnDemand || request.options.belowMinimum === "on-demand",
    isOnDemandAsked: request.options.isOnDemandAsked === true,
    isGlobalAllowed: request.options.isGlobalAllowed === true,
    ...defined({ family: request.family, batchPrice: request.options.price }),
  });
  if (!families.has(resolved.family))
    throw new HalfpriceError("UNKNOWN_FAMILY", { model, families: [...families.keys()] });
  const invocation = request.invocation ?? "InvokeModel";
  const family = findRequestFamily(resolved.family, invocation);
  if (family === undefined) {
    const problems = [`${resolved.label} gives vectors; --invocation converse is for models that answer with text`];
    throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice run" });
  }
  const parameters = toParameters(request);
  const structured = request.structured ?? resolved.structured ?? "prompt";
  const asked = request.prompt.kind === "raw" ? resolved : withThinking(resolved, parameters);
  const choice = request.prompt.settings.output === undefined ? asked : withDoubt(asked, structured);
  // A ready body has its own parameters; it is compared with the family row by row.
  if (request.prompt.kind === "raw") return { choice, family, invocation, structured, parameters };
  const { output } = request.prompt.settings;
  const problems = [
    ...family.findProblems({ baseId: choice.baseId, parameters, output, structured }),
    ...(output !== undefined && structured === "native" ? findNativeProblems(output) : []),
    ...(family.kind === "embedding"
      ? ["thinking", "effort"]
          .filter((name) => parameters[name as "thinking" | "effort"] !== undefined)
          .map((name) => `\`${name}\`: an embedding model does not think; leave it out`)
      : findThinkingProblems({
          ...{ baseId: choice.baseId, label: choice.label, reasons: resolved.reasons === true },
          ...{ thinking: parameters.thinking, effort: parameters.effort, maxTokens: parameters.maxTokens },
          hasSampling: [parameters.temperature, parameters.topP, parameters.topK].some((value) => value !== undefined),
        })),
  ];
  if (family.kind === "text" && parameters.dimensions !== undefined) {
    problems.push("`dimensions` is the length of a vector; this model answers with text");
  }
  checkParameters(choice, parameters, problems);
  return { choice, family, invocation, structured, parameters };
}

/** The model with a warning, where it is known, or said by AWS, not to hold an answer to a schema. */
function withDoubt(choice: ModelChoice, structured: StructuredOutput): ModelChoice {
  if (structured !== "native") return choice;
  const { structuredRefused: since, structuredUnsupported: isUnsupported } = findModelOfId(choice.baseId) ?? {};
  if (since === undefined && isUnsupported === undefined) return choice;
  const doubt =
    since === undefined
      ? `AWS's card of ${choice.label} says that structured outputs are not supported`
      : `Bedrock was reported to refuse native structured output of ${choice.label} since ${since}`;
  const warning = `${doubt}: a canary shows it for little (--canary 5), and without --structured native the schema is asked for in words.`;
  return { ...choice, warnings: [...(choice.warnings ?? []), warning] };
}

/** The model as it thinks with what it is asked: its reasoning gets a column, and its tokens are in the price, or not. */
function withThinking(choice: ModelChoice, { thinking, effort }: ModelParameters): ModelChoice {
  if (thinking === undefined && effort === undefined) return choice;
  const { reasons: byItself, ...rest } = choice;
  // An effort alone makes Nova think.
  const isSwitched = thinking ?? (choice.baseId.startsWith("amazon.") ? ("on" as const) : undefined);
  const thinks = willThink({ baseId: choice.baseId, reasons: byItself === true, thinking: isSwitched });
  const asked = { ...defined({ thinking, effort }) };
  return { ...rest, ...(thinks ? { reasons: true as const } : {}), asked };
}

/** The length of vectors where nothing says another: what the families ask for. */
const usualDimensions = 1024;

/** What comes back from a family, for the columns of the results. */
export function toAnswerKind(
  { family, choice, parameters }: Pick<ChosenModel, "family" | "choice" | "parameters">,
  prompt: Prompt,
): AnswerKind {
  const isRaw = prompt.kind === "raw";
  if (family.kind === "embedding") return { dimensions: parameters.dimensions ?? (isRaw ? 0 : usualDimensions) };
  return {
    hasReasoning: choice.reasons === true && family.answer.reasoning !== undefined,
    ...(isRaw && prompt.checked !== undefined && family.answer.isPlain !== undefined ? { tellsPlain: true } : {}),
  };
}
