import type { ClientModel } from "../../client-batches/client-models.ts";
import {
  type ConverseBlock,
  type ConverseMessage,
  type ConverseTool,
  drop,
  makeConverseBody,
  makeFileBlock,
  objectOf,
} from "../../client-batches/converse.ts";
import { makeReadyRequest, type ReadyRequest } from "../../client-batches/ready-request.ts";
import { type JsonObject, RefusedRequest } from "../../client-batches/types.ts";

function refuse(message: string): RefusedRequest {
  return new RefusedRequest({ message, code: "invalid_request_error", status: 400 });
}

/** Members that make no difference to the answer, or are the batch's own business: they are left out. */
const leftOut = ["model", "service_tier", "inference_geo", "cache_control"];

/** Members that are taken. */
const taken = [
  ...["messages", "max_tokens", "system", "temperature", "top_p", "top_k", "stop_sequences", "metadata"],
  ...["tools", "tool_choice", "thinking", "output_config", "output_format", "stream"],
];

/**
 * Translates the params of a message: Claude models take them as they are, but for what belongs to Anthropic's own service; every other
 * text model gets Converse's body.
 * @throws RefusedRequest
 */
export function translateParams(id: string, params: JsonObject, model: ClientModel): ReadyRequest {
  for (const [name, value] of Object.entries(params)) {
    if (value !== null && value !== undefined && !taken.includes(name) && !leftOut.includes(name))
      throw refuse(`${name}: Extra inputs are not permitted`);
  }
  if (params["stream"] === true) throw refuse("stream: a batch streams nothing");
  const isClaude = model.choice.family === "anthropic-messages";
  const body = isClaude ? makeOwnBody(params) : makeForeignBody(params, model);
  return makeReadyRequest(model, { id, bodies: [body], invocation: isClaude ? "model" : "converse" });
}

/** The body of a Claude model. Marks of caching go: batch takes none, and they change no answer. */
function makeOwnBody(params: JsonObject): JsonObject {
  const kept = Object.fromEntries(
    Object.entries(params).filter(([name, value]) => !leftOut.includes(name) && name !== "stream" && value !== null),
  );
  refuseLinks(kept["messages"]);
  return { anthropic_version: "bedrock-2023-05-31", ...(withoutMarks(kept) as JsonObject) };
}

function withoutMarks(value: unknown): unknown {
  if (Array.isArray(value)) return (value as unknown[]).map(withoutMarks);
  if (typeof value !== "object" || value === null) return value;
  const { cache_control: _, ...others } = value as Record<string, unknown>;
  // What a tool is called with, or has to look like, is the client's own.
  return Object.fromEntries(
    Object.entries(others).map(([name, each]) => [
      name,
      name === "input" || name === "input_schema" ? each : withoutMarks(each),
    ]),
  );
}

/** A job fetches nothing: a picture or document stands in the request. */
function refuseLinks(messages: unknown): void {
  for (const block of blocksOf(messages)) {
    const { type } = objectOf(block["source"]);
    if (type === "url" || type === "file")
      throw refuse(`a source of the type ${type} is not taken: the file has to stand in the request as base64`);
  }
}

function blocksOf(messages: unknown): JsonObject[] {
  return (Array.isArray(messages) ? (messages as JsonObject[]) : []).flatMap((message) => {
    const content = objectOf(message)["content"];
    return Array.isArray(content) ? (content as JsonObject[]) : [];
  });
}

function makeForeignBody(params: JsonObject, model: ClientModel): JsonObject {
  const {
    system,
    messages,
    thinking,
    top_k: topK,
    output_config: config,
    output_format: format,
  } = params as Record<string, unknown>;
  if (objectOf(thinking)["type"] === "enabled" || objectOf(thinking)["type"] === "adaptive")
    throw refuse(`thinking: ${model.choice.label} does not take it`);
  if (topK !== undefined && model.choice.family !== "amazon-nova")
    throw refuse(`top_k: ${model.choice.label} does not take it`);
  if (params["max_tokens"] === undefined) throw refuse("max_tokens: Field required");
  const schema = objectOf(objectOf(config)["format"] ?? format)["schema"];
  return makeConverseBody(model, {
    system: readSystem(system),
    messages: readMessages(messages),
    maxTokens: params["max_tokens"] as number,
    temperature: params["temperature"] as number | undefined,
    topP: params["top_p"] as number | undefined,
    stopSequences: params["stop_sequences"] as readonly string[] | undefined,
    ...readTools(params),
    schema: schema === undefined ? undefined : objectOf(schema),
    more: topK === undefined ? undefined : { inferenceConfig: { topK } },
  });
}

function readSystem(system: unknown): string[] {
  if (system === undefined || system === null) return [];
  if (typeof system === "string") return [system];
  return (Array.isArray(system) ? (system as unknown[]) : []).map((block) => String(objectOf(block)["text"] ?? ""));
}

function readMessages(messages: unknown): ConverseMessage[] {
  if (!Array.isArray(messages)) throw refuse("messages: Field required");
  return (messages as unknown[]).map((message) => {
    const { role, content } = objectOf(message) as Record<string, unknown>;
    if (role !== "user" && role !== "assistant")
      throw refuse(`messages: the role ${JSON.stringify(role)} is not known`);
    return { role, content: readContent(content) };
  });
}

function readContent(content: unknown): ConverseBlock[] {
  if (typeof content === "string") return [{ text: content }];
  if (!Array.isArray(content)) throw refuse("messages: content has to be a text or a list of blocks");
  return (content as unknown[]).flatMap((block) => readBlock(objectOf(block)));
}

function readBlock(block: JsonObject): ConverseBlock[] {
  const {
    type,
    text,
    id,
    name,
    input,
    tool_use_id: callId,
    content,
    is_error: isError,
    title,
  } = block as Record<string, unknown>;
  switch (type) {
    case "text":
      return [{ text: String(text) }];
    case "image":
      return [readSource(objectOf(block["source"]), "image")];
    case "document":
      return [readSource(objectOf(block["source"]), typeof title === "string" ? title : "document")];
    case "tool_use":
      return [{ toolUse: { toolUseId: id, name, input: input ?? {} } }];
    case "tool_result": {
      const inner = content === undefined || content === null ? [{ text: "" }] : readContent(content);
      return [
        { toolResult: drop({ toolUseId: callId, content: inner, status: isError === true ? "error" : undefined }) },
      ];
    }
    case "thinking":
    case "redacted_thinking":
      // Another model's thought is of no use to this one.
      return [];
    default:
      throw refuse(`messages: a block of the type ${JSON.stringify(type)} is not taken by this model`);
  }
}

function readSource(
  { type, media_type: mediaType, data }: JsonObject & Record<string, unknown>,
  name: string,
): ConverseBlock {
  if (type === "base64" && typeof data === "string") return makeFileBlock(String(mediaType), data, name);
  if (type === "text" && typeof data === "string")
    return makeFileBlock("text/plain", Buffer.from(data, "utf8").toString("base64"), name);
  throw refuse(`a source of the type ${String(type)} is not taken: the file has to stand in the request as base64`);
}

function readTools(params: JsonObject): { tools?: readonly ConverseTool[]; toolChoice?: object } {
  const list = params["tools"];
  const { type: choice, name: chosen } = objectOf(params["tool_choice"]) as Record<string, unknown>;
  const tools = (Array.isArray(list) ? (list as unknown[]) : []).map((tool) => {
    const { type, name, description, input_schema: schema } = objectOf(tool) as Record<string, unknown>;
    if ((type !== undefined && type !== "custom" && type !== null) || typeof name !== "string")
      throw refuse(`tools: ${JSON.stringify(type)} is not taken by this model`);
    return { name, description: typeof description === "string" ? description : undefined, schema };
  });
  if (tools.length === 0 || choice === "none") return {};
  if (choice === "any") return { tools, toolChoice: { any: {} } };
  if (choice === "tool") return { tools, toolChoice: { tool: { name: chosen } } };
  return { tools, ...(choice === undefined ? {} : { toolChoice: { auto: {} } }) };
}
