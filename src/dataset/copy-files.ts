import { copyFileSync, linkSync } from "node:fs";
import { join } from "node:path";
import type { DialectOptions } from "../foundation/options/dialect-options.ts";
import type { TableFormat } from "../foundation/types/index.ts";
import { type CopiedTable, copyTable } from "./copy-table.ts";
import { deepestNesting, refuseDeepLine } from "./find-bad-line.ts";
import type { SourceFile } from "./find-files.ts";
import { type TableReading, usualRowBytes } from "./open-table.ts";
import { type BreakMarks, breakMarks } from "./quoted-breaks.ts";

/** The files of a table as they are read from here on. */
export interface Copies {
  /** Copy → source, as it is called. */
  readonly sources: ReadonlyMap<string, string>;
  readonly contentHashes: readonly string[];
  readonly sourceSizeBytes: number;
  readonly reading: TableReading;
}

/**
 * Copies every file with the first pair of marks that none of them has. Parquet stays where it is, unless the copy is the frozen table.
 * @param isOwn the files were written by this program and are never changed: a second name is as good as a copy
 * @throws BAD_ENCODING, BROKEN_TABLE
 */
export async function copyFiles(
  files: readonly SourceFile[],
  format: TableFormat,
  isWhole: boolean,
  directory: string,
  dialect: DialectOptions,
  isOwn = false,
): Promise<Copies> {
  for (const marks of breakMarks) {
    const sources = new Map<string, string>();
    const copied: CopiedTable[] = [];
    for (const [index, { path: source, shown }] of files.entries()) {
      const name = isWhole ? `rows.${format}` : `source-${index}.${format}`;
      // A text is copied in any case: the copy is UTF-8, whatever the source was.
      // The engine would take such letters in a name for a pattern.
      const isPattern = /[*?[]/.test(source);
      const target = isWhole || format !== "parquet" || isPattern ? join(directory, name) : undefined;
      const first = await copyTable(source, isOwn ? undefined : target, format, marks, dialect);
      if (isOwn && target !== undefined) linkFile(source, target);
      const one =
        first.hasMixedEnds && !first.collides ? await copyTable(source, target, format, marks, dialect, true) : first;
      copied.push(one);
      if (format === "jsonl" && target !== undefined && one.longestRowBytes > 2 * deepestNesting)
        await refuseDeepLine(target, source);
      sources.set(target ?? source, shown);
      if (one.collides) break;
    }
    if (copied.some(({ collides }) => collides) && marks !== breakMarks.at(-1)) continue;
    const hasLongRows = copied.some(({ longestRowBytes }) => longestRowBytes > usualRowBytes / 2);
    return {
      sources,
      contentHashes: copied.map(({ contentHash }) => contentHash),
      sourceSizeBytes: copied.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      reading: { hasLongRows, ...findMarks(copied, marks), ...dialectOf(copied, dialect) },
    };
  }
  throw new RangeError("there is no pair of marks");
}

function linkFile(source: string, target: string): void {
  try {
    linkSync(source, target);
  } catch {
    // Not every file system has links.
    copyFileSync(source, target);
  }
}

/** The marks that the copies have: those that none of them has need not be looked for. */
function findMarks(copied: readonly CopiedTable[], marks: BreakMarks): Pick<TableReading, "marks"> {
  const used = {
    ...(copied.some(({ feedCount }) => feedCount > 0) ? { lineFeed: marks.lineFeed } : {}),
    ...(copied.some(({ returnCount }) => returnCount > 0) ? { carriageReturn: marks.carriageReturn } : {}),
  };
  return Object.keys(used).length === 0 ? {} : { marks: used };
}

/** What the copies do not say by themselves. */
function dialectOf(copied: readonly CopiedTable[], { quote }: DialectOptions): Partial<TableReading> {
  const [first] = copied;
  const delimiter = first?.delimiter;
  const lineOffset = first?.lineOffset ?? 0;
  return {
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(quote === undefined ? {} : { quote }),
    ...(lineOffset === 0 ? {} : { lineOffset }),
  };
}
