import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { basename, join } from "node:path";
import type { Engine } from "../engine/engine.ts";
import { quoteText, writeOptions } from "../engine/sql.ts";
import type { Table, TableFormat } from "../types.ts";
import { copyTable } from "./copy-table.ts";
import { explainTableError } from "./engine-errors.ts";
import { findFiles } from "./find-files.ts";
import { openTable, usualLineBytes } from "./open-table.ts";

/** Which rows of which files a run works on. */
export interface TableInput {
  /** A path or a glob. */
  readonly path: string;
  /** Only the first so many rows. */
  readonly limit?: number;
}

export interface FrozenTable {
  readonly table: Table;
  /** The file in the run's directory. */
  readonly file: string;
  /** SHA-256 over the source's bytes and the limit: the same input has the same fingerprint. */
  readonly fingerprint: string;
  readonly sourceSizeBytes: number;
  /** Lines are so long that the table has to be opened with larger buffers. */
  readonly hasLongLines: boolean;
}

/**
 * Takes the input as it is now into the run's directory, so that what is rendered, sent and joined is the same table
 * even when the source changes: a copy of the file, or Parquet where it is several files or a part of one.
 * @throws NO_SUCH_FILE, IS_A_DIRECTORY, UNREADABLE_FILE, UNKNOWN_FORMAT, MIXED_FORMATS, EMPTY_TABLE, BROKEN_TABLE,
 * BAD_ENCODING, BAD_COLUMN_NAMES, DIFFERENT_COLUMNS
 */
export async function freezeTable(engine: Engine, input: TableInput, directory: string): Promise<FrozenTable> {
  const { paths, format } = await findFiles(engine, input.path);
  const isText = format !== "parquet";
  const isWhole = paths.length === 1 && input.limit === undefined;
  // A text is copied in any case: the copy is UTF-8, whatever the source was.
  const sources = new Map<string, string>();
  const hash = createHash("sha256").update(`${format}\n${input.limit ?? ""}\n`);
  let longestLineBytes = 0;
  let sourceSizeBytes = 0;
  for (const [index, source] of paths.entries()) {
    const name = isWhole ? `rows.${format}` : `source-${index}.${format}`;
    const target = isWhole || isText ? join(directory, name) : undefined;
    const copied = await copyTable(source, target, isText);
    hash.update(`${basename(source)}\n${copied.sha256}\n`);
    longestLineBytes = Math.max(longestLineBytes, copied.longestLineBytes);
    sourceSizeBytes += copied.sizeBytes;
    sources.set(target ?? source, source);
  }
  const fingerprint = hash.digest("hex");
  const shown = { whole: input.path, sources };
  const hasLongLines = longestLineBytes > usualLineBytes / 2;
  const table = await openTable(engine, [...sources.keys()], format, { shown, hasLongLines });
  if (isWhole) {
    return { table, file: join(directory, `rows.${format}`), fingerprint, sourceSizeBytes, hasLongLines };
  }
  const file = join(directory, "rows.parquet");
  const limit = input.limit === undefined ? "" : ` LIMIT ${input.limit}`;
  try {
    await engine.run(`COPY (SELECT * FROM ${table.relation}${limit}) TO ${quoteText(file)} (${writeOptions.parquet})`);
  } catch (error) {
    throw explainTableError(error, shown);
  }
  for (const copy of sources.keys()) if (copy.startsWith(directory)) rmSync(copy);
  const parquet = await openTable(engine, [file], "parquet", { shown });
  return { table: parquet, file, fingerprint, sourceSizeBytes, hasLongLines: false };
}

/** Opens a table that was frozen before. */
export function openFrozen(engine: Engine, file: string, whole: string, hasLongLines: boolean): Promise<Table> {
  return openTable(engine, [file], file.split(".").at(-1) as TableFormat, { shown: { whole }, hasLongLines });
}
