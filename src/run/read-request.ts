import type { RunOptions } from "../config.ts";
import { HalfpriceError } from "../errors.ts";
import type { Prompt, PromptSettings } from "../prompt/prompt.ts";
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
}

/**
 * Reads what a run is to do from its files. Nothing is opened but prompt and spec.
 * @throws NO_SUCH_FILE, BAD_PROMPT, BAD_SPEC, BAD_SCHEMA, BAD_OPTIONS
 */
export async function readRequest(input: RequestInput, options: RunOptions): Promise<RunRequest> {
  const { first, second, model, family, name } = input;
  const { isSpecPath, readSpecFile } = await import("../prompt/read-spec-file.ts");
  const given = {
    ...(model === undefined ? {} : { model }),
    ...(family === undefined ? {} : { family }),
  };
  if (isSpecPath(first)) {
    if (second !== undefined || input.prompt !== undefined) {
      throw refuse(`${first} is a spec, which has its prompt in it; ${second ?? "--prompt"} is one too many`);
    }
    const spec = await readSpecFile(first);
    const limit = options.limit ?? spec.limit;
    const runName = name ?? spec.name;
    return {
      table: spec.tablePath,
      prompt: await withOptions(spec.prompt, input),
      options: limit === undefined ? options : { ...options, limit },
      ...given,
      ...(runName === undefined ? {} : { name: runName }),
    };
  }
  if (second !== undefined && input.prompt !== undefined) throw refuse(`there are two prompts: ${second} and --prompt`);
  const prompt = await readPrompt(first, second, input.prompt);
  return {
    table: first,
    prompt: await withOptions(prompt, input),
    options,
    ...given,
    ...(name === undefined ? {} : { name }),
  };
}

async function readPrompt(table: string, path: string | undefined, text: string | undefined): Promise<Prompt> {
  if (path !== undefined) return (await import("../prompt/read-prompt-file.ts")).readPromptFile(path);
  if (text === undefined)
    throw refuse(`there is no prompt for ${table}: name a prompt file, or give --prompt "…{{column}}…"`);
  if (text.trim() === "") throw refuse("--prompt is empty");
  const { parseTemplate } = await import("../prompt/template.ts");
  return { kind: "template", source: "--prompt", text, parts: parseTemplate(text, "--prompt"), settings: {} };
}

async function withOptions(prompt: Prompt, { output, system }: RequestInput): Promise<Prompt> {
  let settings: PromptSettings = prompt.settings;
  if (output !== undefined) {
    const { readOutputSchema } = await import("../prompt/output-schema.ts");
    settings = { ...settings, output: readOutputSchema(output, "--schema") };
  }
  if (system !== undefined) {
    const { refusePlaceholders } = await import("../prompt/read-prompt-file.ts");
    refusePlaceholders(system, "--system");
    settings = { ...settings, system };
  }
  return { ...prompt, settings };
}

const refuse = (problem: string): HalfpriceError =>
  new HalfpriceError("BAD_OPTIONS", { problems: [problem], command: "halfprice run" });
