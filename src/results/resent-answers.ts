import { quoteText } from "../engine/sql.ts";
import type { TokenPrice } from "../types.ts";
import { type AnswerReader, readAnswers } from "./read-answers.ts";

/** A shard of records that were sent again. */
export interface ResentShard {
  readonly index: number;
  /** From 1. */
  readonly round: number;
  readonly files: readonly string[];
  /** Parquet with record_id, as the rows know it, and sent_id, as the output has it. */
  readonly chainFile: string;
  /** What its tokens cost; undefined where the price is not known. */
  readonly price: TokenPrice | undefined;
}

/** What tokens of an answer cost, as SQL over a relation of answers. */
export function costSql(price: TokenPrice | undefined, answer = ""): string {
  const column = (name: string): string => (answer === "" ? name : `${answer}.${name}`);
  if (price === undefined) return "NULL::DOUBLE";
  return `((${column("input_tokens")} * ${price.inputUsd} + ${column("output_tokens")} * ${price.outputUsd}) / 1e6)`;
}

/**
 * Reads what came back of records that were sent again into the table `resent`: the columns of answers, under the
 * ids that the rows know, and round and cost_usd.
 * @returns what was odd about the lines, by shard
 */
export async function readResent(
  reader: AnswerReader,
  shards: readonly ResentShard[],
): Promise<{ index: number; lineCount: number; brokenCount: number; repeatedCount: number }[]> {
  const { engine } = reader;
  const found: Awaited<ReturnType<typeof readResent>> = [];
  for (const [at, { index, round, files, chainFile, price }] of shards.entries()) {
    found.push({ index, ...(await readAnswers(reader, files, "answers")) });
    const answers = `SELECT a.* REPLACE (c.record_id AS record_id), ${round} AS round, ${costSql(price, "a")} AS cost_usd
      FROM answers a JOIN read_parquet(${quoteText(chainFile)}) c ON c.sent_id = a.record_id`;
    await engine.run(at === 0 ? `CREATE OR REPLACE TABLE resent AS ${answers}` : `INSERT INTO resent ${answers}`);
  }
  return found;
}

/**
 * Of all answers that a record got the best, as SQL: answered wins, an error is worst, of equals the latest is taken. Its
 * tokens and cost are those of all of them, for all of them were paid.
 * @param answers a relation of the first answers, with cost_usd
 */
export function bestAnswers(answers: string): string {
  const all = `(SELECT *, 0 AS round FROM ${answers} UNION ALL BY NAME SELECT * FROM resent)`;
  const sum = (name: string): string => `sum(${name}) OVER (PARTITION BY record_id) AS ${name}`;
  return `(
    SELECT * REPLACE (${sum("input_tokens")}, ${sum("output_tokens")}, ${sum("cost_usd")}) FROM ${all}
    QUALIFY row_number() OVER (
      PARTITION BY record_id ORDER BY CASE outcome WHEN 'answered' THEN 0 WHEN 'error' THEN 2 ELSE 1 END, round DESC) = 1
  )`;
}
