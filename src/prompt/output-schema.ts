import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { findReferred } from "../foundation/schema-pointer.ts";
import type { JsonSchema } from "../foundation/types/index.ts";
import { findSchemaProblems } from "./schema-problems.ts";

/**
 * The JSON Schema of an output: given as such, as a path to one, or as a schema object of a library (Zod and others that
 * follow Standard JSON Schema, ArkType).
 * @param source the file that it stands in: for errors, and for relative paths
 * @throws BAD_SCHEMA, NO_SUCH_FILE
 */
export function readOutputSchema(output: unknown, source: string): JsonSchema {
  const fail = (problem: string, cause?: unknown): never => {
    throw new HalfpriceError("BAD_SCHEMA", { path: source, problem }, { cause });
  };
  let schema: unknown = output;
  const path = findSchemaFile(output, source);
  if (path !== undefined) {
    try {
      schema = JSON.parse(readFileSync(path, "utf8"));
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === "ENOENT") {
        throw new HalfpriceError("NO_SUCH_FILE", { path }, { cause });
      }
      fail(`${path} is not JSON (${(cause as Error).message})`, cause);
    }
  } else {
    try {
      schema = findJsonSchema(output) ?? output;
    } catch (cause) {
      fail(`the schema library could not write it as JSON Schema (${(cause as Error).message})`, cause);
    }
  }
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) {
    return fail(`it is ${Array.isArray(schema) ? "a list" : JSON.stringify(schema)}, not an object`);
  }
  const whole = openRoot(schema as JsonSchema);
  const { type, properties } = whole as { type?: unknown; properties?: unknown };
  if (type !== "object" && !(type === undefined && typeof properties === "object")) {
    fail(`its type is ${JSON.stringify(type)}; an answer is one JSON object, with a column a field`);
  }
  if (typeof properties !== "object" || properties === null || Object.keys(properties).length === 0) {
    fail("it has no properties, so there would be no columns");
  }
  const problems = findSchemaProblems(whole);
  if (problems.length > 0) fail(problems.join("; "));
  return whole;
}

/** The file that an `output` setting names, or undefined where the schema itself stands there. */
export function findSchemaFile(output: unknown, source: string): string | undefined {
  return typeof output === "string" ? resolve(dirname(source), output) : undefined;
}

/** A schema whose root is a `$ref` into itself, as some libraries write it, with that definition at the root. */
function openRoot(schema: JsonSchema): JsonSchema {
  const { $ref, ...rest } = schema as { $ref?: unknown };
  const found = typeof $ref === "string" ? findReferred($ref, schema) : undefined;
  return typeof found === "object" && found !== null && !Array.isArray(found) ? { ...rest, ...found } : schema;
}

interface SchemaObject {
  readonly "~standard"?: { readonly jsonSchema?: { readonly output?: (options: { target: string }) => unknown } };
  readonly toJSONSchema?: () => unknown;
  readonly toJsonSchema?: () => unknown;
}

/** What a schema library says of its own object, or undefined where it is none. */
function findJsonSchema(value: unknown): unknown {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return undefined;
  const schema = value as SchemaObject;
  return (
    schema["~standard"]?.jsonSchema?.output?.({ target: "draft-2020-12" }) ??
    schema.toJSONSchema?.() ??
    schema.toJsonSchema?.()
  );
}
