import type { JsonSchema } from "../../foundation/types/index.ts";

/** Letters that make a token of labels and names, at least. */
const lettersPerToken = 3;
/** Quotes, colon and comma of a member. */
const tokensPerMember = 4;
/** Digits of a number. */
const tokensPerNumber = 8;

/**
 * The most tokens that an answer of a schema has, where its members are labels, numbers and truth values.
 * @returns undefined where a member takes any text or any number of items
 */
export function boundAnswer(schema: JsonSchema): number | undefined {
  const { enum: options, const: only, type, properties } = schema as Readonly<Record<string, unknown>>;
  if (Array.isArray(options)) return Math.max(...options.map(tokensOf));
  if (only !== undefined) return tokensOf(only);
  if (type === "boolean" || type === "null") return 1;
  if (type === "integer" || type === "number") return tokensPerNumber;
  if (typeof properties !== "object" || properties === null) return undefined;
  let sum = 2;
  for (const [name, member] of Object.entries(properties as Readonly<Record<string, unknown>>)) {
    const own = typeof member === "object" && member !== null ? boundAnswer(member as JsonSchema) : undefined;
    if (own === undefined) return undefined;
    sum += tokensOf(name) + own + tokensPerMember;
  }
  return sum;
}

const tokensOf = (value: unknown): number => Math.ceil((JSON.stringify(value) ?? "").length / lettersPerToken);
