import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freezeTable } from "../dataset/freeze-table.ts";
import { type Cell, openEngine } from "../engine/engine.ts";
import { defined } from "../foundation/defined.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { findNearest } from "../foundation/nearest-name.ts";
import type { JsonSchema } from "../foundation/types/index.ts";
import { readPromptFile as readFile } from "../prompt/read-prompt-file.ts";
import { parseTemplate } from "../prompt/template.ts";

/** A table before anything is asked of it. */
export interface InputPreview {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** The first rows, cells as the table has them. */
  readonly rows: readonly Readonly<Record<string, Cell>>[];
  readonly sizeBytes: number;
}

/**
 * The columns and the first rows of a table, as a run would read it.
 * @param path a file or a glob
 * @throws NO_SUCH_FILE, UNKNOWN_FORMAT, EMPTY_TABLE, BROKEN_TABLE, BAD_ENCODING and what else keeps a run from reading it
 */
export async function previewInput(path: string, rowCount = 20): Promise<InputPreview> {
  const directory = mkdtempSync(join(tmpdir(), "halfprice-preview-"));
  const engine = await openEngine({ tempDirectory: join(directory, "spill"), memoryLimitMib: 256 });
  try {
    const { table, sourceSizeBytes } = await freezeTable(engine, { path, limit: rowCount }, directory);
    return {
      columns: table.columns.map(({ name, type }) => ({ name, type })),
      rows: await engine.rows(`SELECT * FROM ${table.relation} LIMIT ${rowCount}`),
      sizeBytes: sourceSizeBytes,
    };
  } finally {
    engine.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A prompt file, taken apart: what `defineBatch` takes as `prompt`, `output` and settings. */
export interface PromptFile {
  /** The template, with `{{column}}` in it. */
  readonly prompt: string;
  readonly model?: string;
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly system?: string;
  readonly output?: JsonSchema;
}

/** Reads a prompt file with its front matter and schema. @throws NO_SUCH_FILE, BAD_PROMPT, BAD_SCHEMA */
export function readPromptFile(path: string): PromptFile {
  const { text, settings } = readFile(path);
  const { model, maxTokens, temperature, system, output } = settings;
  return {
    prompt: text,
    ...defined({ model, maxTokens, temperature, system, output }),
  };
}

/**
 * A template with the cells of a row in it, as it would be sent: NULL is the empty text, `{{row}}` the row as JSON.
 * @throws BAD_PROMPT; UNKNOWN_COLUMN for a column that the row does not have
 */
export function renderPrompt(template: string, row: Readonly<Record<string, Cell>>): string {
  return parseTemplate(template, "the prompt")
    .map((part) => {
      if (part.kind === "text") return part.text;
      if (part.kind === "row") return JSON.stringify(row);
      const cell = findCell(row, part.name);
      if (part.kind === "media") return `[${part.media}: ${typeof cell === "string" ? cell : "bytes"}]`;
      if (cell === null) return "";
      return typeof cell === "object" ? JSON.stringify(cell) : String(cell);
    })
    .join("");
}

/** A column, or a member of one by its path: `meta.lang`. */
function findCell(row: Readonly<Record<string, Cell>>, name: string): Cell {
  if (name in row) return row[name] ?? null;
  const [first = "", ...path] = name.split(".");
  if (!(first in row)) {
    const columns = Object.keys(row);
    const nearest = findNearest(name, columns);
    throw new HalfpriceError("UNKNOWN_COLUMN", { column: name, where: "The prompt", columns, nearest });
  }
  return path.reduce<Cell>((cell, member) => {
    if (typeof cell !== "object" || cell === null || Array.isArray(cell)) return null;
    return (cell as Readonly<Record<string, Cell>>)[member] ?? null;
  }, row[first] ?? null);
}
