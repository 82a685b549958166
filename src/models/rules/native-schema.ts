import type { JsonSchema } from "../../foundation/types/index.ts";

/**
 * Data: what Bedrock takes of a JSON Schema that holds an answer to a shape.
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html, read 2026-11-30
 */
const takenKeywords = new Set([
  ...["type", "properties", "required", "items", "enum", "const", "anyOf", "allOf", "additionalProperties"],
  ...["$ref", "$defs", "$def", "definitions", "title", "description", "format", "minItems"],
]);
const takenFormats = new Set([
  ...["date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"],
]);
/** Keywords whose values are schemas by name. */
const named = new Set(["properties", "$defs", "$def", "definitions"]);
/** Keywords whose values are lists of schemas. */
const listed = new Set(["anyOf", "allOf"]);

/**
 * A schema as the service takes it: keywords that it refuses are left out, and what they say is still checked of every answer here.
 * Objects take no further members, as the service wants it. The schema itself stays as it is.
 */
export function toNativeSchema(schema: JsonSchema): JsonSchema {
  const kept = Object.entries(schema).flatMap(([keyword, value]): [string, unknown][] => {
    if (keyword === "oneOf") return [["anyOf", convertAll(value)]];
    if (!takenKeywords.has(keyword)) return [];
    if (keyword === "format") return takenFormats.has(String(value)) ? [[keyword, value]] : [];
    if (keyword === "minItems") return value === 0 || value === 1 ? [[keyword, value]] : [];
    if (keyword === "additionalProperties") return [];
    if (named.has(keyword) && isSchema(value))
      return [[keyword, Object.fromEntries(Object.entries(value).map(([name, each]) => [name, convert(each)]))]];
    if (listed.has(keyword)) return [[keyword, convertAll(value)]];
    if (keyword === "items") return [[keyword, convert(value)]];
    return [[keyword, value]];
  });
  const isClosed = [schema["type"]].flat().includes("object") || schema["properties"] !== undefined;
  return Object.fromEntries(isClosed ? [...kept, ["additionalProperties", false]] : kept);
}

/** What no leaving out helps against: a schema that refers to itself or to somewhere else. */
export function findNativeProblems(schema: JsonSchema): string[] {
  const problems = new Set<string>();
  const visit = (value: unknown, open: readonly string[]): void => {
    if (Array.isArray(value)) for (const each of value) visit(each, open);
    if (!isSchema(value) || Array.isArray(value)) return;
    const { $ref: reference } = value as { $ref?: unknown };
    if (typeof reference === "string") {
      if (!reference.startsWith("#")) problems.add(`a schema that refers to another document (${reference})`);
      else if (open.includes(reference)) problems.add(`a schema that refers to itself (${reference})`);
      else visit(resolve(schema, reference), [...open, reference]);
    }
    for (const [keyword, each] of Object.entries(value))
      if (keyword !== "$ref" && !isDefinitions(keyword)) visit(each, open);
  };
  visit(schema, ["#"]);
  return [...problems].map((problem) => `native structured output takes no ${problem}; leave out --structured native`);
}

const isDefinitions = (keyword: string): boolean =>
  keyword === "$defs" || keyword === "$def" || keyword === "definitions";

function resolve(schema: JsonSchema, reference: string): unknown {
  return reference
    .slice(1)
    .split("/")
    .filter((part) => part !== "")
    .map((part) => decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce<unknown>((value, part) => (isSchema(value) ? value[part] : undefined), schema);
}

const isSchema = (value: unknown): value is JsonSchema => typeof value === "object" && value !== null;
const convert = (value: unknown): unknown => (isSchema(value) && !Array.isArray(value) ? toNativeSchema(value) : value);
const convertAll = (value: unknown): unknown => (Array.isArray(value) ? value.map(convert) : value);
