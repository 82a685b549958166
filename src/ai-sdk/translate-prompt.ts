import type { LanguageModelV4Message, LanguageModelV4Prompt } from "@ai-sdk/provider";
import {
  type ConverseBlock,
  type ConverseMessage,
  makeDataUrlBlock,
  makeFileBlock,
} from "../client-batches/converse.ts";
import { RefusedRequest } from "../client-batches/types.ts";

/** A prompt in Converse's parts. */
export interface TranslatedPrompt {
  readonly system: readonly string[];
  readonly messages: readonly ConverseMessage[];
}

type Part = Exclude<LanguageModelV4Message["content"], string>[number];
type FilePart = Extract<Part, { type: "file" }>;
type ToolOutput = Extract<Part, { type: "tool-result" }>["output"];

/**
 * Translates a prompt of the AI SDK.
 * @param onUnsupported is told what is left out
 * @throws RefusedRequest
 */
export function translatePrompt(
  prompt: LanguageModelV4Prompt,
  onUnsupported: (feature: string) => void,
): TranslatedPrompt {
  const system: string[] = [];
  const messages: ConverseMessage[] = [];
  for (const { providerOptions, ...message } of prompt) {
    if (message.role === "system") system.push(message.content);
    else {
      const role = message.role === "assistant" ? "assistant" : "user";
      messages.push({ role, content: message.content.flatMap((part) => translatePart(part, onUnsupported)) });
    }
    if (providerOptions?.["bedrock"]?.["cachePoint"] !== undefined) onUnsupported("cachePoint");
  }
  return { system, messages };
}

function translatePart(part: Part, onUnsupported: (feature: string) => void): ConverseBlock[] {
  switch (part.type) {
    case "text":
      return [{ text: part.text }];
    case "file":
      return [translateFile(part)];
    case "reasoning": {
      const { signature, redactedData } = part.providerOptions?.["bedrock"] ?? {};
      if (typeof redactedData === "string") return [{ reasoningContent: { redactedContent: redactedData } }];
      const signed = typeof signature === "string" ? { signature } : {};
      return [{ reasoningContent: { reasoningText: { text: part.text, ...signed } } }];
    }
    case "tool-call":
      return [{ toolUse: { toolUseId: part.toolCallId, name: part.toolName, input: part.input ?? {} } }];
    case "tool-result":
      return [{ toolResult: { toolUseId: part.toolCallId, ...translateOutput(part.output, onUnsupported) } }];
    case "custom":
    case "reasoning-file":
    case "tool-approval-response":
      onUnsupported(`${part.type} in a prompt`);
      return [];
  }
}

function translateFile({
  data,
  mediaType,
  filename,
}: Pick<FilePart, "data" | "mediaType" | "filename">): ConverseBlock {
  const name = filename?.replace(/\.[^.]*$/, "") ?? "document";
  switch (data.type) {
    case "data": {
      const base64 = typeof data.data === "string" ? data.data : Buffer.from(data.data).toString("base64");
      return makeFileBlock(mediaType, base64, name);
    }
    case "text":
      return makeFileBlock(mediaType, Buffer.from(data.text, "utf8").toString("base64"), name);
    case "url":
      return makeDataUrlBlock(data.url.href, name);
    case "reference":
      throw new RefusedRequest({
        message: "references to files of a provider are not taken: the file has to stand in the request",
        code: "BAD_MEDIA",
        status: 400,
      });
  }
}

function translateOutput(output: ToolOutput, onUnsupported: (feature: string) => void): ConverseBlock {
  switch (output.type) {
    case "text":
      return { content: [{ text: output.value }] };
    case "json":
      return { content: [{ json: wrap(output.value) }] };
    case "error-text":
      return { content: [{ text: output.value }], status: "error" };
    case "error-json":
      return { content: [{ json: wrap(output.value) }], status: "error" };
    case "execution-denied":
      return { content: [{ text: output.reason ?? "the tool was not allowed to run" }], status: "error" };
    case "content":
      return {
        content: output.value.flatMap((part) => {
          if (part.type === "text") return [{ text: part.text }];
          if (part.type === "file") return [translateFile(part)];
          onUnsupported("custom content of a tool's result");
          return [];
        }),
      };
  }
}

/** A tool's result in JSON is an object for Converse. */
const wrap = (value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? value : { result: value };
