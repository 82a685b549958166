import type { Cell, Engine } from "../engine/engine.ts";
import { linesOf, quoteName, quoteText, writeOptions } from "../engine/sql.ts";
import { outputMembers } from "../lines/line-format.ts";
import { makeReadable } from "../lines/readable-output.ts";
import type { ResultColumns } from "./result-columns.ts";

/** Where a run's answers are as the service wrote them, and the table that they were joined to. */
export interface BodySource {
  readonly engine: Engine;
  /** The run's table of results. */
  readonly results: string;
  readonly meta: ResultColumns["meta"];
  /** Output files of all rounds. */
  readonly files: readonly string[];
  /** Columns of the input that come with each answer. */
  readonly columns: readonly string[];
  /** Which rows of the table: a condition on its columns. @defaultValue all */
  readonly where?: string | undefined;
  /** For readable copies of files, where one is needed. */
  readonly copyOf: (file: string, index: number) => string;
}

/**
 * The rows of a run with the body of each answer, in chunks of columns: those of the input that are asked for, then record id, outcome,
 * error, and the body as JSON text, NULL where there is none. A record that was answered twice may come twice. In no order.
 */
export async function* readBodies(source: BodySource): AsyncGenerator<readonly (readonly Cell[])[]> {
  const { engine, meta, columns } = source;
  const named = [...columns, meta.record_id, meta.outcome, meta.error].map((name) => `r.${quoteName(name)}`);
  yield* engine.chunks(`SELECT ${named.join(", ")}, o.output::VARCHAR FROM ${await joinBodies(source)}`);
}

/** The same as a file of JSON Lines: `{"row":1,"cells":{…},"recordId":"…","outcome":"…","error":null,"body":{…}}`; rows from 1. */
export async function writeBodies(source: BodySource, target: string): Promise<void> {
  const { engine, meta, columns } = source;
  const cells = columns.map((name) => `${quoteText(name)}: r.${quoteName(name)}`);
  const members = [
    "r.file_row_number + 1 AS row",
    `${cells.length === 0 ? "'{}'::JSON" : `{${cells.join(", ")}}`} AS cells`,
    `r.${quoteName(meta.record_id)} AS "recordId"`,
    `r.${quoteName(meta.outcome)} AS outcome`,
    `r.${quoteName(meta.error)} AS error`,
    "o.output AS body",
  ];
  await engine.run(`
    COPY (SELECT ${members.join(", ")} FROM ${await joinBodies(source)}) TO ${quoteText(target)} (${writeOptions.jsonl})`);
}

async function joinBodies({ results, meta, files, where = "true", copyOf }: BodySource): Promise<string> {
  const { recordId, answer } = outputMembers("j");
  const readable: string[] = [];
  for (const [index, file] of files.entries()) readable.push(await makeReadable(file, copyOf(file, index)));
  const lines = readable.length === 0 ? "(SELECT NULL::VARCHAR AS line WHERE false)" : linesOf(readable);
  return `(SELECT * FROM read_parquet(${quoteText(results)}, file_row_number = true) WHERE ${where}) r LEFT JOIN (
      SELECT ${recordId} AS id, ${answer} AS output
      FROM (SELECT TRY_CAST(line AS JSON) AS j FROM ${lines} WHERE line <> '')
      WHERE json_type(${answer}) = 'OBJECT'
    ) o ON o.id = r.${quoteName(meta.record_id)}`;
}
