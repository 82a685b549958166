/** What the chat bodies of OpenAI's form have in common: their messages, their limits, their schema. */
import { isObject, type JsonObject, joinText, type ModelRequest, memberOf, numberOf, stringsOf } from "../family.ts";
import { checkKind, checkRange } from "./malformed.ts";

/** Problems of the messages and of the usual parameters. */
export const checkChat = (body: JsonObject): string[] => [
  ...checkKind("#/messages", body["messages"], "JSONArray"),
  ...(Array.isArray(body["messages"]) && body["messages"].length === 0
    ? ["#/messages: expected minimum item count: 1, found: 0"]
    : []),
  ...checkKind("#/max_tokens", body["max_tokens"], "Integer"),
  ...checkRange("#/temperature", body["temperature"] ?? 0, 0, 2),
  ...checkRange("#/top_p", body["top_p"] ?? 1, 0, 1),
];

/** The request behind a chat body. */
export function readChat(body: JsonObject): ModelRequest {
  const messages = (body["messages"] as unknown[]).filter(isObject);
  const isSystem = ({ role }: JsonObject): boolean => role === "system" || role === "developer";
  const { stop } = body as Record<string, unknown>;
  return {
    system: messages
      .filter(isSystem)
      .map(({ content }) => joinText(content))
      .join("\n"),
    turns: messages
      .filter((message) => !isSystem(message))
      .map(({ role, content }) => ({ role: role === "assistant" ? "assistant" : "user", text: joinText(content) })),
    maxOutputTokens: numberOf(body["max_completion_tokens"]) ?? numberOf(body["max_tokens"]),
    temperature: numberOf(body["temperature"]),
    stopSequences: typeof stop === "string" ? [stop] : stringsOf(stop),
    schema: memberOf(memberOf(body, "response_format"), "json_schema")["schema"],
    tool: undefined,
  };
}
