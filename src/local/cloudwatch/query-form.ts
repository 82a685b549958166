/** The query protocol over the same tables as JSON: a form becomes the input, the output becomes XML. */
import { Refusal } from "../wire/refusal.ts";
import type { Shape } from "../wire/shape.ts";
import { element, leaf, type Markup } from "../wire/xml.ts";

/**
 * The value at a place of a form, as JSON would carry it; undefined where there is none. Lists are `Name.member.1…`.
 * @throws Refusal `MalformedInput` for text that is no number or time
 */
export function readForm(shape: Shape, params: ReadonlyMap<string, string>, at: string): unknown {
  if (shape.type === "structure") {
    const read: Record<string, unknown> = {};
    for (const [name, member] of Object.entries(shape.members)) {
      const value = readForm(member.shape, params, at === "" ? name : `${at}.${name}`);
      if (value !== undefined) read[name] = value;
    }
    return at === "" || Object.keys(read).length > 0 ? read : undefined;
  }
  if (shape.type === "list") {
    const items: unknown[] = [];
    for (let index = 1; ; index++) {
      const item = readForm(shape.of, params, `${at}.member.${index}`);
      if (item === undefined) return items.length === 0 ? undefined : items;
      items.push(item);
    }
  }
  const text = params.get(at);
  return text === undefined ? undefined : readText(shape.type, text, at);
}

function readText(type: Shape["type"], text: string, at: string): unknown {
  if (type === "integer" || type === "number") {
    if (!Number.isFinite(Number(text)) || text.trim() === "")
      throw new Refusal("MalformedInput", `${at} is no number: ${text}`);
    return Number(text);
  }
  if (type === "boolean") return text.toLowerCase() === "true";
  if (type === "timestamp" && Number.isNaN(Date.parse(text))) {
    throw new Refusal("MalformedInput", `timestamp must follow ISO8601: ${text}`);
  }
  return text;
}

/** An output's value as XML: a list is `<member>`s, a date is ISO 8601. */
export function writeXml(name: string, value: unknown): Markup {
  if (value === undefined || value === null) return "";
  if (value instanceof Date) return leaf(name, value.toISOString().replace(/\.000Z$/, "Z"));
  if (Array.isArray(value)) return element(name, ...value.map((item) => writeXml("member", item)));
  if (typeof value === "object") {
    return element(name, ...Object.entries(value).map(([key, item]) => writeXml(key, item)));
  }
  return leaf(name, value as string | number | boolean);
}
