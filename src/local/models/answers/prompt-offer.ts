/** What a prompt's text offers: a JSON Schema, an example of the JSON that is wanted, a list of labels; and the rest. */
import { isObject } from "../family.ts";
import { findLabelSet, type LabelSet } from "./labels.ts";

/** A JSON shape found in a text. */
export interface TextSchema {
  /** The bytes that spell it, to be left out when the text is read for its words. */
  readonly text: string;
  readonly schema: unknown;
}

const jsonTypes = new Set(["object", "array", "string", "number", "integer", "boolean", "null"]);
const isSchema = (value: unknown): boolean => {
  if (!isObject(value)) return false;
  const { type, properties, $schema, anyOf, oneOf } = value as Record<string, unknown>;
  if (isObject(properties) || typeof $schema === "string") return true;
  if (Array.isArray(anyOf) || Array.isArray(oneOf)) return true;
  return typeof type === "string" && jsonTypes.has(type) && ("enum" in value || "items" in value);
};

const placeholder =
  /^(\.{2,}|…|<[^>]*>|\[[^\]]*\]|\{[^}]*\}|string|number|integer|boolean|text|true\s*\|\s*false|.*\s*\|\s*.*)?$/i;

/** The schema of a JSON example whose leaves are placeholders, or undefined where one of them is data. */
function schemaOfExample(value: unknown): unknown {
  if (typeof value === "string") {
    if (!placeholder.test(value)) return undefined;
    if (value.includes("|")) return { enum: value.split("|").map((label) => label.trim()) };
    return jsonTypes.has(value.toLowerCase()) ? { type: value.toLowerCase() } : { type: "string" };
  }
  if (typeof value === "number") return { type: Number.isInteger(value) ? "integer" : "number" };
  if (typeof value === "boolean") return { type: "boolean" };
  if (value === null) return { type: "null" };
  if (Array.isArray(value)) {
    const items = value.length === 0 ? { type: "string" } : schemaOfExample(value[0]);
    return items === undefined ? undefined : { type: "array", items };
  }
  const properties: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value as object)) {
    const schema = schemaOfExample(item);
    if (schema === undefined) return undefined;
    properties[name] = schema;
  }
  return { type: "object", properties, required: Object.keys(properties) };
}

/** The text of the JSON object that begins at an index, or undefined where no brace closes it. */
function cutObject(text: string, start: number): string | undefined {
  let depth = 0;
  for (let index = start; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 34) {
      do index = text.indexOf('"', index + 1);
      while (index > 0 && isEscaped(text, index));
      if (index < 0) return undefined;
    } else if (code === 123) depth++;
    else if (code === 125 && --depth === 0) return text.slice(start, index + 1);
  }
  return undefined;
}

function isEscaped(text: string, quote: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(quote - 1 - backslashes) === 92) backslashes++;
  return backslashes % 2 === 1;
}

// Of late: prompts of one job share their schema, so the text is searched for a known one before it is parsed.
const recent: TextSchema[] = [];
const keptSchemas = 8;
const triedBraces = 20;

/** The JSON Schema, or the example of one, that a text spells out; the longest where there are several. */
export function findSchemaInText(text: string): TextSchema | undefined {
  if (!text.includes("{")) return undefined;
  const known = recent.find((entry) => text.includes(entry.text));
  if (known !== undefined) return known;
  let best: TextSchema | undefined;
  let start = text.indexOf("{");
  for (let tries = 0; start >= 0 && tries < triedBraces; tries++) {
    const cut = cutObject(text, start);
    const value = cut === undefined ? undefined : parseQuietly(cut);
    if (cut !== undefined && value !== undefined && cut.length > (best?.text.length ?? 0)) {
      if (isSchema(value)) best = { text: cut, schema: value };
      else if (best === undefined && /json/i.test(text) && Object.keys(value as object).length > 0) {
        const schema = schemaOfExample(value);
        if (schema !== undefined) best = { text: cut, schema };
      }
    }
    start = text.indexOf("{", value === undefined || cut === undefined ? start + 1 : start + cut.length);
  }
  if (best !== undefined) {
    recent.unshift(best);
    recent.length = Math.min(recent.length, keptSchemas);
  }
  return best;
}

function parseQuietly(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not JSON: prose may have braces too
  }
}

const bullet = /^[ \t]*(?:[-*•]|\d{1,3}[.)])[ \t]+(\S.*?)[ \t]*$/;
const shortLabel = (label: string): boolean => label.length > 0 && label.length <= 60 && label.split(/\s+/).length <= 6;
const cleanLabel = (label: string): string => label.replace(/^["'`“]+|["'`”.,;]+$/g, "").trim();

const bulletSign = /[-*•\d]/;

/** Most prompts have no list: a look at what each line begins with is cheaper than reading them all. */
function mayHaveBullets(text: string): boolean {
  for (let at = 0; at >= 0; at = text.indexOf("\n", at) + 1 || -1) {
    let start = at;
    while (text.charCodeAt(start) === 32 || text.charCodeAt(start) === 9) start++;
    if (bulletSign.test(text[start] ?? "")) return true;
  }
  return false;
}

function labelsOfBullets(text: string): string[] | undefined {
  if (!mayHaveBullets(text)) return undefined;
  let run: string[] = [];
  let best: string[] = [];
  for (const line of text.split("\n")) {
    const label = bullet.exec(line)?.[1]?.split(/:\s|\s[-–—]\s/)[0];
    if (label !== undefined && shortLabel(label)) run.push(cleanLabel(label));
    else if (line.trim() !== "") run = [];
    if (run.length > best.length) best = run;
  }
  return best.length >= 2 ? best : undefined;
}

const listIntro =
  /\b(?:one of|either|choose (?:from|between)|classify [^:\n]{0,80}? (?:as|into)|labels?|categor(?:y|ies)|intents?|classes|options|sentiments?|topics?|answer with)\b[^:\n]{0,60}?(?::\s*|\s+)(?=["'`\w])/gi;

const separators = [",", "|", "/", " or "];

function labelsOfLine(text: string): string[] | undefined {
  if (!separators.some((separator) => text.includes(separator))) return undefined;
  let best: string[] = [];
  listIntro.lastIndex = 0;
  for (let match = listIntro.exec(text); match !== null; match = listIntro.exec(text)) {
    const rest = text.slice(match.index + match[0].length).split(/\n|[.?!;](?:\s|$)/)[0] ?? "";
    const labels = rest
      .replace(/\s+(?:or|and)\s+/g, ", ")
      .split(/\s*[,|/]\s*/)
      .map(cleanLabel)
      .filter((label) => label !== "");
    if (
      labels.length >= 2 &&
      labels.length > best.length &&
      labels.every((label) => shortLabel(label) && label.length <= 40)
    ) {
      best = labels;
    }
  }
  return best.length >= 2 ? best : undefined;
}

/** The labels that a prompt offers as a list of bullets or in a sentence, or undefined. */
export function findLabelsInText(text: string): LabelSet | undefined {
  const labels = labelsOfBullets(text) ?? labelsOfLine(text);
  return labels === undefined ? undefined : findLabelSet([...new Set(labels)]);
}

let spans = new WeakMap<LabelSet, string>();
const gapChars = 8;

/** The text without the place where it lists these labels, so that they do not share words with themselves. */
export function withoutList(text: string, set: LabelSet): string {
  const known = spans.get(set);
  if (known !== undefined && text.includes(known)) return text.replace(known, " ");
  const { labels } = set;
  if (!text.includes(labels[0] ?? "") || !text.includes(labels[labels.length - 1] ?? "")) return text;
  const hits = labels
    .flatMap((label) => {
      const found: { start: number; end: number; label: string }[] = [];
      for (let at = text.indexOf(label); at >= 0; at = text.indexOf(label, at + label.length)) {
        found.push({ start: at, end: at + label.length, label });
      }
      return found;
    })
    .sort((a, b) => a.start - b.start || b.end - a.end);
  let best = { start: 0, end: 0, count: 0 };
  let run = { start: 0, end: -gapChars - 1, seen: new Set<string>() };
  for (const hit of hits) {
    if (hit.start - run.end > gapChars) run = { start: hit.start, end: hit.end, seen: new Set() };
    run.end = Math.max(run.end, hit.end);
    run.seen.add(hit.label);
    if (run.seen.size > best.count) best = { start: run.start, end: run.end, count: run.seen.size };
  }
  if (best.count < Math.max(2, labels.length / 2)) return text;
  spans.set(set, text.slice(best.start, best.end));
  return `${text.slice(0, best.start)} ${text.slice(best.end)}`;
}

/**
 * Forgets what was seen in texts before: a block of a job is answered alike, whatever was answered before it and wherever it
 * is answered.
 */
export function forgetTexts(): void {
  recent.length = 0;
  spans = new WeakMap();
}

const names =
  "message|text|input|query|question|review|ticket|e-?mail|content|utterance|sentence|document|comment|tweet|post|context|article|transcript|passage|customer|feedback";
const tagged = new RegExp(`<(${names})>([\\s\\S]*?)</\\1>`, "i");
const marked = new RegExp(
  `(?:^|[\\n.?!>"'\\]] *)(?:the |customer |user |customer's |user's )?(?:${names})s?[ \\t]*:[ \\t]*\\n?`,
  "i",
);

/** The part of a prompt that is its subject: what stands in `<message>…</message>` or behind `Message:`, else all. */
export function cutMessage(text: string): string {
  const inTags = text.includes("</") ? tagged.exec(text) : null;
  if (inTags !== null) return inTags[2] ?? "";
  const mark = marked.exec(text);
  if (mark === null) return text;
  const rest = text.slice(mark.index + mark[0].length);
  return rest.trim() === "" ? text : rest;
}
