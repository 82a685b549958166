import { membersOf } from "../body-members.ts";
import { isObject, type JsonObject, readTurns } from "../body-summary.ts";
import { findNativeSchema, makeSystemText } from "../describe-schema.ts";
import type { Family } from "../family.ts";
import { claudeThinking } from "../rules/thinking-rules.ts";

const version = "bedrock-2023-05-31";

/**
 * Anthropic Messages, the native body of Claude models.
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages.html
 */
export const anthropicMessages: Family = {
  name: "anthropic-messages",
  label: "Anthropic Messages",
  kind: "text",
  vendors: ["anthropic"],
  makeBody(text, request) {
    const { maxTokens, temperature, topP, topK, stopSequences, thinking, effort } = request.parameters;
    const schema = findNativeSchema(request);
    const format = schema === undefined ? undefined : { type: "json_schema", schema };
    return membersOf({
      // Without it every record fails with "anthropic_version: Field required" (seen 2026-08-07).
      anthropic_version: version,
      max_tokens: maxTokens,
      temperature,
      top_p: topP,
      top_k: topK,
      stop_sequences: stopSequences,
      system: makeSystemText(request),
      // Anthropic's field of structured output; whether batch takes it is not settled (AWS's pages disagree, 2026).
      output_config: format === undefined && effort === undefined ? undefined : membersOf({ effort, format }),
      thinking: claudeThinking(request.baseId, thinking, maxTokens),
      messages: [{ role: "user", content: [{ type: "text", text }] }],
    });
  },
  media: {
    writeText: (text) => JSON.stringify({ type: "text", text }),
    writeMedia: ({ kind, format, mimeType, name, data }) =>
      JSON.stringify(
        kind === "image"
          ? { type: "image", source: { type: "base64", media_type: mimeType, data } }
          : {
              type: "document",
              source:
                format === "pdf"
                  ? { type: "base64", media_type: mimeType, data }
                  : { type: "text", media_type: "text/plain", data },
              title: name,
            },
      ),
    textFormats: ["txt", "md", "csv", "html"],
  },
  findProblems: () => [],
  // Any other member fails its record with "Extra inputs are not permitted" (seen 2026).
  keys: {
    required: ["anthropic_version", "max_tokens", "messages"],
    optional: [
      ...["system", "temperature", "top_p", "top_k", "stop_sequences", "thinking", "output_config", "output_format"],
      ...["anthropic_beta", "metadata", "context_management", "tools", "tool_choice"],
    ],
  },
  turns: "user-first",
  inspectBody(body: JsonObject) {
    const { max_tokens: maxTokens, temperature, top_p: topP, messages } = body as Record<string, unknown>;
    const untyped =
      Array.isArray(messages) &&
      (messages as unknown[]).some(
        (message) =>
          isObject(message) &&
          Array.isArray(message["content"]) &&
          message["content"].some((block) => isObject(block) && block["type"] === undefined),
      );
    const problems = [
      // Anthropic's own client for Bedrock sends the second since 1.1.3, and Bedrock takes it (compared 2026-11-30).
      ...(body["anthropic_version"] === undefined || [version, "2023-06-01"].includes(String(body["anthropic_version"]))
        ? []
        : [`\`anthropic_version\` has to be "${version}"`]),
      ...(untyped ? ['a block of `content` has no `type`; write {"type": "text", "text": "…"}'] : []),
    ];
    return { maxTokens, temperature, topP, turns: readTurns(messages), problems };
  },
  answer: {
    type: [
      "STRUCT(content STRUCT(type VARCHAR, text VARCHAR, thinking VARCHAR, name VARCHAR, input JSON)[], stop_reason VARCHAR",
      "usage STRUCT(input_tokens BIGINT, output_tokens BIGINT, cache_creation_input_tokens BIGINT, cache_read_input_tokens BIGINT))",
    ].join(", "),
    text: "array_to_string([b.text FOR b IN o.content IF b.type = 'text' AND b.text IS NOT NULL], '')",
    reasoning:
      "nullif(array_to_string([b.thinking FOR b IN o.content IF b.type = 'thinking' AND b.thinking IS NOT NULL], '\n'), '')",
    stopReason: "o.stop_reason",
    inputTokens:
      "o.usage.input_tokens + coalesce(o.usage.cache_creation_input_tokens, 0) + coalesce(o.usage.cache_read_input_tokens, 0)",
    outputTokens: "o.usage.output_tokens",
    cacheReadTokens: "o.usage.cache_read_input_tokens",
    cacheWriteTokens: "o.usage.cache_creation_input_tokens",
    // From Claude Opus 5 on the thoughts themselves are left out by default: an empty text with a signature.
    hasThought: "len([b FOR b IN o.content IF b.type IN ('thinking', 'redacted_thinking')]) > 0",
    toolCalls:
      "nullif(to_json([{name: b.name, input: b.input} FOR b IN o.content IF b.type = 'tool_use'])::VARCHAR, '[]')",
    wholeReasons: ["end_turn", "stop_sequence", "tool_use"],
    truncatedReasons: ["max_tokens", "model_context_window_exceeded"],
    refusedReasons: ["refusal"],
  },
};
