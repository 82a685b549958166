import { membersOf } from "../body-members.ts";
import { type JsonObject, memberOf, readTurns } from "../body-summary.ts";
import { makeSystemText } from "../describe-schema.ts";
import type { Family } from "../family.ts";
import { novaReasoning } from "../rules/thinking-rules.ts";
import { blockMedia, findBlockProblems } from "./content-blocks.ts";

/**
 * Amazon Nova's own body: Converse's blocks, and Converse's answer.
 * @see https://docs.aws.amazon.com/nova/latest/userguide/complete-request-schema.html
 */
export const amazonNova: Family = {
  name: "amazon-nova",
  label: "Amazon Nova",
  kind: "text",
  vendors: ["amazon"],
  makeBody(text, request) {
    const { maxTokens, temperature, topP, topK, stopSequences, thinking, effort } = request.parameters;
    const reasoningConfig = novaReasoning(thinking, effort);
    const system = makeSystemText(request);
    return membersOf({
      system: system === undefined ? undefined : [{ text: system }],
      messages: [{ role: "user", content: [{ text }] }],
      // AWS's documents have two spellings, `maxTokens` and `max_new_tokens`; the first is that of real jobs (2025-01).
      // With the highest effort no limit may be set (extended-thinking.html of Nova 2, read 2026-11-30).
      inferenceConfig: membersOf({
        maxTokens: reasoningConfig?.["maxReasoningEffort"] === "high" ? undefined : maxTokens,
        temperature,
        topP,
        topK,
        stopSequences,
        // Where InvokeModel takes it: using-invoke-api.html of Nova 2, read 2026-11-30.
        reasoningConfig,
      }),
    });
  },
  media: blockMedia,
  findProblems: ({ output, structured }) =>
    output !== undefined && structured === "native" ? ["Amazon Nova has no native structured output in its body"] : [],
  keys: {
    required: ["messages"],
    optional: ["schemaVersion", "system", "inferenceConfig", "toolConfig", "additionalModelRequestFields"],
  },
  turns: "alternating",
  inspectBody(body: JsonObject) {
    const config = memberOf(body, "inferenceConfig");
    return {
      maxTokens: config["maxTokens"] ?? config["max_new_tokens"],
      temperature: config["temperature"],
      topP: config["topP"] ?? config["top_p"],
      turns: readTurns(body["messages"]),
      problems: findBlockProblems(body),
    };
  },
  answer: {
    type: [
      "STRUCT(output STRUCT(message STRUCT(content STRUCT(text VARCHAR, reasoningContent STRUCT(reasoningText STRUCT(text VARCHAR)), toolUse STRUCT(name VARCHAR, input JSON))[])), stopReason VARCHAR",
      "usage STRUCT(inputTokens BIGINT, outputTokens BIGINT, cacheReadInputTokenCount BIGINT, cacheWriteInputTokenCount BIGINT))",
    ].join(", "),
    text: "array_to_string([b.text FOR b IN o.output.message.content IF b.text IS NOT NULL], '')",
    // Nova 2 writes "[REDACTED]" in its place, and bills it all the same.
    reasoning:
      "nullif(array_to_string([b.reasoningContent.reasoningText.text FOR b IN o.output.message.content IF b.reasoningContent.reasoningText.text IS NOT NULL], '\n'), '')",
    stopReason: "o.stopReason",
    // As Converse counts: what is cached is not among inputTokens (recorded exchanges of Converse; of Nova's own body `unconfirmed`).
    inputTokens:
      "o.usage.inputTokens + coalesce(o.usage.cacheReadInputTokenCount, 0) + coalesce(o.usage.cacheWriteInputTokenCount, 0)",
    outputTokens: "o.usage.outputTokens",
    cacheReadTokens: "o.usage.cacheReadInputTokenCount",
    cacheWriteTokens: "o.usage.cacheWriteInputTokenCount",
    toolCalls:
      "nullif(to_json([b.toolUse FOR b IN o.output.message.content IF b.toolUse.name IS NOT NULL])::VARCHAR, '[]')",
    wholeReasons: ["end_turn", "stop_sequence", "tool_use"],
    truncatedReasons: ["max_tokens"],
    refusedReasons: ["content_filtered", "guardrail_intervened"],
  },
};
