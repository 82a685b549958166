import { type AnswerPart, readConverseAnswer } from "../../client-batches/converse.ts";
import type { JsonObject } from "../../client-batches/types.ts";

/** What Anthropic calls each stop reason of Converse that it calls otherwise. */
const stopReasons: Readonly<Record<string, string>> = {
  content_filtered: "refusal",
  guardrail_intervened: "refusal",
};

/** An answer as Anthropic's message. @param isOwn the answer is a Claude model's own, which is a message already */
export function translateMessage(body: JsonObject, isOwn: boolean, model: string, recordId: string): JsonObject {
  if (isOwn) return { ...body, model };
  const { parts, stopReason = "end_turn", usage } = readConverseAnswer(body);
  return {
    id: `msg_${recordId}`,
    type: "message",
    role: "assistant",
    model,
    content: parts.map(translatePart),
    stop_reason: stopReasons[stopReason] ?? stopReason,
    stop_sequence: null,
    usage: {
      input_tokens: usage.inputTokens ?? 0,
      output_tokens: usage.outputTokens ?? 0,
      cache_read_input_tokens: usage.cacheReadTokens,
      cache_creation_input_tokens: usage.cacheWriteTokens,
      service_tier: "batch",
    },
  };
}

function translatePart(part: AnswerPart): JsonObject {
  switch (part.kind) {
    case "text":
      return { type: "text", text: part.text, citations: null };
    case "reasoning":
      return { type: "thinking", thinking: part.text, signature: part.signature ?? "" };
    case "redacted":
      return { type: "redacted_thinking", data: part.data };
    case "tool":
      return { type: "tool_use", id: part.id, name: part.name, input: part.input };
  }
}
