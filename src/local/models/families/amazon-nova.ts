/** Amazon Nova's own body: Converse's blocks, with its own config keys in two spellings (sources#request-bodies). */
import { countWritten } from "../cache-use.ts";
import { isObject, type JsonObject, joinText, memberOf, numberOf, stringsOf, type TextFamily } from "../family.ts";
import { findCacheMarker } from "./cache-markers.ts";
import { findConversationProblem, turnsOf } from "./conversation.ts";
import { checkKeys, checkKind, checkRange, sayMalformed, sayTooManyTokens } from "./malformed.ts";

const optional = ["schemaVersion", "system", "inferenceConfig", "toolConfig", "additionalModelRequestFields"];
const blockKeys = ["text", "image", "video", "document", "toolUse", "toolResult", "cachePoint", "reasoningContent"];

function checkMessages(messages: unknown): string[] {
  if (messages === undefined) return [];
  if (!Array.isArray(messages)) return checkKind("#/messages", messages, "JSONArray");
  return (messages as unknown[]).flatMap((message, at) => {
    if (!isObject(message)) return checkKind(`#/messages/${at}`, message, "JSONObject");
    const { content } = message as Record<string, unknown>;
    if (!Array.isArray(content)) return checkKind(`#/messages/${at}/content`, content, "JSONArray");
    return (content as unknown[]).flatMap((block, index) =>
      isObject(block)
        ? Object.keys(block)
            .filter((key) => !blockKeys.includes(key))
            .map((key) => `#/messages/${at}/content/${index}: extraneous key [${key}] is not permitted`)
        : checkKind(`#/messages/${at}/content/${index}`, block, "JSONObject"),
    );
  });
}

const maxTokensOf = (config: JsonObject): number | undefined =>
  numberOf(config["maxTokens"]) ?? numberOf(config["max_new_tokens"]);

export const amazonNova: TextFamily = {
  kind: "text",

  findProblem(body, model, batch) {
    const config = memberOf(body, "inferenceConfig");
    const malformed = sayMalformed([
      ...checkKeys(body, { required: ["messages"], optional }),
      ...checkKind("#/system", body["system"], "JSONArray"),
      ...checkMessages(body["messages"]),
      ...checkRange("#/inferenceConfig/temperature", config["temperature"] ?? 0, 0, 1),
      ...checkRange("#/inferenceConfig/topP", config["topP"] ?? config["top_p"] ?? 1, 0, 1),
    ]);
    if (malformed !== undefined) return malformed;
    const maxTokens = maxTokensOf(config);
    const limit = model.maxOutputTokens;
    if (maxTokens !== undefined && limit !== undefined && maxTokens > limit) return sayTooManyTokens(limit);
    if (batch && findCacheMarker(body) !== undefined) return findCacheMarker(body);
    return findConversationProblem(
      (body["messages"] as unknown[]).filter(isObject),
      model,
      isObject(body["toolConfig"]),
    );
  },

  readAsk(body) {
    const config = memberOf(body, "inferenceConfig");
    return {
      system: joinText(body["system"]),
      turns: turnsOf(body["messages"]),
      maxOutputTokens: maxTokensOf(config),
      temperature: numberOf(config["temperature"]),
      stopSequences: stringsOf(config["stopSequences"]),
      schema: undefined,
      tool: undefined,
    };
  },

  writeReply(reply, { cached }) {
    const [read, write] = [cached.read, countWritten(cached)];
    const stopReason = {
      end: "end_turn",
      length: "max_tokens",
      stop: "stop_sequence",
      tool: "tool_use",
      refusal: "content_filtered",
      filtered: "content_filtered",
    }[reply.reason];
    return JSON.stringify({
      output: { message: { content: [{ text: reply.text }], role: "assistant" } },
      stopReason,
      usage: {
        inputTokens: reply.inputTokens,
        outputTokens: reply.outputTokens,
        totalTokens: reply.inputTokens + reply.outputTokens + read + write,
        cacheReadInputTokenCount: read,
        cacheWriteInputTokenCount: write,
      },
    });
  },
};
