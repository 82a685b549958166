import { HalfpriceError } from "../foundation/errors/index.ts";
import type { Column, JsonSchema } from "../foundation/types/index.ts";
import { findShape, typeOfShape } from "./value-shape.ts";

/** What the results add to the input's columns. */
export interface ResultColumns {
  /** The answer: one text, a column a field of the output schema, or a vector; then what the model thought, if it tells. */
  readonly fields: readonly AnswerField[];
  /** The names of what is known about each answer. */
  readonly meta: Readonly<Record<MetaColumn, string>>;
}

/** A column of an answer. */
export interface AnswerField {
  /** The column's name. */
  readonly column: string;
  /** What of the answer it holds. */
  readonly part: "text" | "member" | "vector" | "reasoning" | "plain";
  /** The member of the answer that it holds; undefined for the other parts. */
  readonly member: string | undefined;
  /** The engine's type: `FLOAT[256]` for a vector of 256 numbers. */
  readonly type: string;
}

/** What comes back besides what the schema says. */
export interface AnswerKind {
  /** The length of the vectors; undefined for texts. 0 where lengths differ. */
  readonly dimensions?: number | undefined;
  /** The model tells its reasoning. */
  readonly hasReasoning?: boolean;
  /** A column says of each answer whether its text is all of it: for programs that translate the others from their bodies. */
  readonly tellsPlain?: boolean;
}

/** Whether a field is what was asked for, and does not just come with it. */
export const isAsked = ({ part }: AnswerField): boolean => part !== "reasoning" && part !== "plain";

const metaColumns = [
  "outcome",
  "stop_reason",
  "input_tokens",
  "output_tokens",
  "cost_usd",
  "error",
  "record_id",
  "raw",
] as const;
/** What is known about each answer besides the answer. */
export type MetaColumn = (typeof metaColumns)[number];

/**
 * Names the result columns.
 * @param prefix put before every one of them; empty for the usual names
 */
export function makeResultColumns(
  output: JsonSchema | undefined,
  prefix: string,
  { dimensions, hasReasoning, tellsPlain }: AnswerKind = {},
): ResultColumns {
  const metaPrefix = prefix === "" ? "_halfprice_" : `${prefix}halfprice_`;
  const meta = Object.fromEntries(metaColumns.map((name) => [name, `${metaPrefix}${name}`]));
  const fields = [...makeAnswerFields(output, prefix, dimensions)];
  if (hasReasoning === true) {
    fields.push({ column: `${metaPrefix}reasoning`, part: "reasoning", member: undefined, type: "VARCHAR" });
  }
  if (tellsPlain === true)
    fields.push({ column: `${metaPrefix}is_plain`, part: "plain", member: undefined, type: "BOOLEAN" });
  return { fields, meta: meta as ResultColumns["meta"] };
}

function makeAnswerFields(
  output: JsonSchema | undefined,
  prefix: string,
  dimensions: number | undefined,
): AnswerField[] {
  if (dimensions !== undefined) {
    const type = dimensions === 0 ? "FLOAT[]" : `FLOAT[${dimensions}]`;
    return [{ column: `${prefix}embedding`, part: "vector", member: undefined, type }];
  }
  if (output === undefined) return [{ column: `${prefix}answer`, part: "text", member: undefined, type: "VARCHAR" }];
  return Object.entries((output["properties"] ?? {}) as Readonly<Record<string, unknown>>).map(([member, schema]) => ({
    column: `${prefix}${member}`,
    part: "member",
    member,
    type: typeOfShape(findShape(schema, output)),
  }));
}

/** @throws COLUMN_COLLISION where the table already has a column of a result's name */
export function checkCollisions(input: readonly Column[], { fields, meta }: ResultColumns): void {
  const taken = new Set(input.map(({ name }) => name.toLowerCase()));
  const names = [...fields.map(({ column }) => column), ...Object.values(meta)];
  const columns = names.filter((name) => taken.has(name.toLowerCase()));
  if (columns.length > 0) throw new HalfpriceError("COLUMN_COLLISION", { columns });
}
