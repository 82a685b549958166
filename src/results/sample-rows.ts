import { existsSync, statSync } from "node:fs";
import type { Engine } from "../engine/engine.ts";
import { linesOf, numberedRows, quoteList, quoteName, quoteText } from "../engine/sql.ts";
import { type Outcome, outcomes, type SampleRow, type ShownFile } from "../foundation/types/index.ts";
import { inputBodySql, inputIdSql } from "../lines/line-format.ts";
import type { ResultColumns } from "./result-columns.ts";

/** Where sample rows are taken from. */
export interface SampleSource {
  /** `results.parquet`. */
  readonly file: string;
  /** The file of the lines that were sent. */
  readonly lines: string;
  readonly columns: ResultColumns;
  /** The text of a request's body. */
  readonly readText: (body: string) => string;
  /** The pictures and documents of a request's body, as they are shown. */
  readonly readFiles?: (body: string) => readonly ShownFile[];
}

/** Rows of each outcome but `answered`. */
const otherCount = 3;
/** A file of lines that is longer is not searched for some prompts. */
const searchedBytes = 512 * 1024 * 1024;

/**
 * Some rows of a table of results, spread over it: answered ones, and a few of each other outcome; each with what was asked and answered.
 * @param answeredCount how many answered ones
 */
export async function sampleRows(engine: Engine, source: SampleSource, answeredCount: number): Promise<SampleRow[]> {
  const { file, columns } = source;
  const { fields, meta } = columns;
  const outcome = quoteName(meta.outcome);
  const numbered = numberedRows(file);
  // Whole vectors are no reading matter.
  const shown = fields.filter(({ part }) => part !== "vector" && part !== "plain");
  const own = new Set([...fields.map(({ column }) => column), ...Object.values(meta)]);
  const described = await engine.rows(`DESCRIBE SELECT * FROM read_parquet(${quoteText(file)})`);
  const textOf = (name: string, type: string): string =>
    /[[(]/.test(type) ? `to_json(${quoteName(name)})::VARCHAR` : `${quoteName(name)}::VARCHAR`;
  const types = new Map(described.map((row) => [String(row["column_name"]), String(row["column_type"])]));
  const inputs = [...types].filter(([name, type]) => !own.has(name) && type !== "BLOB");
  const [all = {}] = await engine.rows(`SELECT count(*) AS rows FROM read_parquet(${quoteText(file)})`);
  // Each is found where it stands: to number all rows would hold all of them.
  const answered = Array.from(
    { length: answeredCount },
    (_, part) =>
      `(SELECT row FROM ${numbered} WHERE row >= ${Math.floor((part * Number(all["rows"])) / answeredCount)} AND ${outcome} = 'answered' LIMIT 1)`,
  );
  const others = outcomes
    .filter((each) => each !== "answered")
    .map((each) => `(SELECT row FROM ${numbered} WHERE ${outcome} = ${quoteText(each)} LIMIT ${otherCount})`);
  const pick = [...answered, ...others].join(" UNION ");
  const cells = inputs.map(([name, type], index) => `${textOf(name, type)} AS cell_${index}`);
  const answers = shown.map(
    ({ column, type }, index) => `${textOf(column, types.get(column) ?? type)} AS answer_${index}`,
  );
  const rows = await engine.rows(`
    SELECT row, ${outcome} AS outcome, ${quoteName(meta.error)} AS error, ${quoteName(meta.record_id)} AS record_id
      ${[...cells, ...answers].map((sql) => `, ${sql}`).join("")}
    FROM ${numbered} WHERE row IN (${pick}) ORDER BY row`);
  const prompts = await readPrompts(
    engine,
    source,
    rows.flatMap((row) => (typeof row["record_id"] === "string" ? [row["record_id"]] : [])),
  );
  const pairs = (
    row: Readonly<Record<string, unknown>>,
    names: readonly string[],
    kind: string,
  ): (readonly [string, string])[] =>
    names.flatMap((name, index) => {
      const value = row[`${kind}_${index}`];
      return value === null || value === undefined ? [] : [[name, String(value)] as const];
    });
  return rows.map((row) => ({
    prompt: undefined,
    row: Number(row["row"]) + 1,
    outcome: String(row["outcome"]) as Outcome,
    ...prompts.get(String(row["record_id"])),
    cells: pairs(
      row,
      inputs.map(([name]) => name),
      "cell",
    ),
    answer: pairs(
      row,
      shown.map(({ column }) => column),
      "answer",
    ),
    error: typeof row["error"] === "string" && row["error"] !== "" ? row["error"] : undefined,
  }));
}

/** What was asked, record by record: found in the lines that were sent, as long as they are there. */
async function readPrompts(
  engine: Engine,
  { lines: file, readText, readFiles }: SampleSource,
  ids: readonly string[],
): Promise<Map<string, Pick<SampleRow, "prompt" | "files">>> {
  if (ids.length === 0 || !existsSync(file) || statSync(file).size > searchedBytes) return new Map();
  const id = inputIdSql();
  const rows = await engine.rows(
    `SELECT ${id} AS id, ${inputBodySql()} AS body FROM ${linesOf([file])} WHERE list_contains(${quoteList(ids)}, ${id})`,
  );
  return new Map(
    rows.map((row) => {
      const body = String(row["body"]);
      const files = readFiles?.(body) ?? [];
      return [String(row["id"]), { prompt: readText(body), ...(files.length === 0 ? {} : { files }) }];
    }),
  );
}
