/** A ready request body, as all families have it: what it asks for, and what in it would be refused. */

import type { BodiesSummary } from "../foundation/types/index.ts";

/** An object of JSON. */
export type JsonObject = { readonly [name: string]: unknown };

/** What a ready body holds, as far as a plan needs it. */
export interface BodySummary {
  readonly maxTokens: unknown;
  readonly temperature: unknown;
  readonly topP: unknown;
  /** The turns of the conversation; undefined where the body has a single prompt. */
  readonly turns: readonly Turn[] | undefined;
  /** The length of the vector that comes back; for embedding families. */
  readonly dimensions?: unknown;
  /** What only this family can see, one sentence each. */
  readonly problems: readonly string[];
}

interface Turn {
  readonly role: unknown;
  /** It has no content, or only empty texts. */
  readonly isEmpty: boolean;
}

/** A summary of some ready bodies that can be merged with others': plain data, so that a thread can return it. */
export interface BodiesSeen {
  /** The highest limit of tokens; 0 where none has one. */
  readonly maxTokens: number;
  /** The lengths of vectors that are asked for; no more than two, which say that they differ. */
  readonly dimensions: readonly unknown[];
}

/** Summarizes ready bodies as they come. */
export class BodiesSummarizer {
  #maxTokens = 0;
  readonly #dimensions = new Set<unknown>();

  add({ maxTokens, dimensions }: Pick<BodySummary, "maxTokens" | "dimensions">): void {
    this.merge({ maxTokens: typeof maxTokens === "number" ? maxTokens : 0, dimensions: [dimensions] });
  }

  merge({ maxTokens, dimensions }: BodiesSeen): void {
    this.#maxTokens = Math.max(this.#maxTokens, maxTokens);
    for (const length of dimensions) if (this.#dimensions.size < 2) this.#dimensions.add(length);
  }

  get seen(): BodiesSeen {
    return { maxTokens: this.#maxTokens, dimensions: [...this.#dimensions] };
  }

  finish(): BodiesSummary {
    const [only] = this.#dimensions;
    return {
      ...(this.#maxTokens === 0 ? {} : { maxTokens: this.#maxTokens }),
      ...(this.#dimensions.size === 1 && typeof only === "number" ? { dimensions: only } : {}),
    };
  }
}

/** Whether a value is an object, and no array. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A member that is an object, or an empty one. */
export const memberOf = (value: JsonObject, name: string): JsonObject => {
  const member = value[name];
  return isObject(member) ? member : {};
};

/** The turns of a list of messages whose content is a text or a list of blocks; undefined where it is no list. */
export function readTurns(messages: unknown): Turn[] | undefined {
  if (!Array.isArray(messages)) return undefined;
  return (messages as unknown[]).map((message) => {
    const { role, content } = isObject(message) ? (message as Record<string, unknown>) : {};
    return { role, isEmpty: isEmptyContent(content) };
  });
}

function isEmptyContent(content: unknown): boolean {
  if (typeof content === "string") return content.trim() === "";
  if (!Array.isArray(content)) return content === undefined || content === null;
  return (
    content.length === 0 ||
    content.some((block) => isObject(block) && typeof block["text"] === "string" && block["text"].trim() === "")
  );
}
