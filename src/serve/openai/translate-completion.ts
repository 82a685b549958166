import { readConverseAnswer } from "../../client-batches/converse.ts";
import type { JsonObject } from "../../client-batches/types.ts";

/** What OpenAI calls each stop reason of Converse; every other one is `stop`. */
const finishReasons: Readonly<Record<string, string>> = {
  end_turn: "stop",
  stop_sequence: "stop",
  tool_use: "tool_calls",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  content_filtered: "content_filter",
  guardrail_intervened: "content_filter",
  refusal: "content_filter",
};

/** Whose answer it is, and when it came. */
export interface CompletionFrame {
  readonly recordId: string;
  readonly model: string;
  /** Seconds since 1970. */
  readonly created: number;
}

/** Converse's answer as a chat completion. */
export function translateCompletion(body: JsonObject, { recordId, model, created }: CompletionFrame): JsonObject {
  const { parts, stopReason, usage } = readConverseAnswer(body);
  const texts = parts.flatMap((part) => (part.kind === "text" ? [part.text] : []));
  const thoughts = parts.flatMap((part) => (part.kind === "reasoning" ? [part.text] : []));
  const calls = parts.flatMap((part) =>
    part.kind === "tool"
      ? [{ id: part.id, type: "function", function: { name: part.name, arguments: JSON.stringify(part.input) } }]
      : [],
  );
  const promptTokens = (usage.inputTokens ?? 0) + usage.cacheReadTokens + usage.cacheWriteTokens;
  const completionTokens = usage.outputTokens ?? 0;
  return {
    id: `chatcmpl-${recordId}`,
    object: "chat.completion",
    created,
    model,
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: texts.length === 0 && calls.length > 0 ? null : texts.join(""),
          refusal: null,
          ...(thoughts.length === 0 ? {} : { reasoning_content: thoughts.join("\n") }),
          ...(calls.length === 0 ? {} : { tool_calls: calls }),
        },
        logprobs: null,
        finish_reason: finishReasons[stopReason ?? ""] ?? "stop",
      },
    ],
    usage: {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
      prompt_tokens_details: { cached_tokens: usage.cacheReadTokens, audio_tokens: 0 },
    },
    system_fingerprint: null,
  };
}
