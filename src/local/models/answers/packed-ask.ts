/**
 * Requests that ask about several rows at once: the schema wants an object with one list of objects, and the text has a JSON object a
 * line, each with a key that the list's items are to repeat. A model answers each row as it would answer it alone.
 */
import { isObject, type JsonObject } from "../family.ts";

/** One row of such a request. */
export interface PackedRow {
  readonly key: string;
  /** Its other members that are texts, in their order. */
  readonly cells: readonly string[];
}

/** What a request with several rows asks for. */
export interface PackedAsk {
  /** The member of the answer that has the list. */
  readonly listName: string;
  /** The member of an item that has the row's key. */
  readonly keyName: string;
  readonly itemSchema: JsonObject;
  readonly rows: readonly PackedRow[];
}

/** One item of an answer. */
export interface PackedItem {
  readonly key: string;
  readonly content: JsonObject;
}

/** @returns undefined where the request is of another kind */
export function findPackedAsk(schema: unknown, prompt: string): PackedAsk | undefined {
  const list = findList(schema);
  if (list === undefined) return undefined;
  const { listName, itemSchema } = list;
  const [keyName] = Object.keys(isObject(itemSchema["properties"]) ? itemSchema["properties"] : {});
  if (keyName === undefined) return undefined;
  const rows = prompt.split("\n").flatMap((line) => readRow(line, keyName) ?? []);
  return rows.length === 0 ? undefined : { listName, keyName, itemSchema, rows };
}

function findList(schema: unknown): { listName: string; itemSchema: JsonObject } | undefined {
  if (!isObject(schema) || !isObject(schema["properties"])) return undefined;
  const members = Object.entries(schema["properties"]);
  const [first] = members;
  if (members.length !== 1 || first === undefined || !isObject(first[1])) return undefined;
  const { type, items } = first[1] as { type?: unknown; items?: unknown };
  return type === "array" && isObject(items) && isObject(items["properties"])
    ? { listName: first[0], itemSchema: items }
    : undefined;
}

function readRow(line: string, keyName: string): PackedRow | undefined {
  if (!line.startsWith("{") || !line.includes(`"${keyName}"`)) return undefined;
  try {
    const row: unknown = JSON.parse(line);
    if (!isObject(row)) return undefined;
    const { [keyName]: key, ...others } = row;
    const cells = Object.values(others).filter((cell) => typeof cell === "string");
    return typeof key === "string" ? { key, cells } : undefined;
  } catch {
    return undefined; // a line that only looks like a row
  }
}

/** What an item has beside its key, as a schema of its own. */
export function contentSchema({ itemSchema, keyName }: PackedAsk): JsonObject {
  const { [keyName]: _, ...properties } = itemSchema["properties"] as JsonObject;
  const required = Array.isArray(itemSchema["required"])
    ? (itemSchema["required"] as unknown[]).filter((name) => name !== keyName)
    : [];
  return { ...itemSchema, properties, required };
}

/** The answer's JSON, as compact as a model that is told to be brief writes it. */
export function writePackedAnswer({ listName, keyName }: PackedAsk, items: readonly PackedItem[]): string {
  return JSON.stringify({ [listName]: items.map(({ key, content }) => ({ [keyName]: key, ...content })) });
}
