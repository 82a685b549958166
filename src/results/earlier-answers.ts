import { existsSync } from "node:fs";
import type { Engine } from "../engine/engine.ts";
import { quoteList, quoteName, quoteText, writeOptions } from "../engine/sql.ts";
import { commitFile } from "../foundation/commit-file.ts";
import type { Usage } from "../foundation/types/index.ts";
import { nameInAnswers } from "./read-answers.ts";
import type { ResultColumns } from "./result-columns.ts";

/** A run's table of results, with its columns. */
export interface EarlierResults {
  /** One; of a run in parts one a part. At least one. */
  readonly files: readonly string[];
  readonly columns: ResultColumns;
}

/**
 * Takes the answers that earlier runs have of some records, the newest run's first: a table of the engine with the columns of
 * answers, one row a record. Only good answers are taken; what went wrong is sent again.
 * @param wanted a relation with record_id
 * @param own the columns that the new run has: the earlier ones have the same, by whatever names
 * @param former a relation of record_id and former_id: under which names older versions knew the wanted records
 * @param how `anew` begins the table, `more` adds to it; `rest` adds what came of records that have no good answer
 */
export async function takeEarlier(
  engine: Engine,
  table: string,
  earlier: readonly EarlierResults[],
  wanted: string,
  own: ResultColumns,
  how: "anew" | "more" | "rest" = "anew",
  former?: string,
): Promise<void> {
  const empty = own.fields.map((field) => `NULL::${field.type} AS ${quoteName(nameInAnswers(field))}`);
  const target = quoteName(table);
  if (how === "anew")
    await engine.run(`
    CREATE OR REPLACE TABLE ${target} AS SELECT ${empty.concat(metaColumns.map(([name, type]) => `NULL::${type} AS ${name}`)).join(", ")} WHERE false`);
  for (const { files, columns } of earlier) {
    const results = `read_parquet(${quoteList(files)}, hive_partitioning = false)`;
    const { fields, meta } = columns;
    const answers = fields.map((field, index) => {
      const { type = field.type } = own.fields[index] ?? {};
      const name = quoteName(field.column);
      const value = isOfTime(type) ? `TRY_CAST(${name} AS ${type})` : `${name}::${type}`;
      return `${value} AS ${quoteName(nameInAnswers(own.fields[index] ?? field))}`;
    });
    const fits = fields.flatMap((field, index) => {
      const { type = field.type } = own.fields[index] ?? {};
      const name = quoteName(field.column);
      return isOfTime(type) ? [`AND (${name} IS NULL OR TRY_CAST(${name} AS ${type}) IS NOT NULL)`] : [];
    });
    const values = metaColumns.map(([name, type]) => `${quoteName(meta[name])}::${type} AS ${name}`);
    const id = quoteName(meta.record_id);
    const found =
      former === undefined
        ? results
        : `(SELECT r.* REPLACE (coalesce(f.record_id, r.${id}) AS ${id}) FROM ${results} r LEFT JOIN ${former} f ON r.${id} = f.former_id)`;
    await engine.run(`
      INSERT INTO ${target} BY NAME SELECT ${[...answers, ...values].join(", ")} FROM ${found}
      WHERE ${quoteName(meta.outcome)} ${how === "rest" ? "NOT IN ('answered', 'skipped', 'missing')" : "= 'answered'"} AND ${quoteName(meta.record_id)} IN (SELECT record_id FROM ${wanted}) ${fits.join(" ")}
        AND ${quoteName(meta.record_id)} NOT IN (SELECT record_id FROM ${target})
      QUALIFY row_number() OVER (PARTITION BY ${quoteName(meta.record_id)}) = 1`);
  }
}

/** Older versions kept dates as the text that the model wrote: what is none is asked again. */
const isOfTime = (type: string): boolean => /DATE|TIMESTAMP/.test(type);

const metaColumns = [
  ["record_id", "VARCHAR"],
  ["outcome", "VARCHAR"],
  ["stop_reason", "VARCHAR"],
  ["input_tokens", "BIGINT"],
  ["output_tokens", "BIGINT"],
  ["error", "VARCHAR"],
  ["raw", "VARCHAR"],
] as const;

/** Writes such a table down, for the join. Whole or not at all. @param isAdded what the file has already stays in it */
export async function writeEarlier(engine: Engine, table: string, path: string, isAdded: boolean): Promise<void> {
  const old = isAdded && existsSync(path) ? `SELECT * FROM read_parquet(${quoteText(path)}) UNION ALL BY NAME` : "";
  await engine.run(
    `COPY (${old} SELECT * FROM ${quoteName(table)}) TO ${quoteText(`${path}.tmp`)} (${writeOptions.parquet})`,
  );
  commitFile(path);
}

/** How many records earlier runs have answered, and the tokens that those took. @param files as `writeEarlier` wrote them */
export async function countEarlier(
  engine: Engine,
  files: readonly string[],
): Promise<{ readonly requestCount: number; readonly usage: Usage }> {
  if (files.length === 0) return { requestCount: 0, usage: { inputTokens: 0, outputTokens: 0 } };
  const [sum = {}] = await engine.rows(`
    SELECT count(*) AS records, coalesce(sum(input_tokens), 0)::BIGINT AS i, coalesce(sum(output_tokens), 0)::BIGINT AS o
    FROM read_parquet(${quoteList(files)}, union_by_name = true) WHERE outcome = 'answered'`);
  return {
    requestCount: Number(sum["records"]),
    usage: { inputTokens: Number(sum["i"]), outputTokens: Number(sum["o"]) },
  };
}
