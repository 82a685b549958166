import { HalfpriceError } from "../errors.ts";
import type { ModelParameters, Plan } from "../types.ts";

export interface PlanBounds {
  /** How the table is called in errors. */
  readonly table: string;
  readonly maxCostUsd?: number;
}

/**
 * Stops what would fail, or cost more than allowed.
 * @throws TOO_FEW_RECORDS, PRICE_UNKNOWN, MAX_COST
 */
export function checkPlan(plan: Plan, { table, maxCostUsd }: PlanBounds): void {
  const onDemand = plan.lanes.find(({ lane }) => lane === "on_demand");
  if (onDemand !== undefined && plan.belowMinimum === "fail") {
    const { minRecordsPerJob: minimum, source } = plan.limits;
    const { recordCount, usd } = onDemand;
    const rest = recordCount < plan.recordCount ? plan.recordCount - recordCount : 0;
    const details = { table, recordCount, rest, minimum, model: plan.model.label, source, onDemandUsd: usd?.expected };
    throw new HalfpriceError("TOO_FEW_RECORDS", details);
  }
  if (maxCostUsd === undefined) return;
  if (plan.costUsd === undefined) throw new HalfpriceError("PRICE_UNKNOWN", { model: plan.model.label });
  if (plan.costUsd.high > maxCostUsd) {
    throw new HalfpriceError("MAX_COST", { upperUsd: plan.costUsd.high, maxUsd: maxCostUsd });
  }
}

/**
 * Stops parameters that a model is known to refuse: every record of such a job fails, and the job still says Completed.
 * @throws REFUSED_PARAMETER
 */
export function checkParameters(model: Plan["model"], parameters: ModelParameters, familyProblems: string[]): void {
  const problems = [...familyProblems];
  const { temperature, topP, maxTokens } = parameters;
  const refuses = (name: string): boolean => model.refuses.includes(name);
  if (temperature !== undefined && refuses("temperature")) problems.push("`temperature` is deprecated for this model");
  if (topP !== undefined && refuses("top_p")) problems.push("`top_p` is deprecated for this model");
  if (temperature !== undefined && topP !== undefined && refuses("temperature+top_p")) {
    problems.push("`temperature` and `top_p` cannot both be specified for this model");
  }
  if (model.maxOutputTokens !== undefined && maxTokens > model.maxOutputTokens) {
    problems.push(`max_tokens is ${maxTokens}; the model's limit is ${model.maxOutputTokens}`);
  }
  if (problems.length > 0) throw new HalfpriceError("REFUSED_PARAMETER", { model: model.label, problems });
}
