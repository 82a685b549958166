import { describeSchema } from "../models/describe-schema.ts";
import type { ClientModel } from "./client-models.ts";
import { type JsonObject, RefusedRequest } from "./types.ts";

/*
 * Converse's body and answer, as every client's requests are translated to them and back.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html, read 2026-11-30
 */

/** A block of a message of Converse. */
export type ConverseBlock = { readonly [kind: string]: unknown };

/** A message of Converse. */
export interface ConverseMessage {
  readonly role: "user" | "assistant";
  readonly content: readonly ConverseBlock[];
}

/** What a body is made of; what is undefined is left out. */
export interface ConverseParts {
  readonly system: readonly string[];
  readonly messages: readonly ConverseMessage[];
  readonly maxTokens?: number | undefined;
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly stopSequences?: readonly string[] | undefined;
  readonly tools?: readonly ConverseTool[] | undefined;
  readonly toolChoice?: object | undefined;
  /** A JSON Schema, or `true` for any JSON object. */
  readonly schema?: JsonObject | true | undefined;
  /** Fields that only this model has. */
  readonly more?: JsonObject | undefined;
}

/** A tool as Converse takes it. */
export interface ConverseTool {
  readonly name: string;
  readonly description?: string | undefined;
  readonly schema: unknown;
}

const anyJson = "Answer with one JSON object and nothing else: no code fence, no words before or after it.";

/** Whether a model is held to a schema by a field of the request; else it is told in words. */
export function isSchemaNative({ choice }: ClientModel): boolean {
  return choice.structured === "native";
}

/** Writes a Converse body. Turns of one role are joined, since Converse wants them to alternate; empty texts go. */
export function makeConverseBody(model: ClientModel, parts: ConverseParts): JsonObject {
  const { schema, tools = [], toolChoice, more } = parts;
  const isNative = schema !== undefined && schema !== true && isSchemaNative(model);
  const words = schema === undefined || isNative ? undefined : schema === true ? anyJson : describeSchema(schema);
  const system = [...parts.system, ...(words === undefined ? [] : [words])].filter((text) => text.trim() !== "");
  const { maxTokens, temperature, topP, stopSequences } = parts;
  const inference = drop({ maxTokens, temperature, topP, stopSequences: listOrNone(stopSequences) });
  return drop({
    messages: joinTurns(parts.messages),
    system: system.length === 0 ? undefined : system.map((text) => ({ text })),
    inferenceConfig: Object.keys(inference).length === 0 ? undefined : inference,
    toolConfig:
      tools.length === 0
        ? undefined
        : drop({
            tools: tools.map(({ name, description, schema: json }) => ({
              toolSpec: drop({
                name,
                description: description === "" ? undefined : description,
                inputSchema: { json },
              }),
            })),
            toolChoice,
          }),
    outputConfig: isNative
      ? {
          textFormat: {
            type: "json_schema",
            structure: { jsonSchema: { name: "answer", schema: JSON.stringify(schema) } },
          },
        }
      : undefined,
    additionalModelRequestFields: more === undefined || Object.keys(more).length === 0 ? undefined : more,
  });
}

const listOrNone = (list: readonly string[] | undefined): readonly string[] | undefined =>
  list === undefined || list.length === 0 ? undefined : list;

/** An object without its undefined members. */
export function drop(members: JsonObject): JsonObject {
  // Called several times for every request of a batch.
  const kept: Record<string, unknown> = {};
  for (const name in members) if (members[name] !== undefined) kept[name] = members[name];
  return kept;
}

function joinTurns(messages: readonly ConverseMessage[]): ConverseMessage[] {
  const joined: { role: ConverseMessage["role"]; content: ConverseBlock[] }[] = [];
  for (const { role, content } of messages) {
    const kept = content.filter((block) => typeof block["text"] !== "string" || block["text"].trim() !== "");
    if (kept.length === 0) continue;
    const last = joined.at(-1);
    if (last?.role === role) last.content.push(...kept);
    else joined.push({ role, content: [...kept] });
  }
  return joined;
}

/** Formats by media type, as Converse names them. */
const imageFormats: Readonly<Record<string, string>> = {
  "image/png": "png",
  "image/jpeg": "jpeg",
  "image/jpg": "jpeg",
  "image/gif": "gif",
  "image/webp": "webp",
};
const documentFormats: Readonly<Record<string, string>> = {
  "application/pdf": "pdf",
  "text/csv": "csv",
  "text/html": "html",
  "text/plain": "txt",
  "text/markdown": "md",
  "application/msword": "doc",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
  "application/vnd.ms-excel": "xls",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
};

/**
 * A file as a block of Converse.
 * @param base64 its bytes
 * @throws RefusedRequest where Converse takes no file of that type
 */
export function makeFileBlock(mediaType: string, base64: string, name: string): ConverseBlock {
  const type = (mediaType.split(";")[0] ?? "").trim().toLowerCase();
  // `image/*`: the first bytes say which.
  const image = imageFormats[type] ?? (type === "image/*" || type === "image" ? findImageFormat(base64) : undefined);
  if (image !== undefined) return { image: { format: image, source: { bytes: base64 } } };
  const format = documentFormats[type];
  // Letters, digits, single spaces, hyphens and brackets are what a document's name may have.
  const safe = name.replace(/[^A-Za-z0-9\-()[\] ]+/g, "-").replace(/ {2,}/g, " ");
  if (format !== undefined)
    return { document: { format, name: safe === "" ? "document" : safe, source: { bytes: base64 } } };
  throw new RefusedRequest({
    message: `files of the type ${mediaType} are not taken; images are PNG, JPEG, GIF or WebP, documents PDF, CSV, HTML, text, Markdown, Word or Excel`,
    code: "BAD_MEDIA",
    status: 400,
  });
}

function findImageFormat(base64: string): string | undefined {
  const first = Buffer.from(base64.slice(0, 24), "base64").toString("latin1");
  if (first.startsWith("\x89PNG")) return "png";
  if (first.startsWith("\xff\xd8")) return "jpeg";
  if (first.startsWith("GIF8")) return "gif";
  return first.startsWith("RIFF") && first.slice(8, 12) === "WEBP" ? "webp" : undefined;
}

/** A `data:` URL as a block. @throws RefusedRequest where it is another URL: a job fetches nothing */
export function makeDataUrlBlock(url: unknown, name: string): ConverseBlock {
  const [, mediaType, base64] = /^data:([^;,]+)[^,]*;base64,(.*)$/s.exec(typeof url === "string" ? url : "") ?? [];
  if (mediaType !== undefined && base64 !== undefined) return makeFileBlock(mediaType, base64, name);
  throw new RefusedRequest({
    message: "files have to stand in the request, as data:…;base64,… URLs: a batch job fetches nothing",
    code: "BAD_MEDIA",
    status: 400,
  });
}

/** A part of an answer. */
export type AnswerPart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "reasoning"; readonly text: string; readonly signature?: string }
  | { readonly kind: "redacted"; readonly data: string }
  | { readonly kind: "tool"; readonly id: string; readonly name: string; readonly input: unknown };

/** An answer of Converse, as far as it is read. */
export interface ConverseAnswer {
  readonly parts: readonly AnswerPart[];
  /** In Converse's words. */
  readonly stopReason: string | undefined;
  readonly usage: {
    readonly inputTokens: number | undefined;
    readonly outputTokens: number | undefined;
    readonly cacheReadTokens: number;
    readonly cacheWriteTokens: number;
  };
}

/** Reads a Converse answer. In batch every member that a block is not is written as null (seen 2026-08). */
export function readConverseAnswer(body: JsonObject): ConverseAnswer {
  const message = objectOf(objectOf(body["output"])["message"]);
  const blocks = Array.isArray(message["content"]) ? (message["content"] as JsonObject[]) : [];
  const usage = objectOf(body["usage"]);
  const count = (name: string): number | undefined => (typeof usage[name] === "number" ? usage[name] : undefined);
  return {
    parts: blocks.flatMap(readBlock),
    stopReason: typeof body["stopReason"] === "string" ? body["stopReason"] : undefined,
    usage: {
      inputTokens: count("inputTokens"),
      outputTokens: count("outputTokens"),
      cacheReadTokens: count("cacheReadInputTokens") ?? 0,
      cacheWriteTokens: count("cacheWriteInputTokens") ?? 0,
    },
  };
}

function readBlock({ text, toolUse, reasoningContent }: JsonObject): AnswerPart[] {
  if (typeof text === "string") return [{ kind: "text", text }];
  const call = objectOf(toolUse);
  if (typeof call["name"] === "string")
    return [{ kind: "tool", id: String(call["toolUseId"]), name: call["name"], input: call["input"] ?? {} }];
  const { reasoningText, redactedContent } = objectOf(reasoningContent) as Record<string, unknown>;
  const { text: thought, signature } = objectOf(reasoningText) as Record<string, unknown>;
  if (typeof thought === "string")
    return [{ kind: "reasoning", text: thought, ...(typeof signature === "string" ? { signature } : {}) }];
  return typeof redactedContent === "string" ? [{ kind: "redacted", data: redactedContent }] : [];
}

/** An object, or an empty one. */
export function objectOf(value: unknown): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}
