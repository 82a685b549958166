/**
 * Data: what models take about thinking before the answer, by the beginning of the base model's id. Sources, read 2026-11-30:
 * https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-adaptive-thinking.html and the models' cards beside it;
 * https://docs.aws.amazon.com/nova/latest/nova2-userguide/extended-thinking.html.
 */
import type { Effort, Thinking } from "../../foundation/types/index.ts";

/** How a model is told to think, in its own words. */
export interface ThinkingRule {
  /** `adaptive`: the model decides how much. `budget`: it wants a number of tokens. `level`: an effort and nothing else. */
  readonly kind: "adaptive" | "budget" | "level";
  /** Whether it thinks where nothing is said. */
  readonly isOnByDefault: boolean;
  readonly canBeOff: boolean;
  /** It takes a number of tokens, too. */
  readonly takesBudget: boolean;
  readonly efforts: readonly Effort[];
  /** The highest effort that goes with thinking off. */
  readonly mostEffortOff?: Effort;
}

const all = ["low", "medium", "high", "xhigh", "max"] as const;
const three = ["low", "medium", "high"] as const;

/** Thinks always, or by itself; takes no budget. */
const adaptive = { kind: "adaptive", isOnByDefault: true, canBeOff: true, takesBudget: false, efforts: all } as const;
const always = { ...adaptive, canBeOff: false } as const;
const cappedOff = { ...adaptive, mostEffortOff: "high" } as const;
/** Thinks when asked to. */
const optional = { ...adaptive, isOnByDefault: false } as const;
const budget = { kind: "budget", isOnByDefault: false, canBeOff: true, takesBudget: true, efforts: [] } as const;

const rules: readonly (readonly [start: string, rule: ThinkingRule])[] = [
  ["anthropic.claude-opus-5-5", always],
  // That it cannot be switched off is a report, its card does not say so: `unconfirmed`.
  ["anthropic.claude-sonnet-5-5", always],
  ["anthropic.claude-fable-5", always],
  ["anthropic.claude-haiku-5-5", cappedOff],
  ["anthropic.claude-opus-5", cappedOff],
  ["anthropic.claude-sonnet-5", adaptive],
  // Opus 4.8 is not on the page: as Opus 4.7, `unconfirmed`.
  ["anthropic.claude-opus-4-8", optional],
  ["anthropic.claude-opus-4-7", optional],
  // A budget is deprecated for these two, and still taken.
  ["anthropic.claude-opus-4-6", { ...optional, takesBudget: true }],
  ["anthropic.claude-sonnet-4-6", { ...optional, takesBudget: true, efforts: [...three, "max"] }],
  // Anthropic's page of the effort parameter names Opus 4.5 and Bedrock; that batch takes it is `unconfirmed`.
  ["anthropic.claude-opus-4-5", { ...budget, efforts: three }],
  ["anthropic.claude-opus-4", budget],
  ["anthropic.claude-sonnet-4", budget],
  ["anthropic.claude-haiku-4-5", budget],
  ["anthropic.claude-3-7-sonnet", budget],
  ["amazon.nova-2-lite", { kind: "level", isOnByDefault: false, canBeOff: true, takesBudget: false, efforts: three }],
  // OpenAI's `reasoning_effort`; it has no "off".
  ["openai.gpt-oss", { kind: "level", isOnByDefault: true, canBeOff: false, takesBudget: false, efforts: three }],
];

/** Undefined for a model that is not known to take a word about thinking. */
export function findThinkingRule(baseId: string): ThinkingRule | undefined {
  return rules.find(([start]) => baseId.startsWith(start))?.[1];
}

/** The least budget that Claude takes. */
export const leastBudget = 1024;

/** What was asked of a model's thinking. */
export interface ThinkingRequest {
  readonly baseId: string;
  /** For people. */
  readonly label: string;
  /** The catalogue says that it thinks by itself. */
  readonly reasons: boolean;
  readonly thinking: Thinking | undefined;
  readonly effort: Effort | undefined;
  readonly maxTokens: number;
  /** Whether one of the sampling parameters is set. */
  readonly hasSampling: boolean;
}

/** Whether a model will think with what it is asked: undefined where it is not known to. */
export function willThink({
  baseId,
  reasons,
  thinking,
}: Pick<ThinkingRequest, "baseId" | "reasons" | "thinking">): boolean {
  if (thinking === "off") return false;
  if (thinking !== undefined) return true;
  return reasons || findThinkingRule(baseId)?.isOnByDefault === true;
}

/** What of a request's words about thinking the model does not take, one sentence a problem. */
export function findThinkingProblems(request: ThinkingRequest): string[] {
  const { baseId, label, reasons, thinking, effort, maxTokens, hasSampling } = request;
  if (thinking === undefined && effort === undefined) return [];
  const rule = findThinkingRule(baseId);
  if (rule === undefined) {
    return [
      ...(effort === undefined ? [] : [`\`effort\`: ${label} is not known to take one; leave it out`]),
      ...(thinking === undefined || (thinking === "off" && !reasons)
        ? []
        : [
            `\`thinking\`: ${label} ${reasons ? "thinks by itself, and no way to control it is known" : "does not think before it answers"}; leave it out`,
          ]),
    ];
  }
  const problems: string[] = [];
  const efforts = rule.efforts.join(", ");
  if (effort !== undefined && !rule.efforts.includes(effort)) {
    problems.push(
      rule.efforts.length === 0
        ? `\`effort\`: ${label} takes none; its thinking is bounded by a number of tokens, such as \`thinking: 2000\``
        : `\`effort\` is ${effort}; ${label} takes ${efforts}`,
    );
  }
  if (thinking === "off" && !rule.canBeOff) {
    const least = rule.efforts[0];
    problems.push(
      `\`thinking\`: the thinking of ${label} cannot be switched off${least === undefined ? "" : `; \`effort: ${least}\` is the least`}`,
    );
  }
  if (thinking === "off" && rule.mostEffortOff !== undefined && effort !== undefined) {
    if (rule.efforts.indexOf(effort) > rule.efforts.indexOf(rule.mostEffortOff))
      problems.push(`\`effort\` is ${effort}; with thinking off ${label} takes at most ${rule.mostEffortOff}`);
  }
  if (typeof thinking === "number" && !rule.takesBudget) {
    problems.push(
      `\`thinking\` is ${thinking}; ${label} takes no number of tokens, but an \`effort\`: ${efforts}, or max_tokens as the limit of all`,
    );
  }
  const budgetTokens = findBudget(rule, thinking, maxTokens);
  if (budgetTokens !== undefined && rule.takesBudget) {
    if (budgetTokens < leastBudget)
      problems.push(
        typeof thinking === "number"
          ? `\`thinking\` is ${thinking}; the least number of tokens that ${label} takes is ${leastBudget}`
          : `\`thinking\`: ${label} wants at least ${leastBudget} tokens for it and max_tokens is ${maxTokens}; set max_tokens to ${2 * leastBudget} or more`,
      );
    else if (budgetTokens >= maxTokens)
      problems.push(`\`thinking\` is ${budgetTokens}; it has to be below max_tokens, which is ${maxTokens}`);
  }
  const isThinking = willThink(request);
  if (isThinking && hasSampling && rule.kind === "level" && effort === "high" && baseId.startsWith("amazon."))
    problems.push(`with \`effort: high\` ${label} takes no temperature, top_p or top_k; leave them out`);
  if (thinking !== undefined && thinking !== "off" && hasSampling && baseId.startsWith("anthropic."))
    problems.push("while a Claude model thinks, temperature, top_p and top_k cannot be set; leave them out");
  return problems;
}

/** The number of tokens for models that want one: half of the limit where none is given. */
function findBudget(rule: ThinkingRule, thinking: Thinking | undefined, maxTokens: number): number | undefined {
  if (typeof thinking === "number") return thinking;
  return rule.kind === "budget" && thinking === "on" ? Math.floor(maxTokens / 2) : undefined;
}

/** Anthropic's members of a request about thinking; none where nothing is said. */
export function claudeThinking(
  baseId: string,
  thinking: Thinking | undefined,
  maxTokens: number,
): Readonly<Record<string, unknown>> | undefined {
  const rule = findThinkingRule(baseId);
  if (thinking === undefined || rule === undefined) return undefined;
  if (thinking === "off") return { type: "disabled" };
  const budgetTokens = findBudget(rule, thinking, maxTokens);
  return budgetTokens === undefined ? { type: "adaptive" } : { type: "enabled", budget_tokens: budgetTokens };
}

/** Nova's member of a request about thinking; an effort alone switches it on. */
export function novaReasoning(
  thinking: Thinking | undefined,
  effort: Effort | undefined,
): Readonly<Record<string, unknown>> | undefined {
  if (thinking === "off") return { type: "disabled" };
  if (thinking === undefined && effort === undefined) return undefined;
  return { type: "enabled", maxReasoningEffort: effort ?? "medium" };
}
