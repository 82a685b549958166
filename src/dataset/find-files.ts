import { readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Engine } from "../engine/engine.ts";
import { quoteText } from "../engine/sql.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { findNearest } from "../foundation/nearest-name.ts";
import type { TableFormat } from "../foundation/types/index.ts";
import { findFormat } from "./find-format.ts";
import { findPathColumns } from "./path-columns.ts";

/** A file of a table. */
export interface SourceFile {
  /** Where it is read. */
  readonly path: string;
  /** As it is called: the path, or the object that it is a copy of. */
  readonly shown: string;
}

/** The files of a table. */
export interface FoundFiles {
  /** Sorted, at least one. */
  readonly files: readonly SourceFile[];
  readonly format: TableFormat;
  /** Columns whose values stand in the folders of the files. */
  readonly pathNames: readonly string[];
}

/** @throws NO_SUCH_FILE, IS_A_DIRECTORY, UNREADABLE_FILE */
export function checkFile(path: string): void {
  let stats;
  try {
    stats = statSync(path);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code !== "ENOENT" && code !== "ENOTDIR") {
      throw new HalfpriceError("UNREADABLE_FILE", { path, reason: (cause as Error).message }, { cause });
    }
    throw new HalfpriceError("NO_SUCH_FILE", { path, nearest: findNeighbour(path) }, { cause });
  }
  if (stats.isDirectory()) throw new HalfpriceError("IS_A_DIRECTORY", { path });
}

function findNeighbour(path: string): string | undefined {
  try {
    const near = findNearest(basename(path), readdirSync(dirname(path)));
    return near === undefined ? undefined : join(dirname(path), near);
  } catch {
    return undefined;
  }
}

/**
 * The files that a path or glob names.
 * @throws NO_SUCH_FILE, IS_A_DIRECTORY, UNREADABLE_FILE, UNKNOWN_FORMAT, MIXED_FORMATS
 */
export async function findFiles(engine: Engine, pathOrGlob: string): Promise<FoundFiles> {
  // A file whose name has such a letter is that file.
  const isGlob = /[*?[]/.test(pathOrGlob) && statSync(pathOrGlob, { throwIfNoEntry: false })?.isFile() !== true;
  let paths = [pathOrGlob];
  if (isGlob) {
    const found = await engine.rows(`SELECT file FROM glob(${quoteText(pathOrGlob)}) ORDER BY file`);
    paths = found.map(({ file }) => String(file));
    if (paths.length === 0) throw new HalfpriceError("NO_SUCH_FILE", { path: pathOrGlob });
  }
  for (const path of paths) checkFile(path);
  const files = paths.map((path) => ({ path, shown: path }));
  return takeFiles(pathOrGlob, files, isGlob ? findPathColumns(paths) : []);
}

/** Files of one format. @param whole what they are called together @throws UNKNOWN_FORMAT, MIXED_FORMATS */
export function takeFiles(whole: string, files: readonly SourceFile[], pathNames: readonly string[]): FoundFiles {
  const formats = new Set<TableFormat>();
  for (const { shown } of files) {
    const format = findFormat(shown);
    if (format === undefined) throw new HalfpriceError("UNKNOWN_FORMAT", { path: shown });
    formats.add(format);
  }
  const [format] = formats;
  if (format === undefined || formats.size > 1)
    throw new HalfpriceError("MIXED_FORMATS", { glob: whole, formats: [...formats].join(", ") });
  return { files, format, pathNames };
}
