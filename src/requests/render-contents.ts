import { textOf } from "../engine/cell-text.ts";
import type { Engine } from "../engine/engine.ts";
import { quoteName, quoteText } from "../engine/sql.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import type { Table } from "../foundation/types/index.ts";
import type { MediaStore } from "../media/media-store.ts";
import type { FunctionPrompt, TemplatePrompt } from "../prompt/prompt.ts";
import { makePromptCaller, type PromptFailures } from "./call-prompt.ts";
import { findCell, refuseColumn, type WantedCell } from "./find-column.ts";
import type { ContentPart } from "./media-lines.ts";
import { emptySql } from "./render-sql.ts";

/** A prompt with pictures and documents as SQL over the table's relation. */
export interface RenderContents {
  /** An expression of the row's parts, as JSON text of a list; NULL where the row is skipped. */
  readonly parts: string;
  /** Columns that the prompt reads, but those of bytes. */
  readonly columns: readonly string[];
  /** Where a cell that the prompt names is empty. */
  readonly isEmpty: string;
  readonly failures?: PromptFailures;
}

/** Checks a template with pictures and documents against a table and writes it as SQL. @throws UNKNOWN_COLUMN */
export function renderTemplateContents(
  engine: Engine,
  table: Table,
  prompt: TemplatePrompt,
  store: MediaStore,
): RenderContents {
  engine.registerCellFunction("halfprice_store", ["bytes"], ([bytes]) =>
    bytes instanceof Uint8Array ? store.put(bytes) : null,
  );
  const used = new Set<string>();
  const cells: string[] = [];
  const find = (part: WantedCell) => findCell(table, part.name) ?? refuseColumn(table, part, prompt);
  const parts = prompt.parts.map((part): string => {
    switch (part.kind) {
      case "text":
        return textPart(quoteText(part.text));
      case "row":
        return textPart(rowJson(table));
      case "column": {
        const { column, text } = find(part);
        used.add(column.name);
        cells.push(text);
        return textPart(`coalesce(${text}, '')`);
      }
      case "media": {
        const { column, text } = find(part);
        if (column.type === "BLOB") {
          const name = quoteName(column.name);
          return `CASE WHEN ${name} IS NULL THEN '{"${part.media}":""}' ELSE concat('{"${part.media}":{"stored":"', halfprice_store(${name}), '"}}') END`;
        }
        used.add(column.name);
        cells.push(text);
        return `concat('{"${part.media}":', to_json(coalesce(${text}, ''))::VARCHAR, '}')`;
      }
    }
  });
  return {
    parts: `concat('[', ${parts.join(", ',', ")}, ']')`,
    columns: table.columns.map(({ name }) => name).filter((name) => used.has(name)),
    isEmpty: emptySql(cells, "OR"),
  };
}

const textPart = (text: string): string => `concat('{"text":', to_json(${text})::VARCHAR, '}')`;

/** The whole row as JSON; bytes are no text. */
function rowJson(table: Table): string {
  const members = table.columns
    .filter(({ type }) => type !== "BLOB")
    .map(({ name }) => `${quoteName(name)} := ${quoteName(name)}`);
  return `to_json(struct_pack(${members.join(", ")}))::VARCHAR`;
}

/** @param texts what the function gave for rows that it was called for already, by their cells */
export function renderFunctionContents(
  engine: Engine,
  table: Table,
  prompt: FunctionPrompt,
  store: MediaStore,
  {
    onPromptError = "fail",
    texts,
  }: { readonly onPromptError?: "fail" | "skip"; readonly texts: ReadonlyMap<string, string> },
): RenderContents {
  const { call, failures } = makePromptCaller(table, prompt, onPromptError);
  const types = table.columns.map(({ type }) => (type === "BLOB" ? ("bytes" as const) : ("text" as const)));
  let row = 0;
  engine.registerCellFunction("halfprice_parts", types, (cells) => {
    row += 1;
    const known = texts.get(cells.join("\0"));
    const made = known ?? call(cells);
    if (made === null || made === "") return null;
    const list: readonly unknown[] = Array.isArray(made) ? (made as unknown[]) : [made];
    return JSON.stringify(list.map((part) => toContentPart(part, row, store)));
  });
  const plain = table.columns.filter(({ type }) => type !== "BLOB");
  const cells = table.columns.map((column) => (column.type === "BLOB" ? quoteName(column.name) : textOf(column)));
  return {
    parts: `halfprice_parts(${cells.join(", ")})`,
    columns: plain.map(({ name }) => name),
    isEmpty: emptySql(plain.map(textOf), "AND"),
    failures,
  };
}

function toContentPart(part: unknown, row: number, store: MediaStore): ContentPart {
  if (typeof part === "string") return { text: part };
  const { text, image, document, name } = (typeof part === "object" && part !== null ? part : {}) as Record<
    string,
    unknown
  >;
  const toSource = (value: unknown) => {
    if (value instanceof Uint8Array) return { stored: store.put(value) };
    return typeof value === "string" ? value : undefined;
  };
  if (typeof text === "string") return { text };
  const picture = toSource(image);
  if (picture !== undefined) return { image: picture };
  const paper = toSource(document);
  if (paper !== undefined) return { document: paper, ...(typeof name === "string" ? { name } : {}) };
  const members = typeof part === "object" && part !== null ? Object.keys(part).join(", ") : typeof part;
  const reason = `a part of what it returned is no text, { image } or { document } with a path or bytes (${members || "empty"})`;
  throw new HalfpriceError("PROMPT_FAILED", { row, reason });
}
