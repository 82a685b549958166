/**
 * Mistral Large (24.07) and Small (24.02): a chat whose answer carries no usage (sources#request-bodies,
 * UG:model-parameters-mistral-chat-completion), or a prompt between `[INST]` marks with `outputs`.
 */
import { numberOf, stringsOf, type TextFamily } from "../family.ts";
import { checkChat, readChat } from "./chat.ts";
import { checkKeys, checkKind, sayMalformed } from "./malformed.ts";

const shared = ["max_tokens", "temperature", "top_p", "top_k", "stop"];
const chatKeys = { required: ["messages"], optional: [...shared, "tools", "tool_choice"] };
const promptKeys = { required: ["prompt"], optional: shared };

export const mistralChat: TextFamily = {
  kind: "text",
  findProblem: (body) =>
    sayMalformed(
      "prompt" in body
        ? [...checkKeys(body, promptKeys), ...checkKind("#/prompt", body["prompt"], "String")]
        : [...checkKeys(body, chatKeys), ...checkChat(body)],
    ),
  readAsk(body) {
    if (!("prompt" in body)) return readChat(body);
    const text = (body["prompt"] as string).replace(/<\/?s>|\[\/?INST\]/g, "").trim();
    return {
      system: "",
      turns: [{ role: "user", text }],
      maxOutputTokens: numberOf(body["max_tokens"]),
      temperature: numberOf(body["temperature"]),
      stopSequences: stringsOf(body["stop"]),
      schema: undefined,
      tool: undefined,
    };
  },
  writeReply(reply, { isPrompt }) {
    const stop_reason = reply.reason === "length" ? "length" : "stop";
    if (isPrompt) return JSON.stringify({ outputs: [{ text: reply.text, stop_reason }] });
    return JSON.stringify({
      choices: [{ index: 0, message: { role: "assistant", content: reply.text }, stop_reason }],
    });
  },
};
