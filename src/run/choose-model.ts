import type { RunOptions } from "../config.ts";
import { HalfpriceError } from "../errors.ts";
import type { Family } from "../models/family.ts";
import type { Prompt } from "../prompt/prompt.ts";
import type { ModelChoice, ModelParameters } from "../types.ts";

/** What a run is asked to do. */
export interface RunRequest {
  /** A path or a glob. */
  readonly table: string;
  readonly prompt: Prompt;
  readonly options: RunOptions;
  /** Wins over the prompt's. */
  readonly model?: string;
  readonly family?: string;
  readonly name?: string;
}

/** Tokens of an answer where neither prompt nor options say. */
export const defaultMaxTokens = 1024;

/** The parameters that a request's prompt and options come to. */
export function toParameters({ prompt: { settings }, options }: RunRequest): ModelParameters {
  const { temperature, topP, topK, stopSequences, system } = settings;
  return {
    maxTokens: options.maxTokens ?? settings.maxTokens ?? defaultMaxTokens,
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(topK === undefined ? {} : { topK }),
    ...(stopSequences === undefined ? {} : { stopSequences }),
    ...(system === undefined ? {} : { system }),
  };
}

/** @throws BAD_OPTIONS where no model is named; what resolveModel throws */
export async function chooseModel(
  request: RunRequest,
  region: string,
): Promise<{ choice: ModelChoice; family: Family; parameters: ModelParameters }> {
  const model = request.model ?? request.prompt.settings.model;
  if (model === undefined) {
    const problems = [`no model is named: neither --model nor \`model:\` in ${request.prompt.source}`];
    throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice run" });
  }
  const [{ resolveModel }, { families }, { checkParameters }] = await Promise.all([
    import("../models/resolve-model.ts"),
    import("../models/families/index.ts"),
    import("../plan/check-plan.ts"),
  ]);
  const choice = resolveModel({
    model,
    region,
    ...(request.family === undefined ? {} : { family: request.family }),
    ...(request.options.price === undefined ? {} : { batchPrice: request.options.price }),
  });
  const family = families.get(choice.family);
  if (family === undefined) throw new HalfpriceError("UNKNOWN_FAMILY", { model, families: [...families.keys()] });
  const parameters = toParameters(request);
  checkParameters(choice, parameters, family.findProblems(parameters));
  return { choice, family, parameters };
}
