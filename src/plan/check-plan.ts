import { HalfpriceError } from "../foundation/errors/index.ts";
import type { ModelParameters, Plan } from "../foundation/types/index.ts";

/**
 * Stops what would fail: records that no job takes, where they may not go on demand.
 * @param table how the table is called in errors
 * @throws TOO_FEW_RECORDS
 */
export function checkPlan(plan: Plan, table: string): void {
  const { lanes, limits, model, recordCount: all, belowMinimum, earlier } = plan;
  const onDemand = lanes.find(({ lane }) => lane === "on_demand");
  if (onDemand === undefined || belowMinimum === "on-demand") return;
  const { minRecordsPerJob: minimum, source } = limits;
  const { recordCount, usd } = onDemand;
  const details = { table, recordCount, rest: all - recordCount, minimum, model: model.label, source };
  const hasEarlier = (earlier?.requestCount ?? 0) + (earlier?.awaited.length ?? 0) > 0;
  throw new HalfpriceError("TOO_FEW_RECORDS", { ...details, hasEarlier, onDemandUsd: usd?.expected });
}

/**
 * Stops parameters that a model is known to refuse: every record of such a job fails, and the job still says Completed.
 * @throws REFUSED_PARAMETER
 */
export function checkParameters(model: Plan["model"], parameters: ModelParameters, familyProblems: string[]): void {
  const problems = [...familyProblems];
  const { temperature, topP, topK, maxTokens } = parameters;
  const refuses = (name: string): boolean => model.refuses.includes(name);
  if (temperature !== undefined && refuses("temperature")) problems.push("`temperature` is deprecated for this model");
  if (topP !== undefined && refuses("top_p")) problems.push("`top_p` is deprecated for this model");
  if (topK !== undefined && refuses("top_k")) problems.push("`top_k` is deprecated for this model");
  if (temperature !== undefined && topP !== undefined && refuses("temperature+top_p")) {
    problems.push("`temperature` and `top_p` cannot both be specified for this model");
  }
  if (model.maxOutputTokens !== undefined && maxTokens > model.maxOutputTokens) {
    problems.push(`max_tokens is ${maxTokens}; the model's limit is ${model.maxOutputTokens}`);
  }
  if (problems.length > 0) throw new HalfpriceError("REFUSED_PARAMETER", { model: model.label, problems });
}
