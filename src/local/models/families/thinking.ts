/**
 * What Claude models take about thinking, effort and structured output (user guide, adaptive thinking and the models' cards, read
 * 2026-11-30). Words: that of `enabled` was measured 2026-10-10 of Haiku 5.5; the others follow Anthropic's form, unconfirmed.
 */
import { isObject, type JsonObject, memberOf } from "../family.ts";
import type { Model } from "../model.ts";

const efforts = ["low", "medium", "high", "xhigh", "max"];
/** Whose thinking is always on. */
const always = /claude-(?:opus-5-5|sonnet-5-5|fable-5)/;
/** Which take `adaptive` and no number of tokens. */
const adaptiveOnly = /claude-(?:opus-5|sonnet-5|haiku-5|fable-5|opus-4-[78])/;
/** Which take `adaptive` at all, and an effort. */
const adaptive = /claude-(?:opus-5|sonnet-5|haiku-5|fable-5|opus-4-[678]|sonnet-4-6)/;
/** Whose effort ends at `high` while thinking is off. */
const capped = /claude-(?:opus-5(?!-5)|haiku-5-5)/;
const leastBudget = 1024;

/** AWS's words, or undefined. @param fields the body, or Converse's `additionalModelRequestFields` */
export function findThinkingProblem(fields: JsonObject, { id }: Model, maxTokens: unknown): string | undefined {
  const { thinking } = fields as { thinking?: unknown };
  const config = memberOf(fields, "output_config");
  const { effort, format } = config as Record<string, unknown>;
  if (effort !== undefined) {
    if (!adaptive.test(id) && !id.includes("claude-opus-4-5"))
      return "output_config.effort: Extra inputs are not permitted";
    if (!efforts.includes(String(effort)))
      return `output_config.effort: Input should be ${efforts.map((each) => `'${each}'`).join(", ")}`;
  }
  if (format !== undefined && adaptiveOnly.test(id)) return "output_config.format: Extra inputs are not permitted";
  if (thinking === undefined) return undefined;
  if (!isObject(thinking)) return "thinking: Input should be a valid dictionary";
  const { type, budget_tokens: budget } = thinking as Record<string, unknown>;
  if (type === "disabled") {
    if (always.test(id)) return '"thinking.type.disabled" is not supported for this model.';
    return capped.test(id) && (effort === "xhigh" || effort === "max")
      ? `output_config.effort: '${effort}' is not supported when thinking is disabled`
      : undefined;
  }
  if (type === "adaptive")
    return adaptive.test(id) ? undefined : '"thinking.type.adaptive" is not supported for this model.';
  if (type !== "enabled") return "thinking.type: Input should be 'enabled', 'disabled' or 'adaptive'";
  if (adaptiveOnly.test(id))
    return '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.';
  if (typeof budget !== "number") return "thinking.enabled.budget_tokens: Field required";
  if (budget < leastBudget)
    return `thinking.enabled.budget_tokens: Input should be greater than or equal to ${leastBudget}`;
  if (typeof maxTokens === "number" && budget >= maxTokens)
    return "`max_tokens` must be greater than `thinking.budget_tokens`";
  return undefined;
}
