import { parseLossless, stringifyLossless } from "../../engine/lossless-json.ts";
import { hasLongNumber, peelJson } from "../check-answer.ts";

/** How a packed answer is written. */
export interface PackForm {
  /** The member of an item that has its row's key. */
  readonly keyName: string;
  /** The member with the text, where answers are plain text; undefined where an item is the answer but for its key. */
  readonly answerName?: string | undefined;
}

/** What a packed answer has for one of its rows: the text that the row alone would have been answered with, or why there is none. */
export type RowPart =
  | { readonly text: string; readonly weight: number }
  | { readonly fault: "missing" | "twice" | "torn" | "unreadable" };

/**
 * Takes a packed answer apart. A row gets what stands under its own key, wherever it stands, and nothing else: where the key is missing,
 * or comes more than once, the row has no answer. Keys that no row has are passed over.
 * @param keys of the rows, in their order
 * @returns a part for each key, in the order of the keys
 */
export function splitItems(text: string, keys: readonly string[], form: PackForm): RowPart[] {
  const { items, isTorn } = readItems(text);
  if (items === undefined) return keys.map(() => ({ fault: "unreadable" }));
  const found = new Map<string, Readonly<Record<string, unknown>>[]>();
  for (const item of items) {
    if (typeof item !== "object" || item === null || Array.isArray(item)) continue;
    const members = item as Readonly<Record<string, unknown>>;
    const key = members[form.keyName];
    if (typeof key !== "string") continue;
    const known = found.get(key.trim());
    if (known === undefined) found.set(key.trim(), [members]);
    else known.push(members);
  }
  return keys.map((key) => {
    const own = found.get(key) ?? [];
    const [item] = own;
    if (item === undefined) return { fault: isTorn ? "torn" : "missing" };
    return own.length > 1 ? { fault: "twice" } : readPart(item, form);
  });
}

function readPart(item: Readonly<Record<string, unknown>>, { keyName, answerName }: PackForm): RowPart {
  if (answerName !== undefined) {
    const answer = item[answerName];
    return typeof answer === "string" ? { text: answer, weight: answer.length } : { fault: "missing" };
  }
  const { [keyName]: _, ...members } = item;
  const text = stringifyExactly(members);
  return { text, weight: text.length };
}

const stringifyExactly = (value: unknown): string => {
  const plain = JSON.stringify(value);
  return plain.includes('"isLosslessNumber":true') ? (stringifyLossless(value) ?? "null") : plain;
};

interface ReadItems {
  /** Undefined where nothing of the answer can be read. */
  readonly items: readonly unknown[] | undefined;
  /** The list has no end: what stands before the tear is whole. */
  readonly isTorn: boolean;
}

function readItems(text: string): ReadItems {
  const json = peelJson(text);
  const value = json === undefined ? undefined : parse(json);
  if (Array.isArray(value)) return { items: value as unknown[], isTorn: false };
  if (typeof value === "object" && value !== null) {
    const list = Object.values(value).find((member) => Array.isArray(member));
    if (list !== undefined) return { items: list as unknown[], isTorn: false };
  }
  const whole = cutWholeItems(text);
  return { items: whole.length === 0 ? undefined : whole, isTorn: true };
}

/** A value of JSON, with the digits that a double cannot hold. */
function parse(json: string): unknown {
  const value: unknown = JSON.parse(json);
  if (!hasLongNumber.test(json)) return value;
  try {
    return parseLossless(json);
  } catch {
    return value;
  }
}

/** The items of a list that breaks off: each object that is closed. */
function cutWholeItems(text: string): unknown[] {
  const items: unknown[] = [];
  let at = text.indexOf("[") + 1;
  if (at === 0) return items;
  let depth = 0;
  let from = 0;
  let isInText = false;
  for (; at < text.length; at += 1) {
    const letter = text[at];
    if (isInText) {
      if (letter === "\\") at += 1;
      else if (letter === '"') isInText = false;
    } else if (letter === '"') isInText = true;
    else if (letter === "{") {
      if (depth === 0) from = at;
      depth += 1;
    } else if (letter === "}") {
      depth -= 1;
      if (depth < 0) break;
      if (depth > 0) continue;
      try {
        items.push(parse(text.slice(from, at + 1)));
      } catch {
        return items; // what follows it cannot be trusted either
      }
    }
  }
  return items;
}
