import type { Engine } from "../../engine/engine.ts";
import { quoteList, quoteText } from "../../engine/sql.ts";
import type { InputFile } from "../input/input-files.ts";

/** Footers that are read in one statement. */
const footersAtOnce = 1000;
/** More files than this are not opened for a plan, however little of each is read: some of them stand for all. */
const mostFooters = 10_000;

/** Whether a file counts its rows itself. */
export const isParquet = ({ uri }: InputFile): boolean => /\.parquet$/i.test(uri);

/** The engine takes such letters in a path for a pattern. */
const isPattern = ({ uri }: InputFile): boolean => /[*?[]/.test(uri);

/** Files of this disk with the rows that their ends count, where they are Parquet and not too many; a count that a manifest gives stays. */
export async function countRows(engine: Engine, files: readonly InputFile[]): Promise<readonly InputFile[]> {
  const isOpenable = (file: InputFile): boolean => isParquet(file) && !file.uri.startsWith("s3://") && !isPattern(file);
  const open = files.filter((file) => file.rowCount === undefined && isOpenable(file));
  if (open.length === 0 || open.length > mostFooters) return files;
  const counts = new Map<string, number>();
  for (let at = 0; at < open.length; at += footersAtOnce) {
    const paths = open.slice(at, at + footersAtOnce).map(({ uri }) => uri);
    const rows = await engine.rows(`SELECT file_name, num_rows FROM parquet_file_metadata(${quoteList(paths)})`);
    for (const row of rows) counts.set(String(row["file_name"]), Number(row["num_rows"]));
  }
  return files.map((file) => {
    const rowCount = counts.get(file.uri);
    return rowCount === undefined ? file : { ...file, rowCount };
  });
}

/** The rows of a file that is on this disk, by its end where it is Parquet. */
export async function countFooter(engine: Engine, path: string): Promise<number> {
  const [row = {}] = await engine.rows(`SELECT num_rows FROM parquet_file_metadata(${quoteText(path)})`);
  return Number(row["num_rows"] ?? 0);
}
