import type {
  Experimental_BatchV4ItemResult as ItemResult,
  JSONObject,
  LanguageModelV4Content,
  LanguageModelV4FinishReason,
  LanguageModelV4GenerateResult,
} from "@ai-sdk/provider";
import { type AnswerPart, readConverseAnswer } from "../client-batches/converse.ts";
import type { JsonObject, LineAnswer } from "../client-batches/types.ts";
import { defined } from "../foundation/defined.ts";

/** What the AI SDK calls each stop reason of Converse; every other one is `other`. */
const finishReasons: Readonly<Record<string, LanguageModelV4FinishReason["unified"]>> = {
  end_turn: "stop",
  stop_sequence: "stop",
  tool_use: "tool-calls",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  content_filtered: "content-filter",
  guardrail_intervened: "content-filter",
  refusal: "content-filter",
  malformed_model_output: "error",
  malformed_tool_use: "error",
};

/** A line as the AI SDK has it. @param type of its request */
export function translateLine(line: LineAnswer, type: "text" | "image"): ItemResult {
  const { id, status, error = { message: "there is no answer" }, body, group, recordId } = line;
  if (status === "succeeded" && body !== undefined)
    return { type: "text", id, status, result: translateAnswer(body, group?.clientModel, recordId) };
  const { message, code, status: statusCode } = error;
  const shown = {
    message,
    ...defined({ code, statusCode }),
  };
  return status === "cancelled" || status === "expired"
    ? { type, id, status, error: shown }
    : { type, id, status: "failed", error: shown };
}

/** The answer of Converse as the AI SDK has it. */
export function translateAnswer(body: JsonObject, modelId?: string, recordId?: string): LanguageModelV4GenerateResult {
  const { parts, stopReason, usage } = readConverseAnswer(body);
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = usage;
  return {
    content: parts.map(translatePart),
    finishReason: { unified: finishReasons[stopReason ?? ""] ?? "other", raw: stopReason },
    usage: {
      inputTokens: {
        total: inputTokens === undefined ? undefined : inputTokens + cacheReadTokens + cacheWriteTokens,
        noCache: inputTokens,
        cacheRead: cacheReadTokens,
        cacheWrite: cacheWriteTokens,
      },
      // How much of it was thought, Converse does not say.
      outputTokens: { total: outputTokens, text: undefined, reasoning: undefined },
      ...(typeof body["usage"] === "object" && body["usage"] !== null ? { raw: body["usage"] as JSONObject } : {}),
    },
    warnings: [],
    response: {
      ...defined({ id: recordId, modelId }),
    },
  };
}

function translatePart(part: AnswerPart): LanguageModelV4Content {
  switch (part.kind) {
    case "text":
      return { type: "text", text: part.text };
    case "reasoning":
      return {
        type: "reasoning",
        text: part.text,
        ...(part.signature === undefined ? {} : { providerMetadata: { bedrock: { signature: part.signature } } }),
      };
    case "redacted":
      return { type: "reasoning", text: "", providerMetadata: { bedrock: { redactedData: part.data } } };
    case "tool":
      return { type: "tool-call", toolCallId: part.id, toolName: part.name, input: JSON.stringify(part.input) };
  }
}
