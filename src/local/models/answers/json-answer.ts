/** A JSON value that fits a JSON Schema, made from the words of a text: of an enum the member that shares most of them. */

import { isObject, type JsonObject } from "../family.ts";
import { hashText } from "../seed.ts";
import { cutText } from "./cut-text.ts";
import { findLabelSet, type LabelSet } from "./labels.ts";
import { findPatternText } from "./pattern-text.ts";

export interface SchemaContext {
  /** The text whose words decide. */
  readonly message: string;
}

const deepest = 8;
const requiredOnlyBelow = 4;
/** How many items more are made than asked, to find some that differ. */
const triedItems = 20;

/** @returns undefined only for a schema that nothing fits (`false`) */
export function answerSchema(schema: unknown, context: SchemaContext): unknown {
  return make(schema, { root: schema, name: "answer", depth: 0, ...context });
}

/** The label sets of a schema's string enums, wherever they stand. */
export function labelSetsOf(schema: unknown, found: LabelSet[] = []): LabelSet[] {
  if (Array.isArray(schema)) for (const item of schema) labelSetsOf(item, found);
  else if (isObject(schema)) {
    const options = schema["enum"];
    if (Array.isArray(options) && options.length > 0 && options.every((item) => typeof item === "string")) {
      found.push(findLabelSet(options));
    } else for (const item of Object.values(schema)) labelSetsOf(item, found);
  }
  return found;
}

interface Place extends SchemaContext {
  readonly root: unknown;
  /** The name of the property that is filled. */
  readonly name: string;
  readonly depth: number;
}

function make(schema: unknown, place: Place): unknown {
  if (schema === false) return undefined;
  if (!isObject(schema)) return makeText({}, place);
  const { $ref, enum: options, anyOf, oneOf, allOf } = schema as Record<string, unknown>;
  if (place.depth > deepest) return null;
  if ("const" in schema) return schema["const"];
  if (typeof $ref === "string") return make(resolve($ref, place.root), { ...place, depth: place.depth + 1 });
  if (Array.isArray(options) && options.length > 0) return pickOption(options, place);
  const choices = Array.isArray(anyOf) ? anyOf : Array.isArray(oneOf) ? oneOf : undefined;
  if (choices !== undefined && choices.length > 0) {
    const rest = Object.fromEntries(Object.entries(schema).filter(([key]) => key !== "anyOf" && key !== "oneOf"));
    const choice = choices.find((item) => !isObject(item) || item["type"] !== "null") ?? choices[0];
    return make(isObject(choice) ? merge(rest, choice) : choice, { ...place, depth: place.depth + 1 });
  }
  if (Array.isArray(allOf) && allOf.length > 0) {
    const rest = Object.fromEntries(Object.entries(schema).filter(([key]) => key !== "allOf"));
    const parts = allOf.map((item) =>
      isObject(item) && typeof item["$ref"] === "string" ? resolve(item["$ref"], place.root) : item,
    );
    return make(parts.filter(isObject).reduce(merge, rest), { ...place, depth: place.depth + 1 });
  }
  switch (typeOf(schema)) {
    case "object":
      return makeObject(schema, place);
    case "array":
      return makeArray(schema, place);
    case "integer":
    case "number":
      return makeNumber(schema, place);
    case "boolean":
      return hashText(place.name + place.message) % 2 === 0;
    case "null":
      return null;
    default:
      return makeText(schema, place);
  }
}

function typeOf(schema: JsonObject): string {
  const type = schema["type"];
  if (Array.isArray(type)) return String(type.find((item) => item !== "null") ?? "null");
  if (typeof type === "string") return type;
  if (isObject(schema["properties"])) return "object";
  return "items" in schema || "prefixItems" in schema ? "array" : "string";
}

function merge(a: JsonObject, b: JsonObject): JsonObject {
  const merged: Record<string, unknown> = { ...a, ...b };
  if (isObject(a["properties"]) && isObject(b["properties"])) {
    merged["properties"] = { ...a["properties"], ...b["properties"] };
  }
  if (Array.isArray(a["required"]) && Array.isArray(b["required"]))
    merged["required"] = [...a["required"], ...b["required"]];
  return merged;
}

function resolve(pointer: string, root: unknown): unknown {
  let at: unknown = root;
  for (const part of pointer.replace(/^#\/?/, "").split("/")) {
    if (part === "") continue;
    const name = decodeURIComponent(part).replace(/~1/g, "/").replace(/~0/g, "~");
    at = isObject(at) ? at[name] : Array.isArray(at) ? at[Number(name)] : undefined;
  }
  return at;
}

function pickOption(options: readonly unknown[], { message }: Place): unknown {
  const spelled = options.map((option) => (typeof option === "string" ? option : JSON.stringify(option)));
  return options[spelled.indexOf(findLabelSet(spelled).pick(message))];
}

function makeObject(schema: JsonObject, place: Place): JsonObject {
  const properties = isObject(schema["properties"]) ? schema["properties"] : {};
  const required = new Set(Array.isArray(schema["required"]) ? schema["required"] : []);
  const made: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(properties)) {
    if (place.depth >= requiredOnlyBelow && !required.has(name)) continue;
    const value = make(item, { ...place, name, depth: place.depth + 1 });
    if (value !== undefined) made[name] = value;
  }
  for (const name of required) {
    if (typeof name === "string" && !(name in made)) made[name] = makeText({}, { ...place, name });
  }
  return made;
}

function makeArray(schema: JsonObject, place: Place): unknown[] {
  const least = typeof schema["minItems"] === "number" ? schema["minItems"] : 0;
  const most = typeof schema["maxItems"] === "number" ? schema["maxItems"] : Number.POSITIVE_INFINITY;
  const inner = { ...place, depth: place.depth + 1 };
  const prefix = schema["prefixItems"];
  const made: unknown[] = Array.isArray(prefix) ? prefix.map((item) => make(item, inner)) : [];
  const items = schema["items"];
  const options = isObject(items) ? items["enum"] : undefined;
  if (Array.isArray(options) && options.every((item) => typeof item === "string") && options.length > 0) {
    const set = findLabelSet(options);
    const chosen = [
      ...new Set([...set.rank(place.message).slice(0, Math.max(least, 3)), set.pick(place.message), ...set.labels]),
    ];
    return chosen.slice(
      0,
      Math.min(
        most,
        Math.max(least, set.rank(place.message).length > 0 ? Math.min(3, set.rank(place.message).length) : 1),
      ),
    );
  }
  const wanted = Math.min(most, Math.max(least, place.depth >= requiredOnlyBelow ? 0 : 1));
  const count = place.depth >= deepest - 1 ? least : wanted;
  const isUnique = schema["uniqueItems"] === true;
  for (let index = made.length; made.length < count && index < count + triedItems; index++) {
    const item = make(items ?? {}, index === 0 ? inner : { ...inner, name: `${place.name} ${index + 1}` });
    if (!isUnique || !made.some((other) => JSON.stringify(other) === JSON.stringify(item))) made.push(item);
  }
  return made;
}

function makeNumber(schema: JsonObject, { name, message }: Place): number {
  const bound = (key: string): number | undefined => (typeof schema[key] === "number" ? schema[key] : undefined);
  const step = bound("multipleOf") ?? (typeOf(schema) === "integer" ? 1 : 0.01);
  const low =
    bound("minimum") ?? (bound("exclusiveMinimum") === undefined ? undefined : (bound("exclusiveMinimum") ?? 0) + step);
  const high =
    bound("maximum") ?? (bound("exclusiveMaximum") === undefined ? undefined : (bound("exclusiveMaximum") ?? 0) - step);
  const from = low ?? (high === undefined ? 0 : Math.min(0, high));
  const to = high ?? from + (typeOf(schema) === "integer" ? 10 : 1);
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  const steps = Math.max(0, last - first);
  const value = (first + (hashText(name + message) % (steps + 1))) * step;
  return Number(value.toFixed(10));
}

const formats: Readonly<Record<string, string>> = {
  date: "2026-01-01",
  "date-time": "2026-01-01T00:00:00Z",
  time: "00:00:00Z",
  duration: "PT1M",
  email: "simulated@example.com",
  hostname: "example.com",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
  uri: "https://example.com/simulated",
  uuid: "00000000-0000-4000-8000-000000000000",
};

const shownWords = 8;

function makeText(schema: JsonObject, { name, message }: Place): string {
  const format = schema["format"];
  if (typeof format === "string" && formats[format] !== undefined) return formats[format];
  const pattern = schema["pattern"];
  if (typeof pattern === "string") {
    const least = typeof schema["minLength"] === "number" ? schema["minLength"] : 0;
    const fitting = findPatternText(pattern, least);
    if (fitting !== undefined) return fitting;
  }
  const words = message.trim().split(/\s+/, shownWords).join(" ");
  let text = words === "" ? `simulated ${name}` : `simulated ${name}: ${words}`;
  const { minLength, maxLength } = schema as Record<string, unknown>;
  if (typeof minLength === "number") text = text.padEnd(minLength, ".");
  if (typeof maxLength === "number") text = cutText(text, maxLength);
  return text;
}
