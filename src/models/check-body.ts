import type { ModelChoice } from "../foundation/types/index.ts";
import { type BodySummary, isObject, type JsonObject } from "./body-summary.ts";
import type { Family } from "./family.ts";

/** What of a model decides whether it takes a body. */
export type BodyTarget = Pick<ModelChoice, "label" | "refuses" | "maxOutputTokens" | "isOnDemandAsked">;

/**
 * Members of other wires, which every family refuses: sources#requests-that-fail, sources#prompt-caching tell of whole jobs lost to each.
 * What a job is told of its model stands in the job, not in its records.
 */
const foreign: Readonly<Record<string, string>> = {
  modelId: "`modelId` belongs to the job; take it out of the body",
  custom_id: "`custom_id` is OpenAI's; the record's id is `recordId`, beside `modelInput`",
  recordId: "`recordId` stands beside `modelInput`, not in it",
};

/** What of a ready body would be refused, one sentence a problem; the service sees it only after the upload, per record. */
export function findBodyProblems(
  family: Family,
  body: JsonObject,
  target: BodyTarget,
  look: BodySummary = family.inspectBody(body),
): string[] {
  const names = Object.keys(body);
  const { required, optional } = family.keys;
  return [
    ...required
      .filter((name) => body[name] === undefined || body[name] === null)
      .map((name) => `\`${name}\` is missing`),
    ...names.flatMap((name) => foreign[name] ?? []),
    ...(optional === undefined
      ? []
      : names
          .filter((name) => !required.includes(name) && !optional.includes(name) && foreign[name] === undefined)
          .map((name) => `\`${name}\` is no member of ${family.label}`)),
    ...look.problems,
    ...findLimitProblems(look, target, family.name.endsWith("-chat") ? 2 : 1),
    ...findConversationProblems(look, family.turns, target),
    // On demand both are taken.
    ...(target.isOnDemandAsked !== true && hasCacheMarker(body)
      ? ["batch inference takes no markers of prompt caching (`cache_control`, `cachePoint`)"]
      : []),
    // AWS's page of batch inference, autumn 2026: no tool calling.
    ...["tools", "toolConfig"]
      .filter((name) => target.isOnDemandAsked !== true && body[name] !== undefined)
      .map((name) => `batch inference takes no tools (\`${name}\`)`),
  ];
}

/** @param hottest the highest temperature: OpenAI's form goes to 2 */
function findLimitProblems(
  { maxTokens, temperature, topP }: BodySummary,
  target: BodyTarget,
  hottest: number,
): string[] {
  const { refuses, maxOutputTokens } = target;
  const given = (value: unknown): boolean => value !== undefined && value !== null;
  const isCount = Number.isSafeInteger(maxTokens) && (maxTokens as number) >= 1;
  const problems: string[] = [];
  if (given(maxTokens) && !isCount)
    problems.push(`the limit of tokens is ${JSON.stringify(maxTokens)}; it has to be a whole number from 1`);
  if (isCount && maxOutputTokens !== undefined && (maxTokens as number) > maxOutputTokens) {
    problems.push(`the limit of tokens is ${String(maxTokens)}; the model's is ${maxOutputTokens}`);
  }
  for (const [name, value, most] of [
    ["temperature", temperature, hottest],
    ["top_p", topP, 1],
  ] as const) {
    if (!given(value)) continue;
    if (typeof value !== "number" || value < 0 || value > most)
      problems.push(`\`${name}\` is ${JSON.stringify(value)}; it has to be a number from 0 to ${most}`);
    else if (refuses.includes(name)) problems.push(`\`${name}\` is deprecated for this model`);
  }
  if (given(temperature) && given(topP) && refuses.includes("temperature+top_p")) {
    problems.push("`temperature` and `top_p` cannot both be specified for this model");
  }
  return problems;
}

/** The rules of a conversation, as the service words them: sources#conversations. */
function findConversationProblems({ turns }: BodySummary, rules: Family["turns"], { refuses }: BodyTarget): string[] {
  if (turns === undefined) return [];
  const problems: string[] = [];
  if (turns.length === 0) return ["it has no messages"];
  if (rules === "any") return problems;
  if (turns[0]?.role !== "user") problems.push("a conversation must start with a user message");
  if (rules === "alternating" && turns.some(({ role }, index) => index > 0 && role === turns[index - 1]?.role)) {
    problems.push("a conversation must alternate between user and assistant");
  }
  const last = turns.length - 1;
  const empty = turns.findIndex(({ isEmpty, role }, index) => isEmpty && !(index === last && role === "assistant"));
  if (empty !== -1) problems.push(`the message ${empty + 1} is empty`);
  if (turns[last]?.role === "assistant" && refuses.includes("prefill")) {
    problems.push("this model does not support assistant message prefill: the last message must be the user's");
  }
  return problems;
}

function hasCacheMarker(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasCacheMarker);
  if (!isObject(value)) return false;
  if ("cache_control" in value || "cachePoint" in value) return true;
  return ["messages", "system", "tools", "content"].some((name) => hasCacheMarker(value[name]));
}
