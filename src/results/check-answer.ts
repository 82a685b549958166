import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { HalfpriceError } from "../errors.ts";
import type { JsonSchema } from "../types.ts";
import { findShape, fitValue, type ValueShape } from "./value-shape.ts";

/** Whether an answer is what was asked for; a good one as its columns take it. */
export type CheckedAnswer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: string };

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
    validate = (isOlder ? new Ajv(options) : new Ajv2020(options)).compile(rest);
  } catch (cause) {
    throw new HalfpriceError("BAD_SCHEMA", { path: source, problem: (cause as Error).message }, { cause });
  }
  const properties = Object.entries((schema["properties"] ?? {}) as Readonly<Record<string, unknown>>);
  const members = properties.map(([name, each]) => [name, findShape(each, schema)] as const);
  const whole: ValueShape = { kind: "struct", members };
  return (text) => {
    const value = peelJson(text);
    if (value === undefined) return { ok: false, reason: "not JSON" };
    if (!validate(value)) {
      const [error] = validate.errors ?? [];
      const path = error?.instancePath === "" || error === undefined ? "the answer" : error.instancePath;
      const allowed = (error?.params as { allowedValues?: unknown[] } | undefined)?.allowedValues;
      const which = allowed === undefined ? "" : `: ${JSON.stringify(allowed).slice(0, 120)}`;
      return { ok: false, reason: `${path} ${error?.message ?? "does not fit the schema"}${which}` };
    }
    try {
      return { ok: true, value: fitValue(value, whole) };
    } catch (error) {
      if (error instanceof RangeError) return { ok: false, reason: error.message };
      throw error;
    }
  };
}

/** JSON out of a model's text: the text itself, what stands in a code fence, or the outermost object in prose. */
export function peelJson(text: string): unknown {
  const trimmed = text.trim();
  const fenced = /```[a-zA-Z]*\s*\n?([\s\S]*?)```/.exec(trimmed)?.[1];
  const open = trimmed.indexOf("{");
  const close = trimmed.lastIndexOf("}");
  const inner = open === -1 || close < open ? undefined : trimmed.slice(open, close + 1);
  for (const candidate of [trimmed, fenced, inner]) {
    if (candidate === undefined) continue;
    try {
      return JSON.parse(candidate) as unknown;
    } catch {
      // The next candidate may be the JSON.
    }
  }
  return undefined;
}
