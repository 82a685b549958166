import { closeSync, createWriteStream, mkdirSync, openSync, readSync, renameSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Connection } from "../../aws/connection.ts";
import { openObjectStorage } from "../../aws/s3.ts";
import { isRefusal } from "../../aws/wrap-error.ts";
import { nameWorkspace } from "../../config/read-config.ts";
import type { SourceFile } from "../../dataset/find-files.ts";
import type { TableInput } from "../../dataset/freeze-table.ts";
import type { Engine } from "../../engine/engine.ts";
import { quoteName, quoteText, writeOptions } from "../../engine/sql.ts";
import { defined } from "../../foundation/defined.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import type { RunOptions } from "../../foundation/options/run-options.ts";
import { describeOrigin } from "../../foundation/origin.ts";
import type { Origin } from "../../foundation/types/index.ts";
import { makeResultColumns } from "../../results/result-columns.ts";
import { needTable } from "../../workspace/fetch-run.ts";
import { getRun } from "../../workspace/get-run.ts";
import type { ParentRun } from "../../workspace/parent-run.ts";
import { readRunFile, runPaths } from "../../workspace/run-folder.ts";
import { openWorkspace, type Session } from "../../workspace/session.ts";
import { fetchFiles } from "../input/fetch-files.ts";
import { isListed, manifestMark } from "../input/input-files.ts";
import { listInput } from "../input/list-input.ts";
import type { RunRequest } from "./choose-model.ts";
import { writeQuery, writeRows } from "./write-source.ts";

/** The table of a run, opened. */
export interface OpenedInput {
  /** What is read: a path or a glob. */
  readonly path: string;
  readonly parent?: ParentRun;
  /** A file of ours, in a folder of its own, that may go once the input is frozen. */
  readonly temporary?: string;
  /** What the paths of pictures and documents are relative to: a folder, or `s3://bucket/folder`. */
  readonly mediaBase: string;
  /** The files one by one, where they were listed, with the columns in the names of their folders. */
  readonly files?: readonly SourceFile[];
  readonly pathColumns?: readonly string[];
}

/** Which rows of a file a run works on, as its options say. */
export function toTableInput(path: string, options: RunOptions): TableInput {
  const { limit, sample, select, sql, answersPerRow, dialect } = options;
  return {
    path,
    ...defined({ limit, sample, select, sql, answersPerRow, dialect }),
  };
}

/** The run that an input names, without the mark before it; undefined for a path. */
export function findRunInput(table: string): string | undefined {
  return table.startsWith("run:") ? table.slice("run:".length) : undefined;
}

/**
 * Opens what a run works on. A program's own rows, and the result of its query, are written down first. `s3://bucket/key` is an object, fetched with the SDK from whatever endpoint the run uses.
 * `run:<id or name>` is an earlier run: its answered rows, with the input's columns and the
 * answer's. What was known about each answer is left out, as it would collide with the same of the new run.
 * @throws UNKNOWN_RUN, AMBIGUOUS_RUN, NO_RESULTS, WRONG_ORIGIN where a simulated answer would go into a real run, EMPTY_TABLE,
 * NO_SUCH_FILE, SERVICE_REFUSED, UNREACHABLE for an object; what listInput and fetchFiles throw
 */
export async function openInput(
  { config, connection }: Pick<Session, "config" | "connection">,
  engine: Engine,
  { table, source, files }: Pick<RunRequest, "table" | "source" | "files">,
  origin: Origin,
  runDirectory: string,
): Promise<OpenedInput> {
  // Apart from the run's own files, whatever the input is called: the frozen table is `rows.jsonl` or `rows.parquet`.
  const directory = join(runDirectory, "source");
  mkdirSync(directory, { recursive: true });
  const mediaBase = findMediaBase(table.replace(manifestMark, ""));
  if (files !== undefined || isListed(table)) {
    const { list, pathNames } = files ?? (await listInput(connection, engine, table));
    const fetched = await fetchFiles(connection, list, directory);
    return { path: table, mediaBase, files: fetched, pathColumns: pathNames };
  }
  if (source?.rows !== undefined) return ownFile(await writeRows(source.rows, table, directory), process.cwd());
  if (source?.query !== undefined) return ownFile(await writeQuery(engine, source.query, directory), process.cwd());
  if (table === "-") return ownFile(await readStdin(directory), process.cwd());
  if (table.startsWith("s3://")) return ownFile(await downloadInput(connection, table, directory), mediaBase);
  const wanted = findRunInput(table);
  if (wanted === undefined) return { path: table, mediaBase };
  const ledger = await openWorkspace(config);
  let row;
  try {
    row = await getRun(ledger, nameWorkspace(config), wanted);
  } finally {
    ledger.close();
  }
  if (row.summary === undefined) throw new HalfpriceError("NO_RESULTS", { runId: row.id, state: row.state });
  if (row.origin.kind === "local" && origin.kind === "aws") {
    const details = { runId: row.id, runOrigin: describeOrigin(row.origin), origin: describeOrigin(origin) };
    throw new HalfpriceError("WRONG_ORIGIN", details);
  }
  const paths = runPaths(config.workspace, row.id);
  await needTable(paths);
  const run = readRunFile(paths);
  const { meta } = makeResultColumns(run.output, run.answerPrefix);
  const aside = ["reasoning", "is_plain"].map((name) => meta.outcome.replace(/outcome$/, name));
  const described = await engine.rows(`DESCRIBE SELECT * FROM read_parquet(${quoteText(paths.results)})`);
  const own = new Set([...Object.values(meta), ...aside]);
  const columns = described.map((each) => String(each["column_name"])).filter((name) => !own.has(name));
  const path = join(directory, `${row.name.replace(/[^\w.-]+/g, "-")}.parquet`);
  await engine.run(`
    COPY (
      SELECT ${columns.map(quoteName).join(", ")} FROM read_parquet(${quoteText(paths.results)})
      WHERE ${quoteName(meta.outcome)} = 'answered'
    ) TO ${quoteText(path)} (${writeOptions.parquet})`);
  const [first] = await engine.rows(`SELECT 1 AS found FROM read_parquet(${quoteText(path)}) LIMIT 1`);
  if (first === undefined) throw new HalfpriceError("EMPTY_TABLE", { path: table });
  const parent = { runId: row.id, name: row.name };
  return { path, parent, temporary: path, mediaBase: findMediaBase(run.table.shownPath) };
}

const ownFile = (path: string, mediaBase: string): OpenedInput => ({ path, temporary: path, mediaBase });

/** The folder of a table; of a pattern, the part before its first `*`. Of a run's answers, and of what has no folder, the working folder. */
function findMediaBase(table: string): string {
  if (table === "-" || table.startsWith("run:")) return process.cwd();
  const plain = table.replace(/[*?[{].*$/s, "");
  const folder = plain.slice(0, plain.search(/[^/\\]*$/));
  return table.startsWith("s3://") ? folder : resolve(folder);
}

/** How files begin that are not CSV. */
const starts: readonly (readonly [start: string, ending: string])[] = [
  ["PAR1", "parquet"],
  ["PK\u0003\u0004", "xlsx"],
  ["\u001f\u008b", "csv.gz"],
  ["\u0028\u00b5\u002f\u00fd", "csv.zst"],
];

/** Writes down what comes from standard input; its first bytes say what it is: JSON Lines, Parquet, a workbook, or CSV. */
async function readStdin(directory: string): Promise<string> {
  const path = join(directory, "stdin");
  await pipeline(process.stdin, createWriteStream(path, { mode: 0o600 }));
  const start = Buffer.alloc(4096);
  const file = openSync(path, "r");
  let length: number;
  try {
    length = readSync(file, start);
  } finally {
    closeSync(file);
  }
  if (length === 0) throw new HalfpriceError("EMPTY_TABLE", { path: "-" });
  const text = start.toString("latin1", 0, length);
  const isJson = /^(?:\u00ef\u00bb\u00bf)?\s*\{/.test(text);
  const ending = isJson ? "jsonl" : (starts.find(([begin]) => text.startsWith(begin))?.[1] ?? "csv");
  renameSync(path, `${path}.${ending}`);
  return `${path}.${ending}`;
}

async function downloadInput(connection: Connection, uri: string, directory: string): Promise<string> {
  const found = /^s3:\/\/([^/]+)\/(.*[^/])$/.exec(uri);
  if (found === null) throw new HalfpriceError("NO_SUCH_FILE", { path: uri });
  const [, bucket = "", key = ""] = found;
  const path = join(directory, basename(key));
  const storage = openObjectStorage(connection);
  try {
    await storage.download(bucket, key, path);
  } catch (error) {
    if (!isRefusal(error, "NoSuchKey", "NoSuchBucket")) throw error;
    throw new HalfpriceError("NO_SUCH_FILE", { path: uri }, { cause: error });
  } finally {
    storage.close();
  }
  return path;
}
