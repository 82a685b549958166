/**
 * The refusals of Bedrock's check of a body against its model's JSON Schema, before the model sees it (sources#requests-that-fail):
 * `Malformed input request: #: required key [x] not found#/y: expected type: …`.
 */
import type { JsonObject } from "../family.ts";

/** What a family's body may hold at its top. */
export interface BodyKeys {
  readonly required: readonly string[];
  /** Undefined: any further key is let through. */
  readonly optional?: readonly string[];
}

/** One sentence of all that is wrong, or undefined. @param problems each begins with its place, `#` or `#/messages/0` */
export const sayMalformed = (problems: readonly string[]): string | undefined =>
  problems.length === 0
    ? undefined
    : `Malformed input request: ${problems.join("")}, please reformat your input and try again.`;

/** The missing keys, then the foreign ones. */
export function checkKeys(body: JsonObject, { required, optional }: BodyKeys): string[] {
  const missing = required.filter((name) => body[name] === undefined);
  const foreign =
    optional === undefined
      ? []
      : Object.keys(body).filter((name) => !required.includes(name) && !optional.includes(name));
  return [
    ...missing.map((name) => `#: required key [${name}] not found`),
    ...foreign.map((name) => `#: extraneous key [${name}] is not permitted`),
  ];
}

const kindOf = (value: unknown): string => {
  if (value === null) return "Null";
  if (Array.isArray(value)) return "JSONArray";
  if (typeof value === "object") return "JSONObject";
  if (typeof value === "number") return Number.isInteger(value) ? "Integer" : "BigDecimal";
  return typeof value === "boolean" ? "Boolean" : "String";
};

const isKind = (value: unknown, kind: string): boolean =>
  kindOf(value) === kind || (kind === "Number" && typeof value === "number");

/** A value of the wrong type, as a problem, or none. */
export const checkKind = (
  place: string,
  value: unknown,
  kind: "String" | "JSONArray" | "JSONObject" | "Integer" | "Number",
): string[] =>
  value === undefined || isKind(value, kind) ? [] : [`${place}: expected type: ${kind}, found: ${kindOf(value)}`];

/** A number out of its range, as a problem, or none. */
export function checkRange(place: string, value: unknown, least: number, most: number): string[] {
  if (typeof value !== "number") return checkKind(place, value, "Number");
  if (value < least) return [`${place}: ${value} is not greater or equal to ${least}`];
  return value > most ? [`${place}: ${value} is not less or equal to ${most}`] : [];
}

/** A model's limit of output tokens (sources#parameters). The second sentence is unconfirmed. */
export const sayTooManyTokens = (limit: number): string =>
  `The maximum tokens you requested exceeds the model limit of ${limit}. Try again with a maximum tokens value that is lower than ${limit}.`;
