import type { SharedV4Warning, Experimental_TextBatchV4Request as TextRequest } from "@ai-sdk/provider";
import type { ClientModel } from "../client-batches/client-models.ts";
import { type ConverseTool, isSchemaNative, makeConverseBody, objectOf } from "../client-batches/converse.ts";
import { makeReadyRequest, type ReadyRequest } from "../client-batches/ready-request.ts";
import { makeReasoningFields, makeThinkingFields, type ReasoningFields } from "../client-batches/reasoning.ts";
import type { JsonObject } from "../client-batches/types.ts";
import { defined } from "../foundation/defined.ts";
import { translatePrompt } from "./translate-prompt.ts";

type Options = TextRequest["options"];

/**
 * Translates a request of the AI SDK to a body of Converse, the same for every text model.
 * @param warn is told what is left out or done in another way
 * @throws RefusedRequest where it cannot be sent
 */
export function translateRequest(
  { id, options }: TextRequest,
  model: ClientModel,
  warn: (warning: SharedV4Warning) => void,
): ReadyRequest {
  const unsupported = (feature: string, details?: string): void =>
    warn({ type: "unsupported", feature, ...defined({ details }) });
  for (const name of ["presencePenalty", "frequencyPenalty", "seed"] as const)
    if (options[name] !== undefined) unsupported(name);
  const prompt = translatePrompt(options.prompt, (feature) => unsupported(feature));
  const own = objectOf(options.providerOptions?.["bedrock"]);
  const reasoning = readReasoning(options, own, model, unsupported);
  const budgetTokens = reasoning?.budgetTokens ?? 0;
  const isThinking = budgetTokens > 0;
  // A thinking Claude model takes no temperature, and its limit counts the thought.
  for (const name of ["temperature", "topP", "topK"] as const)
    if (isThinking && options[name] !== undefined) unsupported(name, `${name} is not taken while the model thinks`);
  const sampling: Pick<Options, "temperature" | "topP" | "topK"> = isThinking ? {} : options;
  const tools = readTools(options, unsupported);
  const body = makeConverseBody(model, {
    ...prompt,
    maxTokens:
      options.maxOutputTokens === undefined && !isThinking
        ? undefined
        : (options.maxOutputTokens ?? 4096) + budgetTokens,
    temperature: clampTemperature(sampling.temperature, unsupported),
    topP: sampling.topP,
    stopSequences: options.stopSequences,
    ...tools,
    schema: readSchema(options, model, warn),
    more: {
      ...(sampling.topK === undefined ? {} : makeTopK(model, sampling.topK, unsupported)),
      ...reasoning?.more,
      ...objectOf(own["additionalModelRequestFields"]),
    },
  });
  return makeReadyRequest(model, { id, bodies: [body], invocation: "converse" });
}

function readReasoning(
  { reasoning }: Options,
  own: JsonObject,
  model: ClientModel,
  unsupported: (feature: string, details?: string) => void,
): ReasoningFields | undefined {
  const { type, budgetTokens } = objectOf(own["reasoningConfig"]) as Record<string, unknown>;
  if (type === "enabled" && typeof budgetTokens === "number" && model.choice.family === "anthropic-messages")
    return makeThinkingFields(budgetTokens);
  if (type === "enabled") unsupported("reasoningConfig", `${model.choice.label} takes no budget of reasoning`);
  if (reasoning === undefined || reasoning === "provider-default" || reasoning === "none") return undefined;
  const fields = makeReasoningFields(model, reasoning);
  if (fields === undefined) unsupported("reasoning", `${model.choice.label} takes no level of reasoning`);
  return fields;
}

function clampTemperature(
  temperature: number | undefined,
  unsupported: (feature: string, details?: string) => void,
): number | undefined {
  if (temperature === undefined || (temperature >= 0 && temperature <= 1)) return temperature;
  const taken = temperature > 1 ? 1 : 0;
  unsupported("temperature", `${temperature} is outside of 0 to 1; ${taken} is sent`);
  return taken;
}

/** Converse has no top_k; a model's own field may. */
function makeTopK({ choice }: ClientModel, topK: number, unsupported: (feature: string) => void): JsonObject {
  if (choice.family === "anthropic-messages") return { top_k: topK };
  if (choice.family === "amazon-nova") return { inferenceConfig: { topK } };
  unsupported("topK");
  return {};
}

function readTools(
  { tools = [], toolChoice, prompt }: Options,
  unsupported: (feature: string) => void,
): { tools?: readonly ConverseTool[]; toolChoice?: object } {
  const functions = tools.flatMap((tool) => {
    if (tool.type === "function") return [{ name: tool.name, description: tool.description, schema: tool.inputSchema }];
    unsupported(`tool ${tool.id}`);
    return [];
  });
  const speaksOfTools = prompt.some(
    ({ content }) =>
      Array.isArray(content) && content.some(({ type }) => type === "tool-call" || type === "tool-result"),
  );
  // Converse wants the tools that its messages speak of, whether the model may call them or not.
  if (functions.length === 0 || (toolChoice?.type === "none" && !speaksOfTools)) return {};
  switch (toolChoice?.type) {
    case "required":
      return { tools: functions, toolChoice: { any: {} } };
    case "tool":
      return { tools: functions, toolChoice: { tool: { name: toolChoice.toolName } } };
    case "none":
      unsupported("toolChoice none beside calls of tools");
      return { tools: functions };
    default:
      return { tools: functions, ...(toolChoice === undefined ? {} : { toolChoice: { auto: {} } }) };
  }
}

function readSchema(
  { responseFormat }: Options,
  model: ClientModel,
  warn: (warning: SharedV4Warning) => void,
): JsonObject | true | undefined {
  if (responseFormat?.type !== "json") return undefined;
  if (responseFormat.schema !== undefined && isSchemaNative(model)) return responseFormat.schema as JsonObject;
  warn({
    type: "compatibility",
    feature: "responseFormat",
    details: `${model.choice.label} is told the schema in words: batch holds it to none`,
  });
  return responseFormat.schema === undefined ? true : (responseFormat.schema as JsonObject);
}
