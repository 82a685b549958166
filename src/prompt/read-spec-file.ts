import { existsSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { HalfpriceError, isError } from "../foundation/errors/index.ts";
import type { StructuredOutput } from "../foundation/types/index.ts";
import { type BatchSpec, isBatchSpec } from "./define-batch.ts";
import { findSchemaFile, readOutputSchema } from "./output-schema.ts";
import type { FunctionPrompt, PromptSettings } from "./prompt.ts";
import { refusePlaceholders, toLineFeeds } from "./read-prompt-file.ts";

export interface LoadedSpec {
  /** The table's path, as seen from the working directory. */
  readonly tablePath: string;
  readonly prompt: FunctionPrompt;
  readonly name?: string;
  readonly limit?: number;
  readonly answersPerRow?: number;
  readonly invocation?: "model" | "converse";
  readonly structured?: StructuredOutput;
  readonly allowGlobal?: true;
}

/** Whether a path names a spec rather than a table or a prompt. */
export function isSpecPath(path: string): boolean {
  return /\.[cm]?[jt]s$/.test(path);
}

/** What each member has to be. */
const members: Readonly<
  Record<keyof BatchSpec, { wants: string; required?: true; accepts: (value: unknown) => boolean }>
> = {
  input: {
    wants: 'a table: csv("train.csv")',
    required: true,
    accepts: (value) => typeof (value as { path?: unknown } | null)?.path === "string",
  },
  model: { wants: "a model's alias, id or ARN", required: true, accepts: isText },
  prompt: {
    wants: "a function of a row that returns text",
    required: true,
    accepts: (value) => typeof value === "function",
  },
  maxTokens: { wants: "a whole number from 1", accepts: isCount },
  temperature: { wants: "a number from 0 to 1", accepts: isRatio },
  topP: { wants: "a number from 0 to 1", accepts: isRatio },
  topK: { wants: "a whole number from 1", accepts: isCount },
  stopSequences: { wants: "a list of texts", accepts: (value) => Array.isArray(value) && value.every(isText) },
  system: { wants: "a text", accepts: isText },
  output: {
    wants: "a schema",
    accepts: (value) => typeof value === "object" || typeof value === "function" || isText(value),
  },
  dimensions: { wants: "a whole number from 1", accepts: isCount },
  invocation: { wants: '"model" or "converse"', accepts: (value) => value === "model" || value === "converse" },
  structured: { wants: '"prompt" or "native"', accepts: (value) => value === "prompt" || value === "native" },
  name: { wants: "a text", accepts: isText },
  limit: { wants: "a whole number from 1", accepts: isCount },
  answersPerRow: {
    wants: "a whole number from 1 to 100",
    accepts: (value) => isCount(value) && (value as number) <= 100,
  },
  allowGlobal: { wants: "true or false", accepts: (value) => typeof value === "boolean" },
};

function isText(value: unknown): boolean {
  return typeof value === "string" && value.trim() !== "";
}
function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}
function isRatio(value: unknown): boolean {
  return typeof value === "number" && value >= 0 && value <= 1;
}

/**
 * Loads a TypeScript (or JavaScript) spec.
 * @throws NO_SUCH_FILE, BAD_SPEC, BAD_SCHEMA, BAD_PROMPT
 */
export async function readSpecFile(path: string): Promise<LoadedSpec> {
  const absolute = resolve(path);
  if (!existsSync(absolute)) throw new HalfpriceError("NO_SUCH_FILE", { path });
  const spec = await loadDefault(absolute, path);
  if (!isBatchSpec(spec)) {
    const problem =
      spec === undefined ? "it has no default export" : "its default export is not what defineBatch makes";
    throw new HalfpriceError("BAD_SPEC", { path, problems: [problem] });
  }
  const values = spec as unknown as Readonly<Record<string, unknown>>;
  const problems = Object.entries(members).flatMap(([name, { wants, required, accepts }]) => {
    const value = values[name];
    if (value === undefined) return required === true ? [`${name} is missing; it has to be ${wants}`] : [];
    return accepts(value) ? [] : [`${name} has to be ${wants}`];
  });
  problems.push(
    ...Object.keys(values)
      .filter((name) => !(name in members))
      .map((name) => `${name} is no member of a spec`),
  );
  if (problems.length > 0) throw new HalfpriceError("BAD_SPEC", { path, problems });
  refusePlaceholders(spec.system, path);
  const written = readFileSync(absolute, "utf8");
  const text = toLineFeeds(written);
  const isElsewhere = isAbsolute(spec.input.path) || spec.input.path.startsWith("run:");
  const tablePath = isElsewhere ? spec.input.path : join(dirname(path), spec.input.path);
  return {
    tablePath,
    prompt: {
      kind: "function",
      source: path,
      // The whole file: the function may call others in it.
      text,
      ...(written === text ? {} : { formerText: written }),
      render: spec.prompt,
      settings: readSettings(spec, path),
      files: [absolute, findSchemaFile(spec.output, path)].filter((file) => file !== undefined),
    },
    ...(spec.name === undefined ? {} : { name: spec.name }),
    ...(spec.limit === undefined ? {} : { limit: spec.limit }),
    ...(spec.answersPerRow === undefined || spec.answersPerRow === 1 ? {} : { answersPerRow: spec.answersPerRow }),
    ...(spec.invocation === undefined ? {} : { invocation: spec.invocation }),
    ...(spec.structured === undefined ? {} : { structured: spec.structured }),
    ...(spec.allowGlobal === true ? { allowGlobal: true } : {}),
  };
}

function readSettings(spec: BatchSpec, path: string): PromptSettings {
  const { model, maxTokens, temperature, topP, topK, stopSequences, system, output, dimensions } = spec;
  return {
    model,
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(topK === undefined ? {} : { topK }),
    ...(stopSequences === undefined ? {} : { stopSequences }),
    ...(system === undefined ? {} : { system }),
    ...(dimensions === undefined ? {} : { dimensions }),
    ...(output === undefined ? {} : { output: readOutputSchema(output, path) }),
  };
}

async function loadDefault(absolute: string, path: string): Promise<unknown> {
  const { createJiti } = await import("jiti");
  // `import … from "halfprice"` in a spec is this very copy, installed beside the spec or not.
  const self = new URL(`../index${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url).pathname;
  const jiti = createJiti(import.meta.url, { alias: { halfprice: self }, fsCache: false, interopDefault: false });
  try {
    const module: unknown = await jiti.import(absolute);
    return (module as { default?: unknown }).default;
  } catch (cause) {
    if (isError(cause)) throw cause;
    const { message, stack = "" } = cause as Error;
    const at = new RegExp(`${absolute.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}:(\\d+)`).exec(stack)?.[1];
    const where = at === undefined ? "" : ` (line ${at})`;
    throw new HalfpriceError("BAD_SPEC", { path, problems: [`it could not be loaded${where}: ${message}`] }, { cause });
  }
}
