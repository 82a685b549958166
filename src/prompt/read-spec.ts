import { dirname, isAbsolute, join } from "node:path";
import { defined } from "../foundation/defined.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { findNearest } from "../foundation/nearest-name.ts";
import { efforts, type StructuredOutput } from "../foundation/types/index.ts";
import { type BatchSpec, isBatchSpec, type ReadyBodies, type TableSource } from "./define-batch.ts";
import { findSchemaFile, readOutputSchema } from "./output-schema.ts";
import type { FunctionPrompt, PromptSettings, RawPrompt, TemplatePrompt } from "./prompt.ts";
import { refusePlaceholders, toThinking } from "./read-prompt-file.ts";
import { parseTemplate } from "./template.ts";

/** What a spec asks for, checked. */
export interface LoadedSpec {
  /** The table's path, as seen from the working directory; what a program's own rows are called. */
  readonly tablePath: string;
  /** A program's own rows, or a query, instead of a file. */
  readonly source?: TableSource;
  readonly prompt: FunctionPrompt | TemplatePrompt | RawPrompt;
  readonly name?: string;
  readonly limit?: number;
  readonly answersPerRow?: number;
  readonly invocation?: "model" | "converse";
  readonly structured?: StructuredOutput;
  readonly allowGlobal?: true;
}

/** Where a spec stands. */
export interface SpecOrigin {
  /** The file, or what a program calls it: for errors. */
  readonly source: string;
  /** The spec file, absolute; absent where a program made the spec. */
  readonly file?: string;
  /** What the fingerprint of the run is made of besides the rendered prompts: the text of the file, or of the function. */
  readonly text: string;
  /** The same as older versions took it, where that differs. */
  readonly formerText?: string;
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
    wants: 'a function of a row that returns text, or a template such as "Sentiment of: {{text}}"',
    required: true,
    accepts: (value) => typeof value === "function" || isText(value) || isReadyBodies(value),
  },
  shared: { wants: "a text", accepts: isText },
  maxTokens: { wants: "a whole number from 1", accepts: isCount },
  temperature: { wants: "a number from 0 to 1", accepts: isRatio },
  topP: { wants: "a number from 0 to 1", accepts: isRatio },
  topK: { wants: "a whole number from 1", accepts: isCount },
  stopSequences: { wants: "a list of texts", accepts: (value) => Array.isArray(value) && value.every(isText) },
  system: { wants: "a text", accepts: isText },
  thinking: {
    wants: '"on", "off", or a whole number of tokens from 1',
    accepts: (value) => toThinking(value) !== undefined,
  },
  effort: { wants: `one of ${efforts.join(", ")}`, accepts: (value) => efforts.some((effort) => effort === value) },
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

/** What a ready body says itself. */
const saidByBodies = [
  ...["maxTokens", "temperature", "topP", "topK", "stopSequences", "system", "output", "dimensions"],
] as const;

function isText(value: unknown): boolean {
  return typeof value === "string" && value.trim() !== "";
}
function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}
function isRatio(value: unknown): boolean {
  return typeof value === "number" && value >= 0 && value <= 1;
}

function isReadyBodies(value: unknown): value is ReadyBodies {
  const { kind, column } = (value ?? {}) as { kind?: unknown; column?: unknown };
  return kind === "bodies" && isText(column);
}

/**
 * Checks a spec, member by member, and reads what it names.
 * @throws BAD_SPEC with every problem, BAD_SCHEMA, BAD_PROMPT, NO_SUCH_FILE
 */
export function readSpec(spec: unknown, { source, file, text, formerText }: SpecOrigin): LoadedSpec {
  if (!isBatchSpec(spec)) {
    const problem =
      spec === undefined ? "it has no default export" : "its default export is not what defineBatch makes";
    throw new HalfpriceError("BAD_SPEC", { path: source, problems: [problem] });
  }
  const problems = findProblems(spec);
  if (problems.length > 0) throw new HalfpriceError("BAD_SPEC", { path: source, problems });
  refusePlaceholders(spec.system, source);
  const { input } = spec;
  const isFile = input.rows === undefined && input.query === undefined;
  const isPlain = isFile && input.columns === undefined;
  const isRelative = isFile && !isAbsolute(input.path) && !/^(run|s3):/.test(input.path);
  const shared = {
    source,
    text: typeof spec.prompt === "string" ? spec.prompt : text,
    ...(formerText === undefined || typeof spec.prompt === "string" ? {} : { formerText }),
    settings: readSettings(spec, source),
    files: [file, findSchemaFile(spec.output, source)].filter((each) => each !== undefined),
  };
  return {
    tablePath: isRelative && file !== undefined ? join(dirname(source), input.path) : input.path,
    ...(isPlain ? {} : { source: input }),
    prompt: readPrompt(spec, shared, file === undefined),
    ...defined({ name: spec.name, limit: spec.limit }),
    ...(spec.answersPerRow === undefined || spec.answersPerRow === 1 ? {} : { answersPerRow: spec.answersPerRow }),
    ...defined({ invocation: spec.invocation, structured: spec.structured }),
    ...(spec.allowGlobal === true ? { allowGlobal: true } : {}),
  };
}

function readPrompt(
  { prompt, shared: begin }: BatchSpec,
  shared: Pick<FunctionPrompt, "source" | "text" | "settings">,
  isClosure: boolean,
): LoadedSpec["prompt"] {
  if (typeof prompt === "string") return { ...shared, kind: "template", parts: parseTemplate(prompt, shared.source) };
  if (typeof prompt === "function")
    return {
      ...shared,
      kind: "function",
      render: prompt,
      ...defined({ shared: begin }),
      ...(isClosure ? { isClosure } : {}),
    };
  const { column, checked } = prompt;
  return { ...shared, kind: "raw", column, text: `raw:${column}`, ...defined({ checked }) };
}

function findProblems(spec: BatchSpec): string[] {
  const values = spec as unknown as Readonly<Record<string, unknown>>;
  const names = Object.keys(members);
  const isReady = isReadyBodies(spec.prompt);
  return [
    ...saidByBodies
      .filter((name) => isReady && values[name] !== undefined)
      .map((name) => `${name} is one too many: ready bodies say it themselves`),
    ...(spec.shared !== undefined && typeof spec.prompt !== "function"
      ? ["shared goes with a prompt that is a function; what a template has outside of {{…}} is shared anyway"]
      : []),
    ...Object.entries(members).flatMap(([name, { wants, required, accepts }]) => {
      const value = values[name];
      if (value === undefined) return required === true ? [`${name} is missing; it has to be ${wants}`] : [];
      return accepts(value) ? [] : [`${name} has to be ${wants}`];
    }),
    ...Object.keys(values)
      .filter((name) => !names.includes(name))
      .map((name) => {
        const nearest = findNearest(name, names);
        return `${name} is an unknown setting${nearest === undefined ? "" : `; the nearest is ${nearest}`}`;
      }),
  ];
}

function readSettings(spec: BatchSpec, path: string): PromptSettings {
  const { model, maxTokens, temperature, topP, topK, stopSequences, system, output, dimensions, effort } = spec;
  const thinking = toThinking(spec.thinking);
  return {
    model,
    ...defined({ maxTokens, temperature, topP, topK, stopSequences, system, dimensions, thinking, effort }),
    ...(output === undefined ? {} : { output: readOutputSchema(output, path) }),
  };
}
