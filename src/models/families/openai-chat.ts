import { membersOf } from "../body-members.ts";
import type { JsonObject } from "../body-summary.ts";
import { findNativeSchema } from "../describe-schema.ts";
import type { Family } from "../family.ts";
import { makeChatMessages, readChatTurns } from "./chat.ts";

/**
 * Reasoning at the head of the content: gpt-oss writes `<reasoning>…</reasoning>` (AWS's page of its parameters, 2026);
 * `<think>` is what other open models write, `unconfirmed` for Bedrock. Where the limit cut it off, it never closes; and where the
 * model's template begins with the opening tag itself, the answer has the closing one alone.
 */
const opening = "<(?:reasoning|think)>";
const closing = "</(?:reasoning|think)>";
const thought = `^\\s*${opening}(.*?)(?:${closing}\\s*|$)`;
const unopened = `^(.*?)${closing}\\s*`;
const content = "o.choices[1].message.content";
const isUnopened = `(regexp_matches(${content}, '${closing}') AND NOT regexp_matches(regexp_extract(${content}, '${unopened}', 1, 's'), '${opening}'))`;
const afterThought = `CASE WHEN ${isUnopened} THEN regexp_replace(${content}, '${unopened}', '', 's') ELSE regexp_replace(${content}, '${thought}', '', 's') END`;
const inThought = `CASE WHEN ${isUnopened} THEN trim(regexp_extract(${content}, '${unopened}', 1, 's'), E' \\n') ELSE regexp_extract(${content}, '${thought}', 1, 's') END`;

/**
 * The chat body of OpenAI's form: gpt-oss, Qwen, DeepSeek, Kimi, GLM, MiniMax, Gemma, Nemotron, newer Mistral.
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-openai.html
 */
export const openaiChat: Family = {
  name: "openai-chat",
  label: "OpenAI chat",
  kind: "text",
  vendors: ["openai", "qwen", "deepseek", "moonshot", "moonshotai", "zai", "minimax", "google", "nvidia", "mistral"],
  makeBody(text, request) {
    const { maxTokens, temperature, topP, stopSequences, effort } = request.parameters;
    const schema = findNativeSchema(request);
    // gpt-oss's page has the newer name; the others' examples have the older one. Which others take both is `unconfirmed`.
    const limit = request.baseId.startsWith("openai.") ? "max_completion_tokens" : "max_tokens";
    return membersOf({
      messages: makeChatMessages(text, request),
      [limit]: maxTokens,
      temperature,
      top_p: topP,
      stop: stopSequences,
      reasoning_effort: effort,
      response_format:
        schema === undefined ? undefined : { type: "json_schema", json_schema: { name: "answer", schema } },
    });
  },
  findProblems: ({ parameters: { topK } }) =>
    topK === undefined ? [] : ["`top_k` is no parameter of the OpenAI chat body"],
  // The models of this form differ in what else they take.
  keys: { required: ["messages"], optional: undefined },
  turns: "any",
  inspectBody(body: JsonObject) {
    const {
      max_completion_tokens: newer,
      max_tokens: older,
      temperature,
      top_p: topP,
    } = body as Record<string, unknown>;
    const problems = body["stream"] === true ? ["`stream` has to be false or left out"] : [];
    return { maxTokens: newer ?? older, temperature, topP, turns: readChatTurns(body), problems };
  },
  answer: {
    type: [
      'STRUCT(choices STRUCT(message STRUCT(content VARCHAR, reasoning_content VARCHAR, reasoning VARCHAR, tool_calls STRUCT("function" STRUCT(name VARCHAR, arguments VARCHAR))[]), finish_reason VARCHAR, stop_reason VARCHAR)[]',
      "usage STRUCT(prompt_tokens BIGINT, completion_tokens BIGINT, completion_tokens_details STRUCT(reasoning_tokens BIGINT)))",
    ].join(", "),
    // Open models begin with line breaks, which belong to no answer.
    text: `ltrim(${afterThought}, E'\\r\\n')`,
    reasoning: `nullif(coalesce(o.choices[1].message.reasoning_content, o.choices[1].message.reasoning, ${inThought}), '')`,
    stopReason: "coalesce(o.choices[1].finish_reason, o.choices[1].stop_reason)",
    inputTokens: "o.usage.prompt_tokens",
    outputTokens: "o.usage.completion_tokens",
    reasoningTokens: "o.usage.completion_tokens_details.reasoning_tokens",
    toolCalls: "nullif(to_json([c.\"function\" FOR c IN o.choices[1].message.tool_calls])::VARCHAR, '[]')",
    wholeReasons: ["stop", "tool_calls", "function_call"],
    truncatedReasons: ["length"],
    refusedReasons: ["content_filter"],
  },
};
