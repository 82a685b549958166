import { randomUUID } from "node:crypto";
import { closeSync, copyFileSync, existsSync, openSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Engine } from "../engine/engine.ts";
import { quoteName, quoteText, writeOptions } from "../engine/sql.ts";
import { commitFile } from "../foundation/commit-file.ts";
import { findDiskError } from "../foundation/disk-error.ts";
import { HalfpriceError, isError } from "../foundation/errors/index.ts";
import { isObjectUri } from "../foundation/object-uri.ts";
import { writeWorkbook } from "./write-workbook.ts";

const formats = { parquet: "parquet", csv: "csv", jsonl: "jsonl", ndjson: "jsonl", xlsx: "xlsx" } as const;

/** Of a table that is written. */
export type OutputFormat = "parquet" | "csv" | "jsonl" | "xlsx";

/** What file systems take as a name (Linux, macOS, Windows), with the temporary one before it. */
const mostNameBytes = 255;

/** The format that an output's name says. @throws BAD_OUTPUT */
export function findOutputFormat(path: string): OutputFormat {
  const ending = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? "";
  const format = (formats as Readonly<Record<string, OutputFormat | undefined>>)[ending];
  if (format === undefined) throw new HalfpriceError("BAD_OUTPUT", { path, reason: "its ending names no format" });
  if (isObjectUri(path)) return format;
  const nameBytes = Buffer.byteLength(basename(path));
  if (nameBytes > mostNameBytes) {
    const reason = `its name has ${nameBytes} bytes; a file's name may have ${mostNameBytes}`;
    throw new HalfpriceError("BAD_OUTPUT", { path: `${path.slice(0, 60)}…`, reason });
  }
  if (!existsSync(dirname(path))) {
    throw new HalfpriceError("BAD_OUTPUT", { path, reason: `there is no folder ${dirname(path)}` });
  }
  return format;
}

/**
 * Stops an output that could not be written, before anything is paid: by making a file beside it, and removing it.
 * @throws BAD_OUTPUT
 */
export function checkWritable(path: string): void {
  if (isObjectUri(path)) return;
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
    throw new HalfpriceError("BAD_OUTPUT", { path, reason: "it is a folder" });
  const probe = join(dirname(path), `.halfprice-${randomUUID()}.tmp`);
  try {
    closeSync(openSync(probe, "wx"));
    rmSync(probe);
  } catch (cause) {
    const { code = "", message } = cause as NodeJS.ErrnoException;
    const words: Readonly<Record<string, string>> = {
      EACCES: "you may not write into its folder",
      EPERM: "you may not write into its folder",
      EROFS: "its folder is on a read-only file system",
      ENOSPC: "the disk is full",
      ENOENT: "no file can be made in its folder",
    };
    throw new HalfpriceError("BAD_OUTPUT", { path, reason: words[code] ?? message }, { cause });
  }
}

/**
 * Writes a table of results in another form; CSV has nested values as JSON text.
 * @param beforePlacing is told the whole file under its temporary name, before it gets its own: renaming changes neither inode nor time
 * @param isSafe no cell of a CSV is a formula to a spreadsheet
 * @throws BAD_OUTPUT, DISK, DAMAGED_FILE of the source
 */
export async function exportTable(
  engine: Engine,
  source: string,
  path: string,
  beforePlacing: (temporary: string) => void = () => undefined,
  isSafe = false,
): Promise<void> {
  const format = findOutputFormat(path);
  // A name that no file of the user's has, and no other process takes.
  const temporary = join(dirname(path), `.halfprice-${randomUUID()}.tmp`);
  try {
    // The results are a Parquet file already; those of a run in parts are several.
    if (format === "parquet" && !isPattern(source)) copyFileSync(source, temporary);
    else if (format === "xlsx") await writeWorkbook(engine, source, temporary);
    else await convert(engine, source, temporary, format, isSafe);
    beforePlacing(temporary);
    commitFile(path, temporary);
  } catch (cause) {
    rmSync(temporary, { force: true });
    const disk = findDiskError(cause);
    if (disk !== undefined) throw disk;
    if (isError(cause, "DAMAGED_FILE")) throw cause;
    throw new HalfpriceError("BAD_OUTPUT", { path, reason: (cause as Error).message }, { cause });
  }
}

const isPattern = (path: string): boolean => basename(path).includes("*");

async function convert(
  engine: Engine,
  source: string,
  target: string,
  format: "parquet" | "csv" | "jsonl",
  isSafe: boolean,
): Promise<void> {
  const relation = `read_parquet(${quoteText(source)}, hive_partitioning = false)`;
  let columns = "*";
  if (format === "csv") {
    const described = await engine.rows(`DESCRIBE SELECT * FROM ${relation}`);
    columns = described
      .map((row) => {
        const column = String(row["column_name"]);
        const type = String(row["column_type"]);
        const name = quoteName(column);
        const isNested = /[[(]/.test(type);
        const cell = isNested ? `to_json(${name})::VARCHAR` : name;
        if (!isSafe) return isNested ? `${cell} AS ${name}` : name;
        const isText = isNested || type === "VARCHAR" || type === "JSON";
        return `${isText ? safeSql(cell) : cell} AS ${quoteName(makeSafe(column))}`;
      })
      .join(", ");
  }
  await engine.run(`COPY (SELECT ${columns} FROM ${relation}) TO ${quoteText(target)} (${writeOptions[format]})`);
}

/** What a spreadsheet takes for the start of a formula (OWASP, "CSV Injection", read 2026-11-30); a number may begin so as well. */
const formulaStart = "[=+@\\t\\r\\n\uff1d\uff0b\uff0d\uff20-]";
const plainNumber = "[-+]?[0-9]+([.,][0-9]+)*([eE][-+]?[0-9]+)?";

/** A cell as SQL, with an apostrophe before it where a spreadsheet would compute it. */
function safeSql(cell: string): string {
  const isFormula = `regexp_matches(${cell}::VARCHAR, '^\\s*${formulaStart}') AND NOT regexp_full_match(${cell}::VARCHAR, '${plainNumber}')`;
  return `CASE WHEN ${isFormula} THEN concat(${quoteText("'")}, ${cell}) ELSE ${cell}::VARCHAR END`;
}

const makeSafe = (name: string): string => (new RegExp(`^\\s*${formulaStart}`, "u").test(name) ? `'${name}` : name);
