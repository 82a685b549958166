import { statSync } from "node:fs";
import { resolve } from "node:path";
import { defined } from "../../foundation/defined.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import type { RunOptions } from "../../foundation/options/run-options.ts";
import { bodyMember, isInputLine } from "../../lines/line-format.ts";
import { readFirstLine } from "../../lines/read-lines.ts";
import { findSchemaFile, readOutputSchema } from "../../prompt/output-schema.ts";
import type { Prompt, PromptSettings } from "../../prompt/prompt.ts";
import { readPromptFile, refusePlaceholders } from "../../prompt/read-prompt-file.ts";
import type { LoadedSpec } from "../../prompt/read-spec.ts";
import { isSpecPath, readSpecFile } from "../../prompt/read-spec-file.ts";
import { parseTemplate } from "../../prompt/template.ts";
import type { RunRequest } from "./choose-model.ts";

/** What names a run: a spec; a table and a prompt file; or a table and a prompt on the line. */
export interface RequestInput {
  /** A spec's path, or the table's path or glob. */
  readonly first: string;
  /** The prompt file's path. */
  readonly second?: string;
  /** The prompt itself. */
  readonly prompt?: string;
  /** JSON Schema of the answers as a path; wins over the prompt's. */
  readonly output?: string;
  readonly system?: string;
  readonly model?: string;
  readonly family?: string;
  readonly name?: string;
  /** The table has ready bodies: in this column, or in `modelInput`. */
  readonly raw?: string | boolean;
  /** `model` or `converse`; wins over the spec's. */
  readonly invocation?: string;
  /** `prompt` or `native`; wins over the spec's. */
  readonly structured?: string;
  /** A whole number; wins over the prompt's. */
  readonly dimensions?: string;
}

/**
 * Reads what a run is to do from its files. Nothing is opened but prompt and spec.
 * @throws NO_SUCH_FILE, BAD_PROMPT, BAD_SPEC, BAD_SCHEMA, BAD_OPTIONS
 */
export async function readRequest(input: RequestInput, options: RunOptions): Promise<RunRequest> {
  return (await readRequestFiles(input))(options);
}

/** The same, read once: for the options that come with each use of it. @throws what readRequest throws */
export async function readRequestFiles(input: RequestInput): Promise<(options: RunOptions) => RunRequest> {
  const { first, second, model, family, name } = input;
  const choices = readChoices(input);
  const given = { ...defined({ model, family }), ...choices };
  if (isSpecPath(first)) {
    if (input.raw !== undefined) throw refuse(`${first} is a spec, which has its prompt in it; --raw is one too many`);
    if (second !== undefined || input.prompt !== undefined) {
      throw refuse(`${first} is a spec, which has its prompt in it; ${second ?? "--prompt"} is one too many`);
    }
    const spec = await readSpecFile(first);
    const own = { prompt: await withOptions(spec.prompt, input), ...given, ...defined({ name }) };
    return (options) => ({ ...toRunRequest(spec, options), ...own });
  }
  const prompts = [
    second,
    input.prompt === undefined ? undefined : "--prompt",
    input.raw === undefined ? undefined : "--raw",
  ];
  const named = prompts.filter((each) => each !== undefined);
  if (named.length > 1) throw refuse(`there are two prompts: ${named.join(" and ")}`);
  const prompt = await withOptions(await readPrompt(first, input), input);
  return (options) => ({ table: first, prompt, options, ...given, ...defined({ name }) });
}

/** What a spec asks for; options win over it. */
export function toRunRequest(spec: LoadedSpec, options: RunOptions): RunRequest {
  const limit = options.limit ?? spec.limit;
  const answersPerRow = options.answersPerRow ?? spec.answersPerRow;
  return {
    table: spec.tablePath,
    ...defined({ source: spec.source }),
    prompt: spec.prompt,
    options: {
      ...options,
      ...defined({ limit, answersPerRow }),
      ...(spec.allowGlobal === true ? { isGlobalAllowed: true } : {}),
    },
    ...readChoices(spec),
    ...defined({ name: spec.name }),
  };
}

/** The user's files that a run reads; an object of S3 and another run's results are none of them. */
export function listReads(tableFiles: readonly string[], { files = [] }: RunRequest["prompt"]): string[] {
  return [...tableFiles, ...files].map((file) => resolve(file));
}

/** @throws BAD_OPTIONS */
function readChoices({
  invocation,
  structured,
}: Pick<RequestInput | LoadedSpec, "invocation" | "structured">): Pick<RunRequest, "invocation" | "structured"> {
  if (invocation !== undefined && invocation !== "model" && invocation !== "converse") {
    throw refuse(`--invocation is ${JSON.stringify(invocation)}; it has to be model or converse`);
  }
  if (structured !== undefined && structured !== "prompt" && structured !== "native") {
    throw refuse(`--structured is ${JSON.stringify(structured)}; it has to be prompt or native`);
  }
  return {
    ...(invocation === undefined ? {} : { invocation: invocation === "converse" ? "Converse" : "InvokeModel" }),
    ...(structured === undefined ? {} : { structured }),
  };
}

async function readPrompt(table: string, { second: path, prompt: text, raw }: RequestInput): Promise<Prompt> {
  if (path !== undefined) return readPromptFile(path);
  const firstLine = readBeginning(table);
  // A public tutorial shows lines of OpenAI's form for Bedrock: every record of such a job fails.
  if (/"custom_id"\s*:/.test(firstLine) && /"body"\s*:/.test(firstLine) && (raw !== undefined || text === undefined)) {
    throw refuse(
      `${table} has lines of OpenAI's batch API; Bedrock's are {"recordId": "…", "modelInput": {…}}, the body without \`model\` and \`stream\``,
    );
  }
  if (raw !== undefined || (text === undefined && isInputLine(firstLine))) {
    const column = typeof raw === "string" ? raw : bodyMember;
    return { kind: "raw", source: raw === undefined ? table : "--raw", column, text: `raw:${column}`, settings: {} };
  }
  if (text === undefined)
    throw refuse(`there is no prompt for ${table}: name a prompt file, or give --prompt "…{{column}}…"`);
  if (text.trim() === "") throw refuse("--prompt is empty");
  return { kind: "template", source: "--prompt", text, parts: parseTemplate(text, "--prompt"), settings: {} };
}

/** How a JSONL file begins, which tells requests that are ready from rows; empty for anything else. */
function readBeginning(table: string): string {
  const isLines = /\.(jsonl|ndjson)$/.test(table) && statSync(table, { throwIfNoEntry: false })?.isFile() === true;
  return isLines ? readFirstLine(table) : "";
}

async function withOptions(prompt: Prompt, { output, system, dimensions }: RequestInput): Promise<Prompt> {
  let settings: PromptSettings = prompt.settings;
  let files = prompt.files ?? [];
  if (prompt.kind === "raw" && (system ?? dimensions) !== undefined) {
    throw refuse("ready bodies have their own system prompt and dimensions; --system and --dimensions would be lost");
  }
  if (dimensions !== undefined) {
    if (!/^[1-9]\d{0,5}$/.test(dimensions)) {
      throw refuse(`--dimensions is ${JSON.stringify(dimensions)}; it has to be a whole number from 1`);
    }
    settings = { ...settings, dimensions: Number(dimensions) };
  }
  if (output !== undefined) {
    settings = { ...settings, output: readOutputSchema(output, "--schema") };
    files = [...files, findSchemaFile(output, "--schema")].filter((file) => file !== undefined);
  }
  if (system !== undefined) {
    refusePlaceholders(system, "--system");
    settings = { ...settings, system };
  }
  return { ...prompt, settings, ...(files.length === 0 ? {} : { files }) };
}

const refuse = (problem: string): HalfpriceError =>
  new HalfpriceError("BAD_OPTIONS", { problems: [problem], command: "halfprice run" });
