import { createRequire } from "node:module";
import type { Ajv2020 } from "ajv/dist/2020.js";
import { parseLossless, stringifyLossless } from "../engine/lossless-json.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import type { JsonSchema } from "../foundation/types/index.ts";
import { findShape, fitValue, type ValueShape } from "./value-shape.ts";

/** Whether an answer is what was asked for; a good one as its columns take it. */
export type CheckedAnswer =
  /** `inexact`: paths of numbers with more digits than their columns hold. */
  | { readonly ok: true; readonly value: unknown; readonly inexact?: readonly string[] }
  | { readonly ok: false; readonly reason: string };

const require = createRequire(import.meta.url);
/** Compiles JSON Schemas of draft 2020-12 or, where it says so, of an older draft; loaded with the first schema. */
const loadValidator = (isOlder: boolean): Ajv2020 => {
  const { Ajv } = require("ajv") as typeof import("ajv");
  const { Ajv2020 } = require("ajv/dist/2020.js") as typeof import("ajv/dist/2020.js");
  return isOlder ? new Ajv(options) : new Ajv2020(options);
};

const options = { strict: false, validateFormats: false, allErrors: false } as const;

/**
 * Makes the check of answers against an output schema.
 * @throws BAD_SCHEMA where the schema itself is not valid
 */
export function makeAnswerCheck(schema: JsonSchema, source: string): (text: string) => CheckedAnswer {
  let validate: ReturnType<Ajv2020["compile"]>;
  try {
    // `$schema` would make the validator look for that draft's meta schema by its address.
    const { $schema: draft, ...rest } = schema as { $schema?: unknown };
    const isOlder = typeof draft === "string" && /draft-0[4-7]/.test(draft);
    validate = loadValidator(isOlder).compile(rest);
  } catch (cause) {
    throw new HalfpriceError("BAD_SCHEMA", { path: source, problem: (cause as Error).message }, { cause });
  }
  const properties = Object.entries((schema["properties"] ?? {}) as Readonly<Record<string, unknown>>);
  const members = properties.map(([name, each]) => [name, findShape(each, schema)] as const);
  const whole: ValueShape = { kind: "struct", members };
  return (text) => {
    const json = peelJson(text);
    if (json === undefined) return { ok: false, reason: "not JSON" };
    const value = JSON.parse(json) as unknown;
    if (!validate(value)) {
      const [error] = validate.errors ?? [];
      const path = error?.instancePath === "" || error === undefined ? "the answer" : error.instancePath;
      const allowed = (error?.params as { allowedValues?: unknown[] } | undefined)?.allowedValues;
      const which = allowed === undefined ? "" : `: ${JSON.stringify(allowed).slice(0, 120)}`;
      return { ok: false, reason: `${path} ${error?.message ?? "does not fit the schema"}${which}` };
    }
    try {
      const inexact: string[] = [];
      const fitted = fitValue(hasLongNumber.test(json) ? readLossless(json, value) : value, whole, "", inexact);
      return { ok: true, value: fitted, ...(inexact.length === 0 ? {} : { inexact }) };
    } catch (error) {
      if (error instanceof RangeError) return { ok: false, reason: error.message };
      throw error;
    }
  };
}

/** A checked answer as JSON text, with the digits that the model wrote. */
export function writeChecked(checked: CheckedAnswer): string {
  return stringifyLossless(checked) ?? "null";
}

/** Numbers that a double may not hold: of many digits, or with an exponent. */
export const hasLongNumber: RegExp = /\d[\d.]{15,}|\d[eE]/;

/** The same value with numbers as their digits. Where a name comes twice, the last one counts, as in JSON.parse. */
function readLossless(json: string, value: unknown): unknown {
  try {
    return parseLossless(json);
  } catch {
    return value;
  }
}

/**
 * The JSON text in a model's text: the text itself, what stands in a code fence, or the outermost object in prose. Takes time by the
 * text's length, whatever it is.
 */
export function peelJson(text: string): string | undefined {
  const trimmed = text.trim();
  const open = trimmed.indexOf("{");
  const close = trimmed.lastIndexOf("}");
  const inner = open === -1 || close < open ? undefined : trimmed.slice(open, close + 1);
  for (const candidate of [trimmed, findFenced(trimmed), inner]) {
    if (candidate === undefined) continue;
    try {
      JSON.parse(candidate);
      return candidate;
    } catch {
      // The next candidate may be the JSON.
    }
  }
  return undefined;
}

/** What stands between the first two fences, behind the first one's language. */
function findFenced(text: string): string | undefined {
  const first = text.indexOf("```");
  const second = first === -1 ? -1 : text.indexOf("```", first + 3);
  return second === -1 ? undefined : text.slice(first + 3, second).replace(/^[a-zA-Z]+/, "");
}
