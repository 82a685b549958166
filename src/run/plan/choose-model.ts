import type { RunOptions } from "../../config/read-config.ts";
import { HalfpriceError } from "../../foundation/errors.ts";
import type { InvocationType, ModelChoice, ModelParameters, StructuredOutput } from "../../foundation/types/index.ts";
import { families, findRequestFamily } from "../../models/families/index.ts";
import type { Family } from "../../models/family.ts";
import type { RegionReading } from "../../models/region-reading.ts";
import { resolveModel } from "../../models/resolve-model.ts";
import { checkParameters } from "../../plan/check-plan.ts";
import type { TableSource } from "../../prompt/define-batch.ts";
import type { Prompt } from "../../prompt/prompt.ts";
import type { AnswerKind } from "../../results/result-columns.ts";

/** What a run is asked to do. */
export interface RunRequest {
  /** A path or a glob. */
  readonly table: string;
  /** A program's own rows, or a query: the table is only what they are called then. */
  readonly source?: TableSource;
  readonly prompt: Prompt;
  readonly options: RunOptions;
  /** Wins over the prompt's. */
  readonly model?: string;
  readonly family?: string;
  readonly name?: string;
  /** How requests are written; the model's own body where it is left out. */
  readonly invocation?: InvocationType;
  /** How the schema is asked for; wins over what is known of the model. */
  readonly structured?: StructuredOutput;
  /** No job is made: all of it is asked on demand. */
  readonly isOnDemand?: true;
}

/** Tokens of an answer where neither prompt nor options say. */
export const defaultMaxTokens = 1024;

/** The parameters that a request's prompt and options come to. */
export function toParameters({ prompt: { settings }, options }: RunRequest): ModelParameters {
  const { temperature, topP, topK, stopSequences, system, dimensions } = settings;
  return {
    maxTokens: options.maxTokens ?? settings.maxTokens ?? defaultMaxTokens,
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(topK === undefined ? {} : { topK }),
    ...(stopSequences === undefined ? {} : { stopSequences }),
    ...(system === undefined ? {} : { system }),
    ...(dimensions === undefined ? {} : { dimensions }),
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

/**
 * @param reading what was read of the region's models, where it was
 * @param isOnDemand a model without batch serves as well
 * @throws BAD_OPTIONS where no model is named; REFUSED_PARAMETER; what resolveModel throws
 */
export async function chooseModel(
  request: RunRequest,
  region: string,
  nowMs: number,
  reading?: RegionReading,
  isOnDemand = false,
): Promise<ChosenModel> {
  const model = request.model ?? request.prompt.settings.model;
  if (model === undefined) {
    const problems = [`no model is named: neither --model nor \`model:\` in ${request.prompt.source}`];
    throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice run" });
  }
  const found = resolveModel({
    model,
    region,
    nowMs,
    reading,
    isOnDemandAllowed: isOnDemand || request.isOnDemand === true || request.options.belowMinimum === "on-demand",
    isGlobalAllowed: request.options.isGlobalAllowed === true,
    ...(request.family === undefined ? {} : { family: request.family }),
    ...(request.options.price === undefined ? {} : { batchPrice: request.options.price }),
  });
  const choice = request.isOnDemand === true ? { ...found, noBatch: "the batch asks for on demand" } : found;
  if (!families.has(choice.family))
    throw new HalfpriceError("UNKNOWN_FAMILY", { model, families: [...families.keys()] });
  const invocation = request.invocation ?? "InvokeModel";
  const family = findRequestFamily(choice.family, invocation);
  if (family === undefined) {
    const problems = [`${choice.label} gives vectors; --invocation converse is for models that answer with text`];
    throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice run" });
  }
  const parameters = toParameters(request);
  const structured = request.structured ?? choice.structured ?? "prompt";
  // A ready body has its own parameters; it is held against the family row by row.
  if (request.prompt.kind === "raw") return { choice, family, invocation, structured, parameters };
  const { output } = request.prompt.settings;
  const problems = family.findProblems({ baseId: choice.baseId, parameters, output, structured });
  if (family.kind === "text" && parameters.dimensions !== undefined) {
    problems.push("`dimensions` is the length of a vector; this model answers with text");
  }
  checkParameters(choice, parameters, problems);
  return { choice, family, invocation, structured, parameters };
}

/** The length of vectors where nothing says another: what the families ask for. */
const usualDimensions = 1024;

/** What comes back from a family, for the columns of the results. */
export function toAnswerKind(
  { family, choice, parameters }: Pick<ChosenModel, "family" | "choice" | "parameters">,
  isRaw: boolean,
): AnswerKind {
  if (family.kind === "embedding") return { dimensions: parameters.dimensions ?? (isRaw ? 0 : usualDimensions) };
  return { hasReasoning: choice.reasons === true && family.answer.reasoning !== undefined };
}
