import { membersOf } from "../body-members.ts";
import type { JsonObject } from "../body-summary.ts";
import type { Family } from "../family.ts";
import { makeChatMessages, readChatTurns } from "./chat.ts";

/**
 * Mistral's own chat body: Mistral Large (24.07) and Small (24.02). Its answer has no usage, so what a record cost is not
 * known; the job's total comes from the manifest. Newer Mistral models have OpenAI's form.
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-mistral-chat-completion.html
 */
export const mistralChat: Family = {
  name: "mistral-chat",
  label: "Mistral chat",
  kind: "text",
  vendors: [],
  makeBody(text, request) {
    const { maxTokens, temperature, topP } = request.parameters;
    return membersOf({ messages: makeChatMessages(text, request), max_tokens: maxTokens, temperature, top_p: topP });
  },
  findProblems({ parameters: { topK, stopSequences }, output, structured }) {
    // The page of the chat body has neither; that of its older text body has both. Refusal in batch is `unconfirmed`.
    return [
      ...(topK === undefined ? [] : ["`top_k` is no parameter of Mistral's chat body"]),
      ...(stopSequences === undefined ? [] : ["`stop` is no parameter of Mistral's chat body"]),
      ...(output !== undefined && structured === "native"
        ? ["Mistral's chat body has no native structured output"]
        : []),
    ];
  },
  keys: {
    required: [],
    optional: ["messages", "prompt", "max_tokens", "temperature", "top_p", "top_k", "stop", "tools", "tool_choice"],
  },
  turns: "any",
  inspectBody(body: JsonObject) {
    const { max_tokens: maxTokens, temperature, top_p: topP, messages, prompt } = body as Record<string, unknown>;
    const problems =
      messages === undefined && typeof prompt !== "string" ? ["it has neither `messages` nor a `prompt`"] : [];
    return { maxTokens, temperature, topP, turns: readChatTurns(body), problems };
  },
  answer: {
    type: [
      'STRUCT(choices STRUCT(message STRUCT(content VARCHAR, tool_calls STRUCT("function" STRUCT(name VARCHAR, arguments VARCHAR))[]), stop_reason VARCHAR, finish_reason VARCHAR)[]',
      "outputs STRUCT(text VARCHAR, stop_reason VARCHAR)[], usage STRUCT(prompt_tokens BIGINT, completion_tokens BIGINT))",
    ].join(", "),
    text: "ltrim(coalesce(o.choices[1].message.content, o.outputs[1].text), E'\\r\\n')",
    stopReason: "coalesce(o.choices[1].stop_reason, o.choices[1].finish_reason, o.outputs[1].stop_reason)",
    inputTokens: "o.usage.prompt_tokens",
    outputTokens: "o.usage.completion_tokens",
    toolCalls: "nullif(to_json([c.\"function\" FOR c IN o.choices[1].message.tool_calls])::VARCHAR, '[]')",
    wholeReasons: ["stop", "tool_calls"],
    truncatedReasons: ["length", "model_length"],
    refusedReasons: [],
  },
};
