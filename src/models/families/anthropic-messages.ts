import { describeSchema } from "../describe-schema.ts";
import type { Family } from "../family.ts";

/**
 * Anthropic Messages, the native body of Claude models.
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages.html
 */
export const anthropicMessages: Family = {
  name: "anthropic-messages",
  label: "Anthropic Messages",
  vendors: ["anthropic"],
  makeBody(text, parameters, output) {
    const system = [parameters.system, output === undefined ? undefined : describeSchema(output)];
    const systemText = system.filter((part) => part !== undefined).join("\n\n");
    return {
      // Without it every record fails with "anthropic_version: Field required" (seen 2026-08-07).
      anthropic_version: "bedrock-2023-05-31",
      max_tokens: parameters.maxTokens,
      ...(parameters.temperature === undefined ? {} : { temperature: parameters.temperature }),
      ...(parameters.topP === undefined ? {} : { top_p: parameters.topP }),
      ...(parameters.topK === undefined ? {} : { top_k: parameters.topK }),
      ...(parameters.stopSequences === undefined ? {} : { stop_sequences: parameters.stopSequences }),
      ...(systemText === "" ? {} : { system: systemText }),
      messages: [{ role: "user", content: [{ type: "text", text }] }],
    };
  },
  findProblems: () => [],
  answer: {
    type: [
      "STRUCT(content STRUCT(type VARCHAR, text VARCHAR)[], stop_reason VARCHAR",
      "usage STRUCT(input_tokens BIGINT, output_tokens BIGINT, cache_creation_input_tokens BIGINT, cache_read_input_tokens BIGINT))",
    ].join(", "),
    text: "array_to_string([b.text FOR b IN o.content IF b.type = 'text' AND b.text IS NOT NULL], '')",
    stopReason: "o.stop_reason",
    inputTokens:
      "o.usage.input_tokens + coalesce(o.usage.cache_creation_input_tokens, 0) + coalesce(o.usage.cache_read_input_tokens, 0)",
    outputTokens: "o.usage.output_tokens",
    truncatedReasons: ["max_tokens", "model_context_window_exceeded"],
    refusedReasons: ["refusal"],
  },
};
