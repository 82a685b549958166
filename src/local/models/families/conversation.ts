/**
 * The rules of a conversation of content blocks, as Converse and Nova have it: words in sources#conversations; that
 * of blank text is in aws-samples/bedrock-engineer issue 8 (read 2026-11-21).
 */
import { isObject, type JsonObject, joinText, type Turn } from "../family.ts";
import { countFileTokens } from "../file-tokens.ts";
import type { Model } from "../model.ts";

const words = {
  start:
    "A conversation must start with a user message. Try again with a conversation that starts with a user message.",
  alternate:
    "A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.",
  prefill: "This model does not support assistant message prefill. The conversation must end with a user message.",
  empty: (at: number) =>
    `The content field in the Message object at messages.${at} is empty. Add a ContentBlock object to the content field and try again.`,
  blank: (at: number, block: number) =>
    `The text field in the ContentBlock object at messages.${at}.content.${block} is blank. Add text to the text field, and try again.`,
  document: "A text block must be included alongside a document block.",
  tools: "The toolConfig field must be defined when using toolUse and toolResult content blocks.",
} as const;

/** What breaks the rules, or undefined. @param messages a list of objects with a list of blocks as content */
export function findConversationProblem(
  messages: readonly JsonObject[],
  model: Model,
  hasTools: boolean,
): string | undefined {
  if (messages[0]?.["role"] !== "user") return words.start;
  for (const [at, message] of messages.entries()) {
    if (at > 0 && message["role"] === messages[at - 1]?.["role"]) return words.alternate;
    const blocks = Array.isArray(message["content"]) ? message["content"].filter(isObject) : [];
    if (blocks.length === 0) return words.empty(at);
    for (const [index, block] of blocks.entries()) {
      if (typeof block["text"] === "string" && block["text"].trim() === "") return words.blank(at, index);
      if (!hasTools && ("toolUse" in block || "toolResult" in block)) return words.tools;
    }
    if (blocks.some((block) => "document" in block) && !blocks.some((block) => "text" in block)) return words.document;
  }
  return !model.prefill && messages[messages.length - 1]?.["role"] === "assistant" ? words.prefill : undefined;
}

/** The turns' text. */
export const turnsOf = (messages: unknown): Turn[] =>
  (Array.isArray(messages) ? messages.filter(isObject) : []).map(({ role, content }) => ({
    role: role === "assistant" ? "assistant" : "user",
    text: joinText(content),
    fileTokens: countFileTokens(content),
  }));
