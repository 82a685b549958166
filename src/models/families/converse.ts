import { membersOf } from "../body-members.ts";
import { type JsonObject, memberOf, readTurns } from "../body-summary.ts";
import { findNativeSchema, makeSystemText } from "../describe-schema.ts";
import type { BodyRequest, Family } from "../family.ts";
import { claudeThinking, novaReasoning } from "../rules/thinking-rules.ts";
import { blockMedia, findBlockProblems } from "./content-blocks.ts";

/** With the highest effort Nova takes no limit. */
const isUnlimited = ({ baseId, parameters: { thinking, effort } }: BodyRequest): boolean =>
  baseId.startsWith("amazon.") && thinking !== "off" && effort === "high";

/** What Converse has no member for: where AWS's pages of adaptive thinking and of Nova 2 put it, read 2026-11-30. */
function findAdditionalFields({
  baseId,
  parameters: { thinking, effort, maxTokens },
}: BodyRequest): object | undefined {
  const fields = baseId.startsWith("amazon.")
    ? membersOf({ reasoningConfig: novaReasoning(thinking, effort) })
    : baseId.startsWith("anthropic.")
      ? membersOf({
          thinking: claudeThinking(baseId, thinking, maxTokens),
          output_config: effort === undefined ? undefined : { effort },
        })
      : membersOf({ reasoning_effort: effort });
  return Object.keys(fields).length === 0 ? undefined : fields;
}

/**
 * Converse: one body and one answer for every text model, in batch since February 2026. In batch every member of a
 * content block that it is not is written as null, and counters may be null (seen 2026-08).
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
 */
export const converse: Family = {
  name: "converse",
  label: "Converse",
  kind: "text",
  vendors: [],
  makeBody(text, request) {
    const { maxTokens, temperature, topP, stopSequences } = request.parameters;
    const system = makeSystemText(request);
    const schema = findNativeSchema(request);
    return membersOf({
      messages: [{ role: "user", content: [{ text }] }],
      system: system === undefined ? undefined : [{ text: system }],
      inferenceConfig: membersOf({
        maxTokens: isUnlimited(request) ? undefined : maxTokens,
        temperature,
        topP,
        stopSequences,
      }),
      additionalModelRequestFields: findAdditionalFields(request),
      outputConfig:
        schema === undefined
          ? undefined
          : {
              textFormat: {
                type: "json_schema",
                structure: { jsonSchema: { name: "answer", schema: JSON.stringify(schema) } },
              },
            },
    });
  },
  media: blockMedia,
  findProblems: ({ parameters: { topK } }) =>
    // It would go into additionalModelRequestFields, which batch refuses for some models ("extraneous key", seen 2026).
    topK === undefined ? [] : ["`top_k` is no parameter of Converse; leave it out, or use the model's own body"],
  keys: {
    required: ["messages"],
    optional: [
      ...["system", "inferenceConfig", "toolConfig", "guardrailConfig", "additionalModelRequestFields"],
      ...["additionalModelResponseFieldPaths", "promptVariables", "requestMetadata", "performanceConfig"],
      ...["serviceTier", "outputConfig"],
    ],
  },
  turns: "alternating",
  inspectBody(body: JsonObject) {
    const { maxTokens, temperature, topP } = memberOf(body, "inferenceConfig") as Record<string, unknown>;
    return { maxTokens, temperature, topP, turns: readTurns(body["messages"]), problems: findBlockProblems(body) };
  },
  answer: {
    type: [
      "STRUCT(output STRUCT(message STRUCT(content STRUCT(text VARCHAR, reasoningContent STRUCT(reasoningText STRUCT(text VARCHAR)), toolUse STRUCT(name VARCHAR, input JSON))[]))",
      "stopReason VARCHAR",
      "usage STRUCT(inputTokens BIGINT, outputTokens BIGINT, cacheReadInputTokens BIGINT, cacheWriteInputTokens BIGINT))",
    ].join(", "),
    // Open models begin with line breaks, which belong to no answer.
    text: "ltrim(array_to_string([b.text FOR b IN o.output.message.content IF b.text IS NOT NULL], ''), E'\\r\\n')",
    reasoning:
      "nullif(array_to_string([b.reasoningContent.reasoningText.text FOR b IN o.output.message.content IF b.reasoningContent.reasoningText.text IS NOT NULL], '\n'), '')",
    stopReason: "o.stopReason",
    // totalTokens counts what was read from a cache, inputTokens does not (recorded exchanges).
    inputTokens:
      "o.usage.inputTokens + coalesce(o.usage.cacheReadInputTokens, 0) + coalesce(o.usage.cacheWriteInputTokens, 0)",
    outputTokens: "o.usage.outputTokens",
    cacheReadTokens: "o.usage.cacheReadInputTokens",
    cacheWriteTokens: "o.usage.cacheWriteInputTokens",
    isPlain: [
      "len([b FOR b IN o.output.message.content IF b.text IS NULL]) = 0",
      "o.stopReason <> 'tool_use'",
      "coalesce(o.usage.cacheReadInputTokens, 0) + coalesce(o.usage.cacheWriteInputTokens, 0) = 0",
      "NOT regexp_matches(array_to_string([b.text FOR b IN o.output.message.content], ''), '^[\\r\\n]')",
    ].join(" AND "),
    toolCalls:
      "nullif(to_json([b.toolUse FOR b IN o.output.message.content IF b.toolUse.name IS NOT NULL])::VARCHAR, '[]')",
    wholeReasons: ["end_turn", "stop_sequence", "tool_use"],
    truncatedReasons: ["max_tokens", "model_context_window_exceeded"],
    refusedReasons: ["content_filtered", "guardrail_intervened"],
  },
};
