import { restoreMarks, textOf } from "../engine/cell-text.ts";
import type { Engine } from "../engine/engine.ts";
import { quoteName, quoteText } from "../engine/sql.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { findNearest } from "../foundation/nearest-name.ts";
import type { Table } from "../foundation/types/index.ts";
import type { FunctionPrompt, Prompt, RawPrompt, TemplatePrompt } from "../prompt/prompt.ts";
import { makePromptCaller, type PromptFailures } from "./call-prompt.ts";
import { findCell, refuseColumn } from "./find-column.ts";
import { itemSql, nameOfCell, sharedEnd } from "./packs/item-parts.ts";

/** The prompt as SQL over the table's relation. */
export interface RenderSql {
  /** An expression of the rendered text; never NULL. */
  readonly text: string;
  /** Columns that the prompt reads, in the table's order: all of them for a function. */
  readonly columns: readonly string[];
  /** The prompt has a text of its own, so that no row's is nothing but white space. */
  readonly isNeverBlank: boolean;
  /**
   * An expression that is true where a row has nothing to ask about: where a cell that the prompt names is empty, or, where it names
   * none, where all are.
   */
  readonly isEmpty: string;
  /** What a row has of its own, as SQL that makes JSON of it; absent where the prompt does not say. */
  readonly item?: string;
  /** Rows at which a prompt function failed, where that skips them: counted while the engine reads the text. */
  readonly failures?: PromptFailures;
}

/** Whether cells of a row are empty, as SQL. @param how whether one empty cell is enough, or all have to be */
export function emptySql(cells: readonly string[], how: "OR" | "AND"): string {
  return cells.length === 0 ? "false" : `(${cells.map((cell) => isBlank(`coalesce(${cell}, '')`)).join(` ${how} `)})`;
}

/** An expression that is true where a text is nothing but white space, of whatever alphabet. */
export function isBlank(text: string): string {
  // Stops at the first letter; trimming would copy the whole text.
  return `NOT regexp_matches(${text}, '[^\\s\\x{0b}\\x{85}\\p{Z}\\x{feff}]')`;
}

/**
 * Checks a prompt against a table and writes it as SQL.
 * @param onPromptError what becomes of a row at which a prompt function fails
 * @throws UNKNOWN_COLUMN
 */
export function renderSql(
  engine: Engine,
  table: Table,
  prompt: Prompt,
  onPromptError: "fail" | "skip" = "fail",
): RenderSql {
  if (prompt.kind === "raw") {
    const cell = cellOfRaw(table, prompt);
    // One line, whatever white space the cell has between its tokens; an object that was checked is read by the engine as one already.
    const text =
      prompt.checked === undefined
        ? `coalesce(json_extract(nullif(trim(${cell}), ''), '$')::VARCHAR, '')`
        : `coalesce(${quoteName(prompt.column)}::VARCHAR, '')`;
    return { text, columns: [prompt.column], isNeverBlank: false, isEmpty: "false" };
  }
  return prompt.kind === "template"
    ? renderTemplate(table, prompt)
    : renderFunction(engine, table, prompt, onPromptError);
}

/** The ready bodies' text as SQL. @throws UNKNOWN_COLUMN */
export function cellOfRaw(table: Table, { column, source }: RawPrompt): string {
  const names = table.columns.map(({ name }) => name);
  const found = table.columns.find(({ name }) => name === column);
  if (found?.type === "VARCHAR" || found?.type === "JSON") return textOf(found);
  if (found !== undefined) {
    const problem = `the column ${column} is of the type ${found.type.slice(0, 40)}; ready bodies are JSON text (in JSONL: the member modelInput)`;
    throw new HalfpriceError("BAD_OPTIONS", { problems: [problem], command: "halfprice run" });
  }
  throw new HalfpriceError("UNKNOWN_COLUMN", {
    column,
    where: source,
    columns: names,
    nearest: findNearest(column, names),
  });
}

function renderTemplate(table: Table, prompt: TemplatePrompt): RenderSql {
  const names = table.columns.map(({ name }) => name);
  const used = new Set<string>();
  const cells: string[] = [];
  const own = new Map<string, string>();
  const parts = prompt.parts.map((part) => {
    switch (part.kind) {
      case "text":
        return quoteText(part.text);
      case "row": {
        for (const name of names) used.add(name);
        const members = table.columns.map(({ name }) => `${quoteName(name)} := ${quoteName(name)}`);
        const row = `to_json(struct_pack(${members.join(", ")}))::VARCHAR`;
        own.set(nameOfCell(part), row);
        return row;
      }
      case "media":
        throw new Error("pictures and documents are rendered by renderContents");
      case "column": {
        const found = findCell(table, part.name);
        if (found === undefined) return refuseColumn(table, part, prompt);
        used.add(found.column.name);
        cells.push(found.text);
        const cell = `coalesce(${found.text}, '')`;
        own.set(nameOfCell(part), cell);
        return cell;
      }
    }
  });
  const isNeverBlank = prompt.parts.some((part) => part.kind === "text" && /[^\s\v\u0085\p{Z}\ufeff]/u.test(part.text));
  return {
    text: `concat(${parts.join(", ")})`,
    columns: names.filter((name) => used.has(name)),
    isNeverBlank,
    ...(own.size === 0 ? {} : { item: itemSql(own) }),
    isEmpty: emptySql(
      (cells.length > 0 ? cells : table.columns.map(textOf)).map((cell) => restoreMarks(cell, table.marked)),
      cells.length > 0 ? "OR" : "AND",
    ),
  };
}

function renderFunction(
  engine: Engine,
  table: Table,
  prompt: FunctionPrompt,
  onPromptError: "fail" | "skip",
): RenderSql {
  const { call, failures } = makePromptCaller(table, prompt, onPromptError);
  const texts = new Map<string, string>();
  engine.registerTextFunction("halfprice_prompt", table.columns.length, (cells) => {
    const made = call(cells);
    // A row that is skipped has a blank text, as one whose cells are empty.
    if (made !== null && typeof made !== "string") throw new FilesInPrompt(texts);
    if (texts.size < rememberedRows) texts.set(cells.join("\0"), made ?? "");
    if (made === null) return "";
    // What is shared is no text of the row's own.
    if (prompt.shared !== undefined && made.trim() !== "") return `${prompt.shared}${sharedEnd}${made}`;
    // A lone surrogate has no UTF-8; U+FFFD stands for it, as in every other place that writes JavaScript text.
    return made;
  });
  const cells = table.columns.map((column) => textOf(column));
  return {
    text: `halfprice_prompt(${cells.join(", ")})`,
    columns: table.columns.map(({ name }) => name),
    isNeverBlank: false,
    isEmpty: emptySql(cells, "AND"),
    failures,
  };
}

/** Rows whose texts are kept until it is known whether a function gives pictures, so that it is not called again for them. */
const rememberedRows = 1000;

/** A prompt function gave parts: all of it has to be rendered as requests with pictures and documents. */
export class FilesInPrompt extends Error {
  /** What the function gave before, by the row's cells. */
  readonly texts: ReadonlyMap<string, string>;

  constructor(texts: ReadonlyMap<string, string>) {
    super("the prompt function returned parts");
    this.texts = texts;
  }
}
