/**
 * What a model family is to the service: how it reads a request body, and how it writes an answer in its own shape.
 * Whatever answers (the simulation, a real model) sees only what lies between: an `ModelRequest` in, a `Reply` out.
 */

import type { CacheUse } from "./cache-use.ts";
import type { Model } from "./model.ts";

export type JsonObject = { readonly [name: string]: unknown };

/** One request to a text model, without its family's wrapping. */
export interface ModelRequest {
  readonly system: string;
  readonly turns: readonly Turn[];
  /** Undefined: the model's own default. */
  readonly maxOutputTokens: number | undefined;
  readonly temperature: number | undefined;
  readonly stopSequences: readonly string[];
  /** The JSON Schema of a structured-output field; undefined where there is none. */
  readonly schema: unknown;
  /** The tool that must be called, where the request forces one. */
  readonly tool: { readonly name: string; readonly schema: unknown } | undefined;
}

export interface Turn {
  readonly role: "user" | "assistant";
  /** The text blocks of the turn, joined. */
  readonly text: string;
  /** Tokens of its pictures and documents. */
  readonly fileTokens?: number;
}

/** Why the answer ended, in the service's own words; each family has its own. */
export type EndReason = "end" | "length" | "stop" | "tool" | "refusal" | "filtered";

/** One answer of a text model. */
export interface Reply {
  readonly text: string;
  readonly reason: EndReason;
  /** The stop sequence that ended it. */
  readonly stopSequence: string | undefined;
  /** The arguments of the forced tool, a JSON value. */
  readonly toolInput: unknown;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** What writing an answer needs besides the answer. */
export interface WriteContext {
  readonly model: Model;
  readonly ask: ModelRequest;
  /** Seeded by the request, so that ids are the same every time. */
  readonly random: () => number;
  readonly nowMs: number;
  /** The body asks with a single prompt instead of messages, where a family takes both. */
  readonly isPrompt: boolean;
  /** Batch output writes some members that the live API leaves out. */
  readonly batch: boolean;
  /** What was read from the prompt cache and written to it; the reply's input tokens are the others. */
  readonly cached: CacheUse;
}

/** A family of text models. */
export interface TextFamily {
  readonly kind: "text";
  /** AWS's words for a body that does not fit the model, or undefined. */
  findProblem(body: JsonObject, model: Model, batch: boolean): string | undefined;
  /** Only for a body without a problem. */
  readAsk(body: JsonObject): ModelRequest;
  /** The answer's body as compact JSON. */
  writeReply(reply: Reply, context: WriteContext): string;
}

/** A family of embedding models. */
export interface EmbeddingFamily {
  readonly kind: "embedding";
  findProblem(body: JsonObject, model: Model): string | undefined;
  readText(body: JsonObject): string;
  /** The length of the vector that the body asks for. */
  readDimensions(body: JsonObject, model: Model): number;
  /** The answer's body as compact JSON, for a unit vector. */
  writeVector(vector: readonly number[], inputTokens: number, body: JsonObject, model: Model): string;
  /** Of families that take several texts at once: each is a vector of its own. */
  readTexts?(body: JsonObject): readonly string[];
  writeVectors?(vectors: readonly (readonly number[])[], inputTokens: number, body: JsonObject, model: Model): string;
}

export type Family = TextFamily | EmbeddingFamily;

/** Whether a value is a JSON object. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A member that is an object, or an empty one. */
export const memberOf = (value: JsonObject, name: string): JsonObject => {
  const member = value[name];
  return isObject(member) ? member : {};
};

/** The text blocks of a content value: a string, or a list of blocks with `text`. */
export function joinText(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  let text = "";
  for (const block of content) {
    if (isObject(block) && typeof block["text"] === "string")
      text += text === "" ? block["text"] : `\n${block["text"]}`;
  }
  return text;
}

/** The strings of a list, or none. */
export const stringsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];

/** A number, or undefined. */
export const numberOf = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);
