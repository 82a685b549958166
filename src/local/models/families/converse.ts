/**
 * Converse: one body and one answer for every text model. The live API leaves out what a content block is not; batch output
 * writes it as null (sources#output-lines). Members of an answer in the order of the alphabet, as recorded (sources#output-lines).
 */

import { sayViolations } from "../../wire/shape.ts";
import { type CacheUse, countWritten } from "../cache-use.ts";
import { isObject, type JsonObject, joinText, memberOf, numberOf, stringsOf, type TextFamily } from "../family.ts";
import type { Model } from "../model.ts";
import { makeMixedId } from "../seed.ts";
import { findCacheMarker } from "./cache-markers.ts";
import { findConversationProblem, turnsOf } from "./conversation.ts";
import { checkKeys, sayMalformed, sayTooManyTokens } from "./malformed.ts";
import { reasoningText } from "./reasoning.ts";
import { findSamplingProblem } from "./sampling.ts";
import { findThinkingProblem } from "./thinking.ts";

const optional = [
  "system",
  "inferenceConfig",
  "toolConfig",
  "guardrailConfig",
  "additionalModelRequestFields",
  "additionalModelResponseFieldPaths",
  "promptVariables",
  "requestMetadata",
  "performanceConfig",
  "serviceTier",
  "outputConfig",
];

// A block is written with all of these in batch; the order beyond the first four is unconfirmed.
const blockMembers = [
  "text",
  "image",
  "document",
  "toolUse",
  "toolResult",
  "video",
  "audio",
  "guardContent",
  "cachePoint",
  "reasoningContent",
  "citationsContent",
  "searchResult",
] as const;

const stopReasons = {
  end: "end_turn",
  length: "max_tokens",
  stop: "stop_sequence",
  tool: "tool_use",
  refusal: "content_filtered",
  filtered: "content_filtered",
} as const;

function findValueProblem(body: JsonObject, model: Model): string | undefined {
  const { maxTokens, temperature, topP } = memberOf(body, "inferenceConfig") as Record<string, unknown>;
  const problems: string[] = [];
  const check = (name: string, value: unknown, least: number, most: number): void => {
    if (typeof value !== "number") return;
    const must =
      value < least ? `greater than or equal to ${least}` : value > most ? `less than or equal to ${most}` : undefined;
    if (must === undefined) return;
    problems.push(
      `Value '${value}' at 'inferenceConfig.${name}' failed to satisfy constraint: Member must have value ${must}`,
    );
  };
  check("maxTokens", maxTokens, 1, Number.POSITIVE_INFINITY);
  check("temperature", temperature, 0, 1);
  check("topP", topP, 0, 1);
  if (problems.length > 0) return sayViolations(problems);
  const limit = model.maxOutputTokens;
  if (typeof maxTokens === "number" && limit !== undefined && maxTokens > limit) return sayTooManyTokens(limit);
  return findSamplingProblem(temperature, topP, model);
}

export const converse: TextFamily = {
  kind: "text",

  findProblem(body, model, batch) {
    // The live API drops what it does not know; in batch the body is compared with a schema (sources#requests-that-fail).
    const malformed = batch ? sayMalformed(checkKeys(body, { required: ["messages"], optional })) : undefined;
    if (malformed !== undefined) return malformed;
    if (batch && findCacheMarker(body) !== undefined) return findCacheMarker(body);
    const messages = Array.isArray(body["messages"]) ? body["messages"].filter(isObject) : [];
    return (
      findValueProblem(body, model) ??
      findConversationProblem(messages, model, isObject(body["toolConfig"])) ??
      (model.family === "anthropic-messages"
        ? findThinkingProblem(
            memberOf(body, "additionalModelRequestFields"),
            model,
            memberOf(body, "inferenceConfig")["maxTokens"],
          )
        : undefined)
    );
  },

  readAsk(body) {
    const config = memberOf(body, "inferenceConfig");
    return {
      system: joinText(body["system"]),
      turns: turnsOf(body["messages"]),
      maxOutputTokens: numberOf(config["maxTokens"]),
      temperature: numberOf(config["temperature"]),
      stopSequences: stringsOf(config["stopSequences"]),
      schema: readSchema(body),
      tool: readForcedTool(memberOf(body, "toolConfig")),
    };
  },

  writeReply(reply, { model, ask, batch, random, cached }) {
    const reasoning = reasoningText(model);
    const blocks: Record<string, unknown>[] = [];
    if (reasoning !== undefined) blocks.push({ reasoningContent: { reasoningText: { text: reasoning } } });
    if (reply.reason === "tool") {
      const toolUseId = `tooluse_${makeMixedId(22, random)}`;
      blocks.push({ toolUse: { input: reply.toolInput, name: ask.tool?.name, toolUseId } });
    } else blocks.push({ text: reply.text });
    const content = batch
      ? blocks.map((block) => Object.fromEntries(blockMembers.map((name) => [name, block[name] ?? null])))
      : blocks;
    return JSON.stringify({
      metrics: { latencyMs: 20 + 8 * reply.outputTokens },
      output: { message: { content, role: "assistant" } },
      stopReason: stopReasons[reply.reason],
      usage: {
        ...cacheCounters(model, batch, cached),
        inputTokens: reply.inputTokens,
        outputTokens: reply.outputTokens,
        ...(batch ? {} : { serverToolUsage: {} }),
        totalTokens: reply.inputTokens + reply.outputTokens + cached.read + countWritten(cached),
      },
    });
  },
};

/** Claude and Nova count cached tokens under two names; others have none, which batch writes as null. */
function cacheCounters({ family }: Model, batch: boolean, cached: CacheUse): Record<string, unknown> {
  if (family === "anthropic-messages" || family === "amazon-nova") {
    const written = countWritten(cached);
    const details = (["1h", "5m"] as const).filter((ttl) => cached.written[ttl] > 0);
    return {
      // Which of the tokens written live how long; that it is left out where none were is unconfirmed.
      ...(details.length > 0 && {
        cacheDetails: details.map((ttl) => ({ inputTokens: cached.written[ttl], ttl })),
      }),
      cacheReadInputTokenCount: cached.read,
      cacheReadInputTokens: cached.read,
      cacheWriteInputTokenCount: written,
      cacheWriteInputTokens: written,
    };
  }
  return batch ? { cacheReadInputTokens: null, cacheWriteInputTokens: null } : {};
}

function readSchema(body: JsonObject): unknown {
  const structure = memberOf(memberOf(memberOf(body, "outputConfig"), "textFormat"), "structure");
  const { schema } = memberOf(structure, "jsonSchema") as Record<string, unknown>;
  if (typeof schema !== "string") return schema;
  try {
    return JSON.parse(schema);
  } catch {
    return undefined; // a schema that is no JSON asks for nothing
  }
}

function readForcedTool(config: JsonObject): { name: string; schema: unknown } | undefined {
  const choice = memberOf(config, "toolChoice");
  if (!("any" in choice) && !("tool" in choice)) return undefined;
  const specs = (Array.isArray(config["tools"]) ? config["tools"] : [])
    .filter(isObject)
    .map((tool) => memberOf(tool, "toolSpec"));
  const spec = "any" in choice ? specs[0] : specs.find(({ name }) => name === memberOf(choice, "tool")["name"]);
  return typeof spec?.["name"] === "string"
    ? { name: spec["name"], schema: memberOf(spec, "inputSchema")["json"] ?? {} }
    : undefined;
}
