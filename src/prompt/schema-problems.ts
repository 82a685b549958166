import { findReferred } from "../foundation/schema-pointer.ts";
import type { JsonSchema } from "../foundation/types/index.ts";

type Schema = Readonly<Record<string, unknown>>;

/** Keywords whose value is a schema, a list of schemas, or schemas by name. */
const single = ["items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames"];
const listed = ["allOf", "anyOf", "oneOf", "prefixItems"];
const named = ["properties", "patternProperties", "$defs", "definitions"];

/**
 * What makes a schema one that no model can be asked for, or no table can hold: each with its place. Whether it is a valid
 * JSON Schema at all, the validator says.
 */
export function findSchemaProblems(root: JsonSchema): string[] {
  const problems: string[] = [];
  findColumnProblems(root, problems);
  walk(root, "", (schema, place) => {
    const { $ref, enum: values, required, properties, additionalProperties } = schema as Record<string, unknown>;
    const where = place === "" ? "the schema" : place;
    if (typeof $ref === "string" && !$ref.startsWith("#")) {
      problems.push(`${where}: $ref ${$ref} is elsewhere; a schema has to hold all that it refers to`);
    } else if (typeof $ref === "string" && findReferred($ref, root) === undefined) {
      problems.push(`${where}: $ref ${$ref} leads nowhere`);
    }
    if (Array.isArray(values) && values.length === 0) problems.push(`${where}: its enum is empty, so no answer fits`);
    const members = isObject(properties) ? properties : {};
    for (const name of Array.isArray(required) ? (required as unknown[]) : []) {
      const isForbidden = additionalProperties === false && !(String(name) in members);
      if (isForbidden || members[String(name)] === false) {
        problems.push(`${where}: ${JSON.stringify(name)} is required but not allowed, so no answer fits`);
      }
    }
    for (const [low, high] of [
      ["minLength", "maxLength"],
      ["minItems", "maxItems"],
      ["minimum", "maximum"],
    ] as const) {
      const [least, most] = [schema[low], schema[high]];
      if (typeof least === "number" && typeof most === "number" && least > most) {
        problems.push(`${where}: ${low} ${least} is above ${high} ${most}, so no answer fits`);
      }
    }
  });
  return problems;
}

/** Fields of an answer are columns: each needs a name, and the engine tells no two apart by case alone. */
function findColumnProblems(root: JsonSchema, problems: string[]): void {
  const names = Object.keys(isObject(root["properties"]) ? root["properties"] : {});
  if (names.some((name) => name.trim() === "")) problems.push("a property has no name, so its column would have none");
  const seen = new Map<string, string>();
  for (const name of names) {
    const other = seen.get(name.toLowerCase());
    if (other !== undefined) problems.push(`the properties ${other} and ${name} differ in case only; columns may not`);
    seen.set(name.toLowerCase(), name);
  }
}

function walk(value: unknown, place: string, see: (schema: Schema, place: string) => void): void {
  if (!isObject(value)) return;
  see(value, place);
  for (const keyword of single) walk(value[keyword], `${place}/${keyword}`, see);
  for (const keyword of listed) {
    const list = value[keyword];
    for (const [at, each] of (Array.isArray(list) ? list : []).entries()) walk(each, `${place}/${keyword}/${at}`, see);
  }
  for (const keyword of named) {
    const members = value[keyword];
    for (const [name, each] of Object.entries(isObject(members) ? members : {})) {
      walk(each, `${place}/${keyword}/${name}`, see);
    }
  }
}

const isObject = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);
