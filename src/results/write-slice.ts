import type { Engine } from "../engine/engine.ts";
import { numberedRows, quoteName, quoteText } from "../engine/sql.ts";
import type { Table } from "../foundation/types/index.ts";
import type { Part } from "./cut-parts.ts";
import { nameInAnswers } from "./read-answers.ts";
import { bestAnswers, costSql } from "./resent-answers.ts";
import type { ResultColumns } from "./result-columns.ts";

/** What all slices of a table of results have in common. */
export interface SliceSource {
  readonly columns: ResultColumns;
  readonly table: Pick<Table, "columns">;
  /** `records.parquet` and `duplicates.parquet` of the run. */
  readonly recordsFile: string;
  readonly duplicatesFile: string;
  /** There is a table `resent`, with answers of other rounds and runs. */
  readonly wasResent: boolean;
}

/** The rows of a part with their answers. */
export interface Slice {
  readonly part: Part;
  /** The part's rows, as a relation. */
  readonly rows: string;
  /** The table with the part's answers. */
  readonly answers: string;
  /** The table of answers carried over from earlier parts; undefined where there is none. */
  readonly carried: string | undefined;
  readonly path: string;
  /** The writer's. */
  readonly options: string;
}

/** Joins the answers of a part to its rows, each row once and in the input's order, and writes them as Parquet. */
export async function writeSlice(
  engine: Engine,
  { columns, table, recordsFile, duplicatesFile, wasResent }: SliceSource,
  { part, rows, answers: own, carried, path, options }: Slice,
): Promise<void> {
  const { price } = part.joined;
  const range = `row >= ${part.fromRow} AND row < ${part.toRow}`;
  const ids = `(SELECT record_id FROM ${numberedRows(recordsFile)} WHERE ${range})`;
  const all =
    carried === undefined
      ? own
      : `(SELECT * FROM ${own} UNION ALL SELECT * FROM ${carried}
          WHERE record_id IN ${ids} AND record_id NOT IN (SELECT record_id FROM ${own}))`;
  const answers = wasResent ? bestAnswers(`(SELECT *, ${costSql(price)} AS cost_usd FROM ${all})`, ids) : all;
  const cost = `CASE WHEN NOT is_later THEN ${wasResent ? "a.cost_usd" : costSql(price, "a")} WHEN ${price !== undefined} THEN 0 END`;
  const meta: Readonly<Record<keyof ResultColumns["meta"], string>> = {
    outcome: "CASE WHEN r.record_id IS NULL THEN 'skipped' ELSE coalesce(a.outcome, 'missing') END",
    stop_reason: "a.stop_reason",
    input_tokens: "a.input_tokens",
    output_tokens: "a.output_tokens",
    cost_usd: cost,
    error:
      "CASE WHEN r.record_id IS NULL THEN 'the prompt of this row has no text' WHEN a.outcome IS NULL THEN 'the output has no line for this record' ELSE a.error END",
    record_id: "r.record_id",
    raw: "a.raw",
  };
  const names = [
    ...table.columns.map(({ name }) => `t.${quoteName(name)}`),
    ...columns.fields.map((field) => `s.${quoteName(nameInAnswers(field))} AS ${quoteName(field.column)}`),
    ...Object.entries(columns.meta).map(([name, column]) => `s.${quoteName(`_meta_${name}`)} AS ${quoteName(column)}`),
  ];
  await engine.run(`
    COPY (
      SELECT ${names.join(", ")} FROM (SELECT * FROM ${rows}) t POSITIONAL JOIN (
        SELECT ${columns.fields.map((field) => `a.${quoteName(nameInAnswers(field))}`).join(", ")},
          ${Object.entries(meta)
            .map(([name, sql]) => `${sql} AS ${quoteName(`_meta_${name}`)}`)
            .join(", ")}
        FROM (
          SELECT row, record_id, row IN (SELECT row FROM read_parquet(${quoteText(duplicatesFile)}) WHERE ${range}) AS is_later
          FROM ${numberedRows(recordsFile)} WHERE ${range}
        ) r LEFT JOIN ${answers} a ON a.record_id = r.record_id
        ORDER BY r.row
      ) s
    ) TO ${quoteText(path)} (${options})`);
}
