import { HalfpriceError } from "../errors.ts";
import type { Column, JsonSchema } from "../types.ts";

/** What the results add to the input's columns. */
export interface ResultColumns {
  /** The answer: one text, or a column a field of the output schema. */
  readonly fields: readonly AnswerField[];
  /** The names of what is known about each answer. */
  readonly meta: Readonly<Record<MetaColumn, string>>;
}

export interface AnswerField {
  /** The column's name. */
  readonly column: string;
  /** The member of the answer that it holds; undefined for the answer's whole text. */
  readonly member: string | undefined;
  /** The engine's type. */
  readonly type: string;
}

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
export type MetaColumn = (typeof metaColumns)[number];

/**
 * Names the result columns.
 * @param prefix put before every one of them; empty for the usual names
 */
export function makeResultColumns(output: JsonSchema | undefined, prefix: string): ResultColumns {
  const metaPrefix = prefix === "" ? "_halfprice_" : `${prefix}halfprice_`;
  const meta = Object.fromEntries(metaColumns.map((name) => [name, `${metaPrefix}${name}`]));
  const properties = (output?.["properties"] ?? {}) as Readonly<Record<string, unknown>>;
  const fields =
    output === undefined
      ? [{ column: `${prefix}answer`, member: undefined, type: "VARCHAR" }]
      : Object.entries(properties).map(([member, schema]) => ({
          column: `${prefix}${member}`,
          member,
          type: findColumnType(schema),
        }));
  return { fields, meta: meta as ResultColumns["meta"] };
}

/** The engine's type of values of a schema. What no column type can hold is kept as JSON text. */
export function findColumnType(schema: unknown): string {
  if (typeof schema !== "object" || schema === null) return "JSON";
  const { type, items, properties, enum: values } = schema as Readonly<Record<string, unknown>>;
  const types = (Array.isArray(type) ? type : [type]).filter((each) => each !== "null");
  if (types.length !== 1) return "JSON";
  switch (types[0]) {
    case "string":
      return "VARCHAR";
    case "integer":
      return "BIGINT";
    case "number":
      return "DOUBLE";
    case "boolean":
      return "BOOLEAN";
    case "array":
      return `${findColumnType(items)}[]`;
    case "object": {
      const members = Object.entries((properties ?? {}));
      if (members.length === 0) return "JSON";
      return `STRUCT(${members.map(([name, inner]) => `"${name.replaceAll('"', '""')}" ${findColumnType(inner)}`).join(", ")})`;
    }
    default:
      return Array.isArray(values) && values.every((value) => typeof value === "string") ? "VARCHAR" : "JSON";
  }
}

/** @throws COLUMN_COLLISION where the table already has a column of a result's name */
export function checkCollisions(input: readonly Column[], { fields, meta }: ResultColumns): void {
  const taken = new Set(input.map(({ name }) => name.toLowerCase()));
  const names = [...fields.map(({ column }) => column), ...Object.values(meta)];
  const columns = names.filter((name) => taken.has(name.toLowerCase()));
  if (columns.length > 0) throw new HalfpriceError("COLUMN_COLLISION", { columns });
}
