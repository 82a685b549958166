import { mkdirSync, rmSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Engine } from "../engine/engine.ts";
import { numberedRows, quoteList, quoteName, quoteText, rowGroups, writeOptions } from "../engine/sql.ts";
import { putInPlace } from "../put-in-place.ts";
import type { Shard, Table, TokenPrice } from "../types.ts";
import { type AnswerReader, nameInAnswers, registerCheck } from "./read-answers.ts";
import {
  bestAnswers,
  type CountedLines,
  costSql,
  type ResentShard,
  readCounted,
  readResent,
} from "./resent-answers.ts";
import type { ResultColumns } from "./result-columns.ts";

export interface JoinInput {
  readonly reader: AnswerReader;
  readonly columns: ResultColumns;
  /** The rows as they were frozen: their columns, and a relation of the rows of each shard. */
  readonly table: Pick<Table, "columns">;
  readonly rowsOf: (index: number) => Promise<string>;
  /** `records.parquet` and `duplicates.parquet` of the run. */
  readonly recordsFile: string;
  readonly duplicatesFile: string;
  /** Each shard with the output files of its jobs, the latest attempt last; none where it never ran. */
  readonly shards: readonly JoinedShard[];
  /** What was sent again, in the order of the rounds. */
  readonly resent: readonly ResentShard[];
  /** Answers of earlier runs: Parquet with the columns of answers. */
  readonly earlierFiles: readonly string[];
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

/**
 * Joins the answers to the rows, shard by shard: what is in memory at a time is the answers of two shards, one that is read
 * and one that is joined. Every input row comes out once, in its order, with exactly one outcome. Writes to a temporary
 * name, then renames.
 */
export async function joinResults(input: JoinInput): Promise<CountedLines[]> {
  for (const limit of memoryLimits) {
    try {
      return await joinOnce(input);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith("Out of Memory Error")) throw error;
      // Answers of one shard that do not fit are joined with more memory, rather than not at all.
      await input.reader.engine.run(`SET memory_limit = '${limit}'`);
    }
  }
  return joinOnce(input);
}

/** What the engine may use where a shard's answers are longer than usual, one after the other. */
const memoryLimits = ["1536MiB", "80%"] as const;

async function joinOnce(input: JoinInput): Promise<CountedLines[]> {
  const { reader, target, workDirectory, shards } = input;
  rmSync(workDirectory, { recursive: true, force: true });
  mkdirSync(workDirectory, { recursive: true });
  registerCheck(reader);
  const hasBorrowed = await findBorrowed(input);
  const writer = await reader.engine.connect();
  const cores = availableParallelism();
  // Reading and writing go on side by side, and threads that wait for each other on too few cores turn in circles.
  await writer.run(`SET threads = ${Math.max(1, cores - 1)}`);
  const isOne = shards.length === 1;
  const slices = shards.map(({ shard }) =>
    isOne ? `${target}.tmp` : join(workDirectory, `slice-${String(shard.index).padStart(6, "0")}.parquet`),
  );
  const groups = rowGroups(findRowBytes(input));
  try {
    const found: CountedLines[] = await readResent(reader, input.resent, input.earlierFiles);
    let writing: Promise<void> = Promise.resolve();
    for (const [at, { shard, files, price }] of shards.entries()) {
      const answers = `answers_${at % 2}`;
      const reading = readCounted(reader, files, answers);
      // Both are waited for before either's failure is told: nothing may run on when the engine is closed.
      const [lines] = await Promise.allSettled([reading, writing]).then(() => Promise.all([reading, writing]));
      found.push({ index: shard.index, ...lines });
      const options = `${isOne ? writeOptions.parquet : writeOptions.scratch}, ${groups}`;
      const slice = { path: slices[at] ?? "", options };
      writing = writeSlice(input, writer, { shard, price, answers, slice, hasBorrowed, isFirst: at === 0 });
      writing.catch(() => undefined);
    }
    await writing;
    await writer.run(`SET threads = ${cores}; DROP TABLE IF EXISTS answers_0; DROP TABLE IF EXISTS answers_1`);
    if (!isOne) {
      await writer.run(`
        COPY (SELECT * FROM read_parquet(${quoteList(slices)}))
        TO ${quoteText(`${target}.tmp`)} (${writeOptions.parquet}, ${groups})`);
    }
    putInPlace(target);
    rmSync(workDirectory, { recursive: true, force: true });
    return found;
  } finally {
    writer.close();
  }
}

/** Bytes of a row with its answer, at about: an output line repeats the request, which makes up for what is packed. */
function findRowBytes({ shards }: JoinInput): number {
  const rowCount = shards.reduce((sum, { shard }) => sum + shard.toRow - shard.fromRow, 0);
  const sizeBytes = shards.reduce(
    (sum, { shard, files }) => sum + shard.sizeBytes + files.reduce((all, path) => all + statSync(path).size, 0),
    0,
  );
  return sizeBytes / Math.max(1, rowCount);
}

/** Records whose rows lie in several shards: their answers are kept from the shard that has them for those that follow. */
async function findBorrowed({ reader: { engine }, recordsFile, duplicatesFile, shards }: JoinInput): Promise<boolean> {
  const shardOf = shards.map(({ shard }) => `WHEN row < ${shard.toRow} THEN ${shard.index}`).join(" ");
  const records = numberedRows(recordsFile);
  await engine.run(`
    CREATE OR REPLACE TABLE borrowed_ids AS
      SELECT record_id FROM ${records}
      WHERE record_id IN (
        SELECT record_id FROM ${records} WHERE row IN (SELECT row FROM read_parquet(${quoteText(duplicatesFile)}))
      )
      GROUP BY record_id HAVING count(DISTINCT CASE ${shardOf} END) > 1`);
  const [counted] = await engine.rows("SELECT count(*) AS count FROM borrowed_ids");
  return Number(counted?.["count"]) > 0;
}

interface Slice {
  readonly shard: Shard;
  readonly price: TokenPrice | undefined;
  /** The table with the shard's answers. */
  readonly answers: string;
  readonly slice: { readonly path: string; readonly options: string };
  /** Some records have rows in several shards. */
  readonly hasBorrowed: boolean;
  readonly isFirst: boolean;
}

async function writeSlice(
  { columns, table, rowsOf, recordsFile, duplicatesFile, shards, resent, earlierFiles }: JoinInput,
  engine: Engine,
  { shard, price, answers: own, slice, hasBorrowed, isFirst }: Slice,
): Promise<void> {
  const wasResent = resent.length + earlierFiles.length > 0;
  const lend = `SELECT * FROM ${own} WHERE record_id IN (SELECT record_id FROM borrowed_ids)`;
  const all =
    hasBorrowed && !isFirst
      ? `(SELECT * FROM ${own} UNION ALL SELECT * FROM borrowed WHERE record_id NOT IN (SELECT record_id FROM ${own}))`
      : own;
  const range = `row >= ${shard.fromRow} AND row < ${shard.toRow}`;
  const ids = `(SELECT record_id FROM ${numberedRows(recordsFile)} WHERE ${range})`;
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
  const rows = await rowsOf(shards.findIndex((each) => each.shard === shard));
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
    ) TO ${quoteText(slice.path)} (${slice.options})`);
  if (hasBorrowed)
    await engine.run(isFirst ? `CREATE OR REPLACE TABLE borrowed AS ${lend}` : `INSERT INTO borrowed ${lend}`);
}
