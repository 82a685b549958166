/**
 * The chat body of OpenAI's form: gpt-oss, Qwen, DeepSeek, Kimi, GLM, MiniMax, Gemma, Nemotron, newer Mistral
 * (sources#request-bodies). Words of its refusals are unconfirmed.
 */
import type { TextFamily } from "../family.ts";
import { makeLowerId } from "../seed.ts";
import { checkChat, readChat } from "./chat.ts";
import { checkKeys, sayMalformed } from "./malformed.ts";
import { reasoningText } from "./reasoning.ts";

const finishReasons = {
  end: "stop",
  stop: "stop",
  length: "length",
  tool: "tool_calls",
  refusal: "stop",
  filtered: "content_filter",
} as const;

export const openaiChat: TextFamily = {
  kind: "text",
  findProblem(body, model) {
    const malformed = sayMalformed([...checkKeys(body, { required: ["messages"] }), ...checkChat(body)]);
    if (malformed !== undefined) return malformed;
    if (body["stream"] === true) return "Streaming is not supported: `stream` must be false or left out.";
    if (body["model"] !== undefined && body["model"] !== model.id) {
      return `The model in the request body, ${JSON.stringify(body["model"])}, does not match ${model.id}.`;
    }
    return undefined;
  },
  readAsk: readChat,
  writeReply(reply, { model, random, nowMs }) {
    const reasoning = reasoningText(model);
    const content = reasoning === undefined ? reply.text : `<reasoning>${reasoning}</reasoning>${reply.text}`;
    return JSON.stringify({
      id: `chatcmpl-${makeLowerId(24, random)}`,
      object: "chat.completion",
      created: Math.floor(nowMs / 1000),
      model: model.id,
      choices: [{ index: 0, finish_reason: finishReasons[reply.reason], message: { role: "assistant", content } }],
      usage: {
        prompt_tokens: reply.inputTokens,
        completion_tokens: reply.outputTokens,
        total_tokens: reply.inputTokens + reply.outputTokens,
      },
    });
  },
};
