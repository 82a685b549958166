import { isExactDouble } from "../engine/exact-number.ts";
import { stringifyLossless } from "../engine/lossless-json.ts";
import { quoteName } from "../engine/sql.ts";
import { findReferred } from "../foundation/schema-pointer.ts";
import type { JsonSchema } from "../foundation/types/index.ts";

/** How values of a schema lie in a column: as the engine's own types as far as nothing is lost, else as JSON text. */
export type ValueShape =
  | { readonly kind: "VARCHAR" | "BIGINT" | "DOUBLE" | "BOOLEAN" | "DATE" | "TIMESTAMP" | "JSON" }
  | { readonly kind: "list"; readonly item: ValueShape }
  | { readonly kind: "struct"; readonly members: readonly (readonly [name: string, shape: ValueShape])[] };

type Schema = Readonly<Record<string, unknown>>;

const json: ValueShape = { kind: "JSON" };

/**
 * The shape of values of a schema. JSON text is kept of unions of different types, objects with members that the schema
 * does not name, tuples, and where a schema refers to itself.
 * @param root the schema in which `$ref`s are looked up
 */
export function findShape(schema: unknown, root: JsonSchema, seen: readonly string[] = []): ValueShape {
  if (!isObject(schema)) return json;
  const { $ref, allOf, anyOf, oneOf, type, enum: values } = schema as Record<string, unknown>;
  const inner = (each: unknown): ValueShape => findShape(each, root, seen);
  if (typeof $ref === "string") {
    return seen.includes($ref) ? json : findShape(findReferred($ref, root), root, [...seen, $ref]);
  }
  if (Array.isArray(allOf)) return allOf.length === 1 && type === undefined ? inner(allOf[0]) : json;
  const choices = Array.isArray(anyOf) ? anyOf : Array.isArray(oneOf) ? oneOf : undefined;
  if (choices !== undefined) return unite(choices.filter((each) => !isNull(each)).map(inner));
  if ("const" in schema) return shapeOfValue(schema["const"]);
  if (Array.isArray(values)) return unite(values.filter((value) => value !== null).map(shapeOfValue));
  const types = (Array.isArray(type) ? type : [type]).filter((each) => each !== "null");
  return unite(types.map((each) => shapeOfNamed(each, schema, root, seen)));
}

function shapeOfNamed(name: unknown, schema: Schema, root: JsonSchema, seen: readonly string[]): ValueShape {
  switch (name) {
    case "string":
      if (schema["format"] === "date") return { kind: "DATE" };
      return { kind: schema["format"] === "date-time" ? "TIMESTAMP" : "VARCHAR" };
    case "integer":
      return { kind: "BIGINT" };
    case "number":
      return { kind: "DOUBLE" };
    case "boolean":
      return { kind: "BOOLEAN" };
    case "array": {
      const isTuple = "prefixItems" in schema || Array.isArray(schema["items"]);
      return isTuple ? json : { kind: "list", item: findShape(schema["items"], root, seen) };
    }
    case "object":
      return shapeOfObject(schema, root, seen);
    default:
      // No type said: members make it an object, anything else may be anything.
      return isObject(schema["properties"]) ? shapeOfObject(schema, root, seen) : json;
  }
}

function shapeOfObject(schema: Schema, root: JsonSchema, seen: readonly string[]): ValueShape {
  const members = Object.entries(isObject(schema["properties"]) ? schema["properties"] : {});
  const names = members.map(([name]) => name.toLowerCase());
  // The engine knows no struct without members, with a nameless one, or with names that differ in case only.
  const isNamed = members.length > 0 && !names.includes("") && new Set(names).size === names.length;
  // A map, or members of any name: a struct would lose them.
  const isOpen = isObject(schema["additionalProperties"]) || "patternProperties" in schema;
  if (!isNamed || isOpen) return json;
  return { kind: "struct", members: members.map(([name, each]) => [name, findShape(each, root, seen)] as const) };
}

/** One shape for values of several. */
function unite(shapes: readonly ValueShape[]): ValueShape {
  const distinct = new Map(shapes.map((shape) => [JSON.stringify(shape), shape]));
  const [only] = distinct.values();
  if (distinct.size === 1 && only !== undefined) return only;
  const isNumber = distinct.size === 2 && shapes.every(({ kind }) => kind === "BIGINT" || kind === "DOUBLE");
  return isNumber ? { kind: "DOUBLE" } : json;
}

function shapeOfValue(value: unknown): ValueShape {
  if (typeof value === "string") return { kind: "VARCHAR" };
  if (typeof value === "boolean") return { kind: "BOOLEAN" };
  if (typeof value === "number") return { kind: Number.isSafeInteger(value) ? "BIGINT" : "DOUBLE" };
  return json;
}

/** The engine's type of a shape; JSON text is VARCHAR. */
export function typeOfShape(shape: ValueShape): string {
  switch (shape.kind) {
    case "list":
      return `${typeOfShape(shape.item)}[]`;
    case "struct":
      return `STRUCT(${shape.members.map(([name, each]) => `${quoteName(name)} ${typeOfShape(each)}`).join(", ")})`;
    case "JSON":
      return "VARCHAR";
    default:
      return shape.kind;
  }
}

/** A value as it came from its column, as the schema describes it: JSON text is parsed wherever the shape has it. */
export function restoreValue(value: unknown, shape: ValueShape): unknown {
  if (value === null || value === undefined) return null;
  switch (shape.kind) {
    case "JSON":
      return JSON.parse(String(value));
    case "TIMESTAMP":
      return `${String(value)}Z`;
    case "list":
      return (value as unknown[]).map((each) => restoreValue(each, shape.item));
    case "struct":
      return Object.fromEntries(
        shape.members.map(([name, each]) => [name, restoreValue((value as Record<string, unknown>)[name], each)]),
      );
    default:
      return value;
  }
}

/** The largest and smallest whole numbers of a column. */
const bigintRange = [-(2n ** 63n), 2n ** 63n - 1n] as const;

/**
 * A checked value as its column takes it: JSON text where the shape says so, members that the schema does not name left
 * out, text without lone surrogates, which no UTF-8 has, whole numbers with all of their digits.
 * @param path of the value, for errors: `/items/0/price`
 * @param inexact is told the paths of numbers with more digits than a column of fractions holds
 * @throws RangeError where a number is beyond what its column holds
 */
export function fitValue(value: unknown, shape: ValueShape, path: string, inexact: string[]): unknown {
  if (value === undefined || value === null) return null;
  const name = path === "" ? "the answer" : path;
  switch (shape.kind) {
    case "JSON":
      return stringifyLossless(value);
    case "VARCHAR":
      return String(value).replace(loneSurrogate, "\ufffd");
    case "list":
      return (value as unknown[]).map((each, at) => fitValue(each, shape.item, `${path}/${at}`, inexact));
    case "struct":
      return Object.fromEntries(
        shape.members.map(([member, each]) => [
          member,
          fitValue((value as Record<string, unknown>)[member], each, `${path}/${member}`, inexact),
        ]),
      );
    case "DATE":
      return fitDate(String(value), name);
    case "TIMESTAMP":
      return fitTimestamp(String(value), name);
    case "BIGINT":
      return fitWhole(String(value), name);
    case "DOUBLE":
      return fitFraction(String(value), name, inexact);
    default:
      return value;
  }
}

/** Whether the calendar has a day: 2026-02-29 rolls over into March. */
function isDay(date: string): boolean {
  const at = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(date);
}

/** @returns a date as RFC 3339 has it: `2026-11-30` */
function fitDate(text: string, name: string): string {
  const isDate = /^\d{4}-\d\d-\d\d$/.test(text) && isDay(text);
  if (!isDate)
    throw new RangeError(`${name} is ${JSON.stringify(text.slice(0, 60))}, which is no date such as 2026-11-30`);
  return text;
}

/** @returns a point in time in UTC; a text without an offset is taken for UTC, which models often leave out */
function fitTimestamp(text: string, name: string): string {
  const found = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?$/i.exec(text);
  const [, date = "", time = "", seconds = ":00", fraction = "", offset = "Z"] = found ?? [];
  const at = new Date(`${date}T${time}${seconds}${offset}`);
  if (found === null || !isDay(date) || Number.isNaN(at.getTime())) {
    const shown = JSON.stringify(text.slice(0, 60));
    throw new RangeError(`${name} is ${shown}, which is no time such as 2026-11-30T08:00:00Z`);
  }
  // The column has microseconds; the clock of JavaScript only milliseconds.
  return `${at.toISOString().slice(0, 19)}${fraction.slice(0, 7)}`;
}

/** @param text a number as JSON writes it */
function fitWhole(text: string, name: string): bigint | number {
  const whole = /^-?\d+$/.test(text)
    ? BigInt(text)
    : Number.isSafeInteger(Number(text))
      ? BigInt(Number(text))
      : undefined;
  if (whole === undefined || whole < bigintRange[0] || whole > bigintRange[1])
    throw new RangeError(`${name} is ${text}, which is beyond a column of whole numbers (64 bits)`);
  return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
}

function fitFraction(text: string, name: string, inexact: string[]): number {
  const number = Number(text);
  if (!Number.isFinite(number))
    throw new RangeError(`${name} is ${text}, which is beyond a column of numbers (double)`);
  if (!isExactDouble(text)) inexact.push(name);
  return number;
}

const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const isObject = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isNull = (schema: unknown): boolean =>
  isObject(schema) && (schema["type"] === "null" || ("const" in schema && schema["const"] === null));
