import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import type { Document, LineCounter, YAMLMap } from "yaml";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { findNearest } from "../foundation/nearest-name.ts";
import { efforts, type Thinking } from "../foundation/types/index.ts";
import { findSchemaFile, readOutputSchema } from "./output-schema.ts";
import type { PromptSettings, TemplatePrompt } from "./prompt.ts";
import { parseTemplate } from "./template.ts";

const require = createRequire(import.meta.url);
/** Loaded with the first front matter. */
const loadYaml = () => require("yaml") as typeof import("yaml");

type Setting = keyof PromptSettings;

interface Rule {
  readonly setting: Setting;
  /** What the value has to be, in words that follow "has to be". */
  readonly wants: string;
  readonly accepts: (value: unknown) => boolean;
}

const isNumber = (low: number, high: number) => (value: unknown) =>
  typeof value === "number" && value >= low && value <= high;
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 1;
const isText = (value: unknown): boolean => typeof value === "string" && value.trim() !== "";
const isTextList = (value: unknown): boolean => Array.isArray(value) && value.length > 0 && value.every(isText);

/** YAML 1.1 reads `on` and `off` as true and false, and people write those as well. */
const isThinking = (value: unknown): boolean => toThinking(value) !== undefined;
const isEffort = (value: unknown): boolean => efforts.some((effort) => effort === value);

/** The keys of the front matter. */
const rules: Readonly<Record<string, Rule>> = {
  model: { setting: "model", wants: "a model's alias, id or ARN", accepts: isText },
  max_tokens: { setting: "maxTokens", wants: "a whole number from 1", accepts: isCount },
  temperature: { setting: "temperature", wants: "a number from 0 to 1", accepts: isNumber(0, 1) },
  top_p: { setting: "topP", wants: "a number from 0 to 1", accepts: isNumber(0, 1) },
  top_k: { setting: "topK", wants: "a whole number from 1", accepts: isCount },
  stop: { setting: "stopSequences", wants: "a list of texts", accepts: isTextList },
  system: { setting: "system", wants: "a text", accepts: isText },
  thinking: { setting: "thinking", wants: "on, off, or a whole number of tokens from 1", accepts: isThinking },
  effort: { setting: "effort", wants: `one of ${efforts.join(", ")}`, accepts: isEffort },
  dimensions: { setting: "dimensions", wants: "a whole number from 1", accepts: isCount },
  output: { setting: "output", wants: "a JSON Schema or a path to one", accepts: (value) => value !== null },
};

/** The names that a front matter may have. */
export const frontMatterKeys: readonly string[] = Object.keys(rules);

/**
 * Reads a prompt file: Markdown with a front matter of YAML between two lines of `---`.
 * @throws NO_SUCH_FILE, IS_A_DIRECTORY, UNREADABLE_FILE, BAD_PROMPT, BAD_SCHEMA
 */
export function readPromptFile(path: string): TemplatePrompt {
  let written: string;
  try {
    written = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new HalfpriceError("NO_SUCH_FILE", { path }, { cause });
    if (code === "EISDIR") throw new HalfpriceError("IS_A_DIRECTORY", { path }, { cause });
    throw new HalfpriceError("UNREADABLE_FILE", { path, reason: message }, { cause });
  }
  // The same prompt on every machine: git and editors change line ends.
  const source = toLineFeeds(written);
  const { head, yaml, text } = splitPrompt(source);
  if (yaml === undefined && /^---[ \t]*\n/.test(source)) {
    const fix = "close the front matter with a line of ---";
    throw new HalfpriceError("BAD_PROMPT", { path, line: 1, problem: "the front matter is never closed", fix });
  }
  const { settings, schemaFile } = yaml === undefined ? { settings: {} } : readFrontMatter(yaml, path);
  const firstLine = source.slice(0, source.length - source.slice(head.length).trimStart().length).split("\n").length;
  if (text === "") {
    const fix = "write the prompt below the front matter, with {{column}} where a cell goes";
    throw new HalfpriceError("BAD_PROMPT", { path, problem: "there is no prompt in it", fix });
  }
  const files = [resolve(path), ...(schemaFile === undefined ? [] : [schemaFile])];
  const formerText = splitPrompt(written).text;
  return {
    kind: "template",
    source: path,
    text,
    ...(formerText === text ? {} : { formerText }),
    parts: parseTemplate(text, path, firstLine),
    settings,
    files,
  };
}

/** `on`, `off`, true, false, or a number of tokens. */
export function toThinking(value: unknown): Thinking | undefined {
  if (value === true || value === "on") return "on";
  if (value === false || value === "off") return "off";
  return isCount(value) ? (value as number) : undefined;
}

/** A text with LF as its only line end. */
export const toLineFeeds = (text: string): string => text.replace(/\r\n?/g, "\n");

/** Takes a prompt file apart: the front matter, which begins on the first line, and the text without blank lines around it. */
function splitPrompt(source: string): { head: string; yaml: string | undefined; text: string } {
  const fenced = /^---[ \t]*\r?\n([\s\S]*?)^---[ \t]*(?:\r?\n|$)/m.exec(source);
  const isFirst = fenced !== null && fenced.index === 0;
  const head = isFirst ? fenced[0] : "";
  const text = source
    .slice(head.length)
    .trimEnd()
    .replace(/^(?:[ \t]*\r?\n)+/, "");
  return { head, yaml: isFirst ? (fenced[1] ?? "") : undefined, text };
}

interface FrontMatter {
  readonly settings: PromptSettings;
  /** The file that `output` names, where it names one. */
  readonly schemaFile?: string | undefined;
}

function readFrontMatter(yaml: string, path: string): FrontMatter {
  const { LineCounter, visit } = loadYaml();
  const lines = new LineCounter();
  const document = readYaml(yaml, path, lines);
  // The front matter begins on the file's second line.
  const lineAt = (offset: number): number => lines.linePos(offset).line + 1;
  const fail = (line: number, problem: string, fix: string): never => {
    throw new HalfpriceError("BAD_PROMPT", { path, line, problem, fix });
  };
  const [error] = document.errors;
  if (error !== undefined) {
    fail(
      lineAt(error.pos[0]),
      `the front matter is not valid YAML (${error.message})`,
      "fix that line; `key: value`, one a line",
    );
  }
  // An alias stands for what a front matter has no use for, and a few can stand for billions of values.
  visit(document, {
    Alias: (_, alias) =>
      fail(
        lineAt(alias.range?.[0] ?? 0),
        `the front matter has an alias (*${alias.source})`,
        `write the value itself; a text that begins with * goes into quotes: "*${alias.source}"`,
      ),
  });
  const values: unknown = document.toJS();
  if (values === null || values === undefined) return { settings: {} };
  if (typeof values !== "object" || Array.isArray(values)) {
    return fail(2, "the front matter is not a list of `key: value`", `the keys are ${frontMatterKeys.join(", ")}`);
  }
  const settings: Record<string, unknown> = {};
  for (const { key } of (document.contents as unknown as YAMLMap<{ value: unknown; range: [number] }>).items) {
    const name = String(key.value);
    const line = lineAt(key.range[0]);
    const value = (values as Record<string, unknown>)[name];
    const rule = rules[name];
    if (rule === undefined) {
      const near = findNearest(name, frontMatterKeys);
      fail(
        line,
        `${name} is an unknown setting of the front matter${near === undefined ? "" : `; the nearest is ${near}`}`,
        `the keys are ${frontMatterKeys.join(", ")}`,
      );
      continue;
    }
    if (!rule.accepts(value)) {
      fail(line, `${name} is ${JSON.stringify(value)}; it has to be ${rule.wants}`, `fix ${name} in the front matter`);
    }
    settings[rule.setting] =
      rule.setting === "output"
        ? readOutputSchema(value, path)
        : rule.setting === "thinking"
          ? toThinking(value)
          : value;
  }
  refusePlaceholders(settings["system"], path);
  return { settings, schemaFile: findSchemaFile((values as Record<string, unknown>)["output"], path) };
}

/** @throws BAD_PROMPT where a value is nested so deep that it cannot be read */
function readYaml(yaml: string, path: string, lineCounter: LineCounter): Document.Parsed {
  try {
    return loadYaml().parseDocument(yaml, { lineCounter, prettyErrors: false });
  } catch (cause) {
    const problem = `the front matter cannot be read (${(cause as Error).message})`;
    throw new HalfpriceError("BAD_PROMPT", { path, problem, fix: "write `key: value`, one a line" }, { cause });
  }
}

/** The system prompt is the same for every row: a placeholder in it would be sent as it stands. */
export function refusePlaceholders(system: unknown, path: string): void {
  if (typeof system !== "string" || !/(?<!\\)\{\{/.test(system)) return;
  throw new HalfpriceError("BAD_PROMPT", {
    path,
    problem: "`system` has a placeholder, but it is the same for every row",
    fix: "move the placeholder into the prompt below the front matter",
  });
}
