import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { quoteList, quoteName, quoteText, writeOptions } from "../engine/sql.ts";
import { putInPlace } from "../put-in-place.ts";
import type { Shard, Table, TokenPrice } from "../types.ts";
import { type AnswerReader, nameInAnswers, readAnswers, registerCheck } from "./read-answers.ts";
import { bestAnswers, costSql, type ResentShard, readResent } from "./resent-answers.ts";
import type { ResultColumns } from "./result-columns.ts";

export interface JoinInput {
  readonly reader: AnswerReader;
  readonly columns: ResultColumns;
  /** The rows as they were frozen. */
  readonly table: Table;
  /** `records.parquet` and `duplicates.parquet` of the run. */
  readonly recordsFile: string;
  readonly duplicatesFile: string;
  /** Each shard with the output files of its jobs, the latest attempt last; none where it never ran. */
  readonly shards: readonly JoinedShard[];
  /** What was sent again, in the order of the rounds. */
  readonly resent: readonly ResentShard[];
  /** Where the table goes. */
  readonly target: string;
  /** For files in between; removed at the end. */
  readonly workDirectory: string;
}

export interface JoinedShard {
  readonly shard: Shard;
  readonly files: readonly string[];
  /** What its tokens cost; undefined where the price is not known. */
  readonly price: TokenPrice | undefined;
}

/** What was odd about a shard's output lines. */
export interface ShardLines {
  readonly index: number;
  readonly lineCount: number;
  readonly brokenCount: number;
  readonly repeatedCount: number;
}

/**
 * Joins the answers to the rows, shard by shard: what is in memory at a time is one shard's answers. Every input row comes
 * out once, in its order, with exactly one outcome. Writes to a temporary name, then renames.
 */
export async function joinResults(input: JoinInput): Promise<ShardLines[]> {
  const { reader, columns, table, target, workDirectory } = input;
  const { engine } = reader;
  rmSync(workDirectory, { recursive: true, force: true });
  mkdirSync(workDirectory, { recursive: true });
  registerCheck(reader);
  await findBorrowed(input);
  const found: ShardLines[] = await readResent(reader, input.resent);
  for (const { shard, files, price } of input.shards) {
    found.push({ index: shard.index, ...(await readAnswers(reader, files, "answers")) });
    await writeSlice(input, shard, price);
  }
  const slices = readdirSync(workDirectory)
    .filter((name) => name.startsWith("slice-"))
    .sort()
    .map((name) => join(workDirectory, name));
  const { meta } = columns;
  const results = [
    ...table.columns.map(({ name }) => `t.${quoteName(name)}`),
    ...columns.fields.map((field) => `s.${quoteName(nameInAnswers(field))} AS ${quoteName(field.column)}`),
    ...Object.entries(meta).map(([name, column]) => `s.${quoteName(`_meta_${name}`)} AS ${quoteName(column)}`),
  ];
  await engine.run(`
    COPY (
      SELECT ${results.join(", ")}
      FROM (SELECT * FROM ${table.relation}) t POSITIONAL JOIN (SELECT * FROM read_parquet(${quoteList(slices)})) s
    ) TO ${quoteText(`${target}.tmp`)} (${writeOptions.parquet})`);
  putInPlace(target);
  rmSync(workDirectory, { recursive: true, force: true });
  return found;
}

/** Records whose rows lie in several shards: their answers are kept from the shard that has them for those that follow. */
async function findBorrowed({ reader: { engine }, recordsFile, duplicatesFile, shards }: JoinInput): Promise<void> {
  const shardOf = shards.map(({ shard }) => `WHEN row < ${shard.toRow} THEN ${shard.index}`).join(" ");
  const records = `read_parquet(${quoteText(recordsFile)})`;
  await engine.run(`
    CREATE OR REPLACE TEMP TABLE borrowed_ids AS
      SELECT record_id FROM ${records}
      WHERE record_id IN (
        SELECT record_id FROM ${records} WHERE row IN (SELECT row FROM read_parquet(${quoteText(duplicatesFile)}))
      )
      GROUP BY record_id HAVING count(DISTINCT CASE ${shardOf} END) > 1`);
  await engine.run("DROP TABLE IF EXISTS borrowed");
}

async function writeSlice(input: JoinInput, shard: Shard, price: TokenPrice | undefined): Promise<void> {
  const { reader, columns, recordsFile, duplicatesFile, workDirectory } = input;
  const { engine } = reader;
  const [borrowed] = await engine.rows("SELECT count(*) AS count FROM duckdb_tables() WHERE table_name = 'borrowed'");
  const hasBorrowed = Number(borrowed?.["count"]) > 0;
  const lend = "SELECT * FROM answers WHERE record_id IN (SELECT record_id FROM borrowed_ids)";
  const own = hasBorrowed
    ? `(SELECT * FROM answers UNION ALL SELECT * FROM borrowed WHERE record_id NOT IN (SELECT record_id FROM answers))`
    : "answers";
  const wasResent = input.resent.length > 0;
  const answers = wasResent ? bestAnswers(`(SELECT *, ${costSql(price)} AS cost_usd FROM ${own})`) : own;
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
  const slice = join(workDirectory, `slice-${String(shard.index).padStart(6, "0")}.parquet`);
  await engine.run(`
    COPY (
      SELECT ${columns.fields.map((field) => `a.${quoteName(nameInAnswers(field))}`).join(", ")},
        ${Object.entries(meta)
          .map(([name, sql]) => `${sql} AS ${quoteName(`_meta_${name}`)}`)
          .join(", ")}
      FROM (
        SELECT row, record_id, row IN (
            SELECT row FROM read_parquet(${quoteText(duplicatesFile)}) WHERE row >= ${shard.fromRow} AND row < ${shard.toRow}
          ) AS is_later
        FROM read_parquet(${quoteText(recordsFile)}) WHERE row >= ${shard.fromRow} AND row < ${shard.toRow}
      ) r LEFT JOIN ${answers} a ON a.record_id = r.record_id
      ORDER BY r.row
    ) TO ${quoteText(slice)} (${writeOptions.scratch})`);
  await engine.run(hasBorrowed ? `INSERT INTO borrowed ${lend}` : `CREATE TEMP TABLE borrowed AS ${lend}`);
}
