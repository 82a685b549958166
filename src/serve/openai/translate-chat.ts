import type { ClientModel } from "../../client-batches/client-models.ts";
import {
  type ConverseBlock,
  type ConverseMessage,
  type ConverseTool,
  makeConverseBody,
  makeDataUrlBlock,
  objectOf,
} from "../../client-batches/converse.ts";
import { makeReadyRequest, type ReadyRequest } from "../../client-batches/ready-request.ts";
import { makeReasoningFields, type ReasoningLevel } from "../../client-batches/reasoning.ts";
import { type JsonObject, RefusedRequest } from "../../client-batches/types.ts";

/** A parameter that is not taken. */
export function refuse(param: string, message: string, code = "unsupported_parameter"): RefusedRequest {
  return new RefusedRequest({ message: `${param}: ${message}`, code, status: 400 });
}

/** Members that make no difference to the answer: they are left out. */
const leftOut = [
  ...["user", "metadata", "store", "service_tier", "safety_identifier", "prompt_cache_key", "prompt_cache_retention"],
  ...["parallel_tool_calls", "stream_options", "seed", "verbosity", "top_logprobs"],
];

/** Members that are translated. */
const translated = [
  ...["model", "messages", "max_tokens", "max_completion_tokens", "temperature", "top_p", "stop", "response_format"],
  ...["tools", "tool_choice", "reasoning_effort"],
];

/** Members that are taken with the value that means nothing, and refused with any other. */
const neutral: Readonly<Record<string, readonly unknown[]>> = {
  n: [1],
  stream: [false],
  logprobs: [false],
  frequency_penalty: [0],
  presence_penalty: [0],
  logit_bias: [],
  modalities: [],
  audio: [],
  prediction: [],
  functions: [],
  function_call: [],
  web_search_options: [],
};

/**
 * Translates the body of a chat completion to Converse's, the same for every text model.
 * @throws RefusedRequest
 */
export function translateChat(id: string, body: JsonObject, model: ClientModel): ReadyRequest {
  checkMembers(body);
  const { system, messages } = translateMessages(body["messages"]);
  const level = body["reasoning_effort"];
  const reasoning = level === undefined || level === null || level === "none" ? undefined : readLevel(level, model);
  const budgetTokens = reasoning?.budgetTokens ?? 0;
  const limit = numberOf(body, "max_completion_tokens") ?? numberOf(body, "max_tokens");
  const temperature = numberOf(body, "temperature");
  if (temperature !== undefined && (temperature < 0 || temperature > 1))
    throw refuse("temperature", `it is ${temperature}; Bedrock takes 0 to 1`, "invalid_value");
  const converse = makeConverseBody(model, {
    system,
    messages,
    maxTokens: limit === undefined && budgetTokens === 0 ? undefined : (limit ?? 4096) + budgetTokens,
    temperature,
    topP: numberOf(body, "top_p"),
    stopSequences: readStop(body["stop"]),
    ...readTools(body, messages),
    schema: readFormat(body["response_format"]),
    more: reasoning?.more,
  });
  return makeReadyRequest(model, { id, bodies: [converse], invocation: "converse" });
}

function checkMembers(body: JsonObject): void {
  for (const [name, value] of Object.entries(body)) {
    if (value === null || value === undefined || translated.includes(name) || leftOut.includes(name)) continue;
    const allowed = neutral[name];
    if (allowed === undefined) throw refuse(name, "it is not known", "unknown_parameter");
    const isEmpty = typeof value === "object" && Object.keys(value).length === 0;
    const isText = name === "modalities" && JSON.stringify(value) === '["text"]';
    if (!isEmpty && !isText && !allowed.includes(value))
      throw refuse(name, `${JSON.stringify(value).slice(0, 60)} is not taken in a Bedrock batch`);
  }
}

function readLevel(level: unknown, model: ClientModel) {
  const known: readonly unknown[] = ["minimal", "low", "medium", "high", "xhigh", "max"];
  const fields = known.includes(level) ? makeReasoningFields(model, level as ReasoningLevel) : undefined;
  if (fields === undefined) throw refuse("reasoning_effort", `${model.choice.label} does not take ${String(level)}`);
  return fields;
}

/** @throws RefusedRequest where it is there and no number */
function numberOf(body: JsonObject, name: string): number | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number") throw refuse(name, "it has to be a number", "invalid_type");
  return value;
}

function readStop(stop: unknown): readonly string[] | undefined {
  if (stop === undefined || stop === null) return undefined;
  const list: readonly unknown[] = Array.isArray(stop) ? stop : [stop];
  if (!list.every((each) => typeof each === "string"))
    throw refuse("stop", "it has to be a text or texts", "invalid_type");
  return list;
}

function readFormat(format: unknown): JsonObject | true | undefined {
  const { type, json_schema: named } = objectOf(format) as Record<string, unknown>;
  if (type === undefined || type === "text") return undefined;
  if (type === "json_object") return true;
  const { schema } = objectOf(named) as Record<string, unknown>;
  if (type === "json_schema" && typeof schema === "object" && schema !== null) return schema as JsonObject;
  throw refuse("response_format", "it has to be text, json_object, or json_schema with a schema", "invalid_value");
}

/** Messages of a chat in Converse's parts. @throws RefusedRequest */
export function translateMessages(list: unknown): { system: string[]; messages: ConverseMessage[] } {
  if (!Array.isArray(list) || list.length === 0)
    throw refuse("messages", "it has to be a list of messages", "invalid_type");
  const system: string[] = [];
  const messages: ConverseMessage[] = [];
  for (const message of list as unknown[]) {
    const {
      role,
      content,
      tool_calls: calls,
      tool_call_id: callId,
      refusal,
    } = objectOf(message) as JsonObject & Record<string, unknown>;
    switch (role) {
      case "system":
      case "developer":
        system.push(readText(content));
        break;
      case "user":
        messages.push({ role, content: readContent(content) });
        break;
      case "assistant": {
        const said = content ?? refusal;
        const spoken = said === undefined || said === null ? [] : readContent(said);
        messages.push({ role, content: [...spoken, ...readCalls(calls)] });
        break;
      }
      case "tool":
        messages.push({
          role: "user",
          content: [{ toolResult: { toolUseId: String(callId), content: [{ text: readText(content) }] } }],
        });
        break;
      default:
        throw refuse("messages", `the role ${JSON.stringify(role)} is not known`, "invalid_value");
    }
  }
  return { system, messages };
}

function readContent(content: unknown): ConverseBlock[] {
  if (typeof content === "string") return [{ text: content }];
  if (!Array.isArray(content)) throw refuse("messages", "content has to be a text or a list of parts", "invalid_type");
  return (content as unknown[]).map((part) => {
    const { type, text, refusal, image_url: image, file } = objectOf(part) as Record<string, unknown>;
    if (type === "text" && typeof text === "string") return { text };
    if (type === "refusal" && typeof refusal === "string") return { text: refusal };
    if (type === "image_url") return makeDataUrlBlock(objectOf(image)["url"], "image");
    if (type === "file") {
      const { file_data: data, filename } = objectOf(file) as Record<string, unknown>;
      return makeDataUrlBlock(data, typeof filename === "string" ? filename.replace(/\.[^.]*$/, "") : "document");
    }
    throw refuse("messages", `a part of the type ${JSON.stringify(type)} is not taken`);
  });
}

function readText(content: unknown): string {
  return readContent(content)
    .map((block) => {
      if (typeof block["text"] === "string") return block["text"];
      throw refuse("messages", "only text is taken in messages of the system and of tools");
    })
    .join("\n");
}

function readCalls(calls: unknown): ConverseBlock[] {
  return (Array.isArray(calls) ? (calls as unknown[]) : []).map((call) => {
    const { id, function: named } = objectOf(call) as Record<string, unknown>;
    const { name, arguments: text } = objectOf(named) as Record<string, unknown>;
    if (typeof name !== "string") throw refuse("tool_calls", "only calls of functions are taken");
    try {
      return { toolUse: { toolUseId: String(id), name, input: JSON.parse(String(text || "{}")) as unknown } };
    } catch {
      throw refuse("tool_calls", `the arguments of ${name} are no JSON`, "invalid_value");
    }
  });
}

function readTools(
  { tools: list, tool_choice: choice }: JsonObject & { readonly tools?: unknown; readonly tool_choice?: unknown },
  messages: readonly ConverseMessage[],
): { tools?: readonly ConverseTool[]; toolChoice?: object } {
  const tools = (Array.isArray(list) ? (list as unknown[]) : []).map((tool) => {
    const { type, function: named } = objectOf(tool) as Record<string, unknown>;
    const { name, description, parameters } = objectOf(named) as Record<string, unknown>;
    if (type !== "function" || typeof name !== "string") throw refuse("tools", "only functions are taken");
    const schema = parameters ?? { type: "object", properties: {} };
    return { name, description: typeof description === "string" ? description : undefined, schema };
  });
  const speaksOfTools = messages.some(({ content }) =>
    content.some((block) => "toolUse" in block || "toolResult" in block),
  );
  if (tools.length === 0 || (choice === "none" && !speaksOfTools)) return {};
  if (choice === undefined || choice === null || choice === "none") return { tools };
  if (choice === "auto") return { tools, toolChoice: { auto: {} } };
  if (choice === "required") return { tools, toolChoice: { any: {} } };
  const { name } = objectOf(objectOf(choice)["function"]) as Record<string, unknown>;
  if (typeof name === "string") return { tools, toolChoice: { tool: { name } } };
  throw refuse("tool_choice", "it has to be none, auto, required, or a function", "invalid_value");
}
