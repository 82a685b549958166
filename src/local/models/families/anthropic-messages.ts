/**
 * Anthropic Messages, the InvokeModel body of the Claude models. The words of its refusals: sources#requests-that-fail;
 * those not seen there follow the same form and are unconfirmed. The answer's members: sources#output-lines, bedrock-runtime.
 */

import { type CacheUse, countWritten } from "../cache-use.ts";
import {
  isObject,
  type JsonObject,
  joinText,
  type ModelRequest,
  memberOf,
  numberOf,
  stringsOf,
  type TextFamily,
} from "../family.ts";
import { countFileTokens } from "../file-tokens.ts";
import type { Model } from "../model.ts";
import { makeMixedId } from "../seed.ts";
import { findCacheMarker } from "./cache-markers.ts";
import { findSamplingProblem } from "./sampling.ts";
import { findThinkingProblem } from "./thinking.ts";

const required = ["anthropic_version", "max_tokens", "messages"] as const;
const allowed = new Set<string>(required);
for (const name of [
  "anthropic_beta",
  "system",
  "temperature",
  "top_p",
  "top_k",
  "stop_sequences",
  "thinking",
  "tools",
  "tool_choice",
  "output_config",
  "output_format",
  "metadata",
  "context_management",
]) {
  allowed.add(name);
}
// A body that has one of these is Converse's; it is refused in the words of another check (sources#requests-that-fail).
const converseOnly = [
  "inferenceConfig",
  "toolConfig",
  "additionalModelRequestFields",
  "guardrailConfig",
  "outputConfig",
];

function findShapeProblem(body: JsonObject): string | undefined {
  const foreign = converseOnly.filter((name) => name in body);
  if (foreign.length > 0) {
    const missing = (["max_tokens", "anthropic_version", "messages"] as const).filter((name) => !(name in body));
    const parts = [
      ...missing.map((name) => `required key [${name}] not found`),
      ...foreign.map((name) => `extraneous key [${name}] is not permitted`),
    ];
    return `Malformed input request: ${parts.map((part) => `#: ${part}`).join("")}, please reformat your input and try again.`;
  }
  for (const name of required) if (body[name] === undefined || body[name] === null) return `${name}: Field required`;
  for (const name of Object.keys(body)) if (!allowed.has(name)) return `${name}: Extra inputs are not permitted`;
  return undefined;
}

const versions: readonly unknown[] = ["bedrock-2023-05-31", "2023-06-01"];

function findValueProblem(body: JsonObject, model: Model): string | undefined {
  const { max_tokens: maxTokens, temperature, top_p: topP, system } = body as Record<string, unknown>;
  // The second is what Anthropic's own client for Bedrock sends since 1.1.3 (2026), and Bedrock takes it.
  if (!versions.includes(body["anthropic_version"])) return "anthropic_version: Input should be 'bedrock-2023-05-31'";
  if (typeof maxTokens !== "number" || !Number.isInteger(maxTokens))
    return "max_tokens: Input should be a valid integer";
  if (maxTokens < 1) return "max_tokens: Input should be greater than or equal to 1";
  if (model.maxOutputTokens !== undefined && maxTokens > model.maxOutputTokens) {
    return `max_tokens: ${maxTokens} > ${model.maxOutputTokens}, which is the maximum allowed number of output tokens for ${nameOf(model)}`;
  }
  for (const [name, value] of [
    ["temperature", temperature],
    ["top_p", topP],
  ] as const) {
    if (value === undefined || value === null) continue;
    if (typeof value !== "number") return `${name}: Input should be a valid number`;
    if (value < 0) return `${name}: Input should be greater than or equal to 0`;
    if (value > 1) return `${name}: Input should be less than or equal to 1`;
  }
  const samplingProblem = findSamplingProblem(temperature, topP, model);
  if (samplingProblem !== undefined) return samplingProblem;
  if (system !== undefined && typeof system !== "string" && !Array.isArray(system))
    return "system: Input should be a valid list";
  return undefined;
}

function findMessagesProblem(messages: unknown, model: Model): string | undefined {
  if (!Array.isArray(messages)) return "messages: Input should be a valid list";
  if (messages.length === 0) return "messages: at least one message is required";
  for (const [index, message] of (messages as unknown[]).entries()) {
    if (!isObject(message)) return `messages.${index}: Input should be a valid dictionary`;
    if (message["role"] === undefined) return `messages.${index}.role: Field required`;
    if (message["role"] !== "user" && message["role"] !== "assistant") {
      return `messages: Unexpected role "${JSON.stringify(message["role"]).replaceAll('"', "")}". Allowed roles are "user" or "assistant"`;
    }
    const { content } = message as Record<string, unknown>;
    if (content === undefined || content === null) return `messages.${index}.content: Field required`;
    const isLast = index === messages.length - 1;
    if (
      (content === "" || (Array.isArray(content) && content.length === 0)) &&
      !(isLast && message["role"] === "assistant")
    ) {
      return `messages.${index}: all messages must have non-empty content except for the optional final assistant message`;
    }
    if (Array.isArray(content)) {
      for (const block of content as unknown[]) {
        if (!isObject(block)) return `messages.${index}.content.0: Input should be a valid dictionary`;
        if (block["type"] === undefined)
          return `messages.${index}.content.${(content as unknown[]).indexOf(block)}.type: Field required`;
        if (block["type"] === "text" && block["text"] === "") return "messages: text content blocks must be non-empty";
      }
    }
  }
  const first = messages[0] as JsonObject;
  if (first["role"] !== "user") return 'messages: first message must use the "user" role';
  const last = messages[messages.length - 1] as JsonObject;
  if (!model.prefill && last["role"] === "assistant") {
    return "This model does not support assistant message prefill. The conversation must end with a user message.";
  }
  return undefined;
}

const names = new WeakMap<Model, string>();

/** Anthropic's own name of a model: `claude-haiku-4-5-20251001`. */
export function nameOf(model: Model): string {
  let name = names.get(model);
  if (name === undefined) {
    name = model.id.replace(/^anthropic\./, "").replace(/-v\d+(:\d+)?$/, "");
    names.set(model, name);
  }
  return name;
}

const stopReasons = {
  end: "end_turn",
  length: "max_tokens",
  stop: "stop_sequence",
  tool: "tool_use",
  refusal: "refusal",
  filtered: "refusal",
} as const;

const writeCached = (use: CacheUse): string =>
  `"cache_creation_input_tokens":${countWritten(use)},"cache_read_input_tokens":${use.read},` +
  `"cache_creation":{"ephemeral_5m_input_tokens":${use.written["5m"]},"ephemeral_1h_input_tokens":${use.written["1h"]}}`;

export const anthropicMessages: TextFamily = {
  kind: "text",

  findProblem(body, model, batch) {
    const cacheProblem = batch ? findCacheMarker(body) : undefined;
    return (
      findShapeProblem(body) ??
      findValueProblem(body, model) ??
      findMessagesProblem(body["messages"], model) ??
      findThinkingProblem(body, model, body["max_tokens"]) ??
      cacheProblem
    );
  },

  readAsk(body): ModelRequest {
    const format = memberOf(memberOf(body, "output_config"), "format");
    const oldFormat = memberOf(body, "output_format");
    return {
      system: joinText(body["system"]),
      turns: (body["messages"] as JsonObject[]).map((message) => ({
        role: message["role"] === "assistant" ? "assistant" : "user",
        text: joinText(message["content"]),
        fileTokens: countFileTokens(message["content"], true),
      })),
      maxOutputTokens: numberOf(body["max_tokens"]),
      temperature: numberOf(body["temperature"]),
      stopSequences: stringsOf(body["stop_sequences"]),
      schema: format["schema"] ?? oldFormat["schema"],
      tool: readForcedTool(body),
    };
  },

  writeReply(reply, { model, ask, random, cached }) {
    const content =
      reply.reason === "tool"
        ? `{"type":"tool_use","id":"toolu_bdrk_01${makeMixedId(22, random)}","name":${JSON.stringify(ask.tool?.name)},"input":${JSON.stringify(reply.toolInput)}}`
        : reply.text === ""
          ? ""
          : `{"type":"text","text":${JSON.stringify(reply.text)}}`;
    return (
      `{"id":"msg_bdrk_01${makeMixedId(22, random)}","type":"message","role":"assistant","model":"${nameOf(model)}",` +
      `"content":[${content}],"stop_reason":"${stopReasons[reply.reason]}",` +
      `"stop_sequence":${reply.stopSequence === undefined ? "null" : JSON.stringify(reply.stopSequence)},` +
      `"usage":{"input_tokens":${reply.inputTokens},"output_tokens":${reply.outputTokens},${writeCached(cached)}}}`
    );
  },
};

function readForcedTool(body: JsonObject): ModelRequest["tool"] {
  const choice = memberOf(body, "tool_choice");
  if (choice["type"] !== "any" && choice["type"] !== "tool") return undefined;
  const tools = Array.isArray(body["tools"]) ? body["tools"].filter(isObject) : [];
  const tool = choice["type"] === "any" ? tools[0] : tools.find(({ name }) => name === choice["name"]);
  return typeof tool?.["name"] === "string" ? { name: tool["name"], schema: tool["input_schema"] ?? {} } : undefined;
}
