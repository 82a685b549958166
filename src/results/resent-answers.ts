import { quoteName, quoteText } from "../engine/sql.ts";
import { priceTokensSql } from "../foundation/money.ts";
import type { TokenPrice, Usage } from "../foundation/types/index.ts";
import { type AnswerReader, nameInAnswers, readAnswers } from "./read-answers.ts";

/** A shard of records that were sent again, or before the rest. */
export interface ResentShard {
  readonly index: number;
  /** From 1; 0 for what was asked before the rest. */
  readonly round: number;
  readonly files: readonly string[];
  /**
   * Parquet with record_id, as the rows know it, and sent_id, as the output has it; undefined where the output has the ids
   * that the rows know.
   */
  readonly chainFile: string | undefined;
  /** What its tokens cost; undefined where the price is not known. */
  readonly price: TokenPrice | undefined;
}

/** What tokens of an answer cost, as SQL over a relation of answers. */
export function costSql(price: TokenPrice | undefined, answer = ""): string {
  const column = (name: string): string => (answer === "" ? name : `${answer}.${name}`);
  if (price === undefined) return "NULL::DOUBLE";
  return priceTokensSql(price, column("input_tokens"), column("output_tokens"), extraSql(price, answer));
}

/**
 * What tokens of an answer cost beside their plain prices, in millionths: cached ones cost less or more, all of a long prompt's cost
 * a multiple. Undefined where the price knows neither.
 */
function extraSql(
  { inputUsd, outputUsd, cacheReadUsd, cacheWriteUsd, longPrompts }: TokenPrice,
  answer = "",
): string | undefined {
  const column = (name: string): string => (answer === "" ? name : `${answer}.${name}`);
  const cached = [
    ...(cacheReadUsd === undefined ? [] : [`coalesce(${column("cache_read_tokens")}, 0) * ${cacheReadUsd - inputUsd}`]),
    ...(cacheWriteUsd === undefined
      ? []
      : [`coalesce(${column("cache_write_tokens")}, 0) * ${cacheWriteUsd - inputUsd}`]),
  ];
  if (cached.length === 0 && longPrompts === undefined) return undefined;
  const own = cached.length === 0 ? "0" : cached.join(" + ");
  if (longPrompts === undefined) return `(${own})`;
  const { fromTokens, factor } = longPrompts;
  const plain = `${column("input_tokens")} * ${inputUsd} + ${column("output_tokens")} * ${outputUsd}`;
  return `(${own} + CASE WHEN ${column("input_tokens")} > ${fromTokens} THEN ${factor - 1} * (${plain} + ${own}) ELSE 0 END)`;
}

/**
 * Reads what came back of records that were sent again, and what earlier runs have answered, into the table `resent`: the
 * columns of answers, under the ids that the rows know, and round and cost_usd. What an earlier run has paid costs nothing.
 * @param earlierFiles Parquet with the columns of answers
 * @returns what was odd about the lines, by shard
 */
export async function readResent(
  reader: AnswerReader,
  shards: readonly ResentShard[],
  earlierFiles: readonly string[],
): Promise<CountedLines[]> {
  const { engine, fields } = reader;
  const found: CountedLines[] = [];
  if (shards.length + earlierFiles.length === 0) return found;
  await readAnswers(reader, [], "answers");
  await engine.run("CREATE OR REPLACE TABLE resent AS SELECT *, 0 AS round, 0::DOUBLE AS cost_usd FROM answers");
  for (const { index, round, files, chainFile, price } of shards) {
    found.push({ index, ...(await readCounted(reader, files, "answers", price)) });
    const id = chainFile === undefined ? "a.record_id" : "c.record_id";
    const chain =
      chainFile === undefined ? "" : `JOIN read_parquet(${quoteText(chainFile)}) c ON c.sent_id = a.record_id`;
    await engine.run(`
      INSERT INTO resent BY NAME SELECT a.* REPLACE (${id} AS record_id), ${round} AS round, ${costSql(price, "a")} AS cost_usd
      FROM answers a ${chain}`);
  }
  for (const file of earlierFiles) {
    const typed = fields.map((field) => {
      const name = quoteName(nameInAnswers(field));
      return `${name}::${field.type} AS ${name}`;
    });
    const columns = typed.length === 0 ? "*" : `* REPLACE (${typed.join(", ")})`;
    await engine.run(`
      INSERT INTO resent BY NAME SELECT ${columns}, 0 AS round, 0::DOUBLE AS cost_usd FROM read_parquet(${quoteText(file)})`);
  }
  await engine.run("DROP TABLE answers");
  return found;
}

/** Lines of a shard's output: what was odd about them, and what they used. */
export interface CountedLines extends LineUsage {
  readonly index: number;
  readonly lineCount: number;
  readonly brokenCount: number;
  readonly repeatedCount: number;
}

/** What the answers of some lines used, as they report it. */
export interface LineUsage {
  /** Answers, good or not, and errors with a usage: what was paid. */
  readonly answerCount: number;
  readonly usage: Usage;
  /** Answers without a word about tokens. */
  readonly unreportedCount: number;
  /** What the usage costs beside its plain price: cached tokens, long prompts. 0 in batch. */
  readonly extraUsd: number;
  /** Of the output tokens, those of reasoning; estimated where the answers do not report them apart. */
  readonly reasoning: { readonly tokens: number; readonly isEstimated: boolean };
}

/** Of no lines. */
export function noLines(index: number): CountedLines {
  const usage = { inputTokens: 0, outputTokens: 0 };
  const reasoning = { tokens: 0, isEstimated: false };
  const counts = { lineCount: 0, brokenCount: 0, repeatedCount: 0, answerCount: 0, unreportedCount: 0 };
  return { index, ...counts, usage, extraUsd: 0, reasoning };
}

/** The counts of a shard whose lines are read in parts. */
export function addLines(sum: CountedLines, lines: Omit<CountedLines, "index">): CountedLines {
  return {
    index: sum.index,
    lineCount: sum.lineCount + lines.lineCount,
    brokenCount: sum.brokenCount + lines.brokenCount,
    repeatedCount: sum.repeatedCount + lines.repeatedCount,
    answerCount: sum.answerCount + lines.answerCount,
    usage: {
      inputTokens: sum.usage.inputTokens + lines.usage.inputTokens,
      outputTokens: sum.usage.outputTokens + lines.usage.outputTokens,
    },
    unreportedCount: sum.unreportedCount + lines.unreportedCount,
    extraUsd: sum.extraUsd + lines.extraUsd,
    reasoning: addReasoning(sum.reasoning, lines.reasoning),
  };
}

/** Adds the tokens of reasoning to a sum. */
export function addReasoning(one: LineUsage["reasoning"], other: LineUsage["reasoning"]): LineUsage["reasoning"] {
  return { tokens: one.tokens + other.tokens, isEstimated: one.isEstimated || other.isEstimated };
}

/** Reads output files as `readAnswers` does, and counts what they used. @param price of the way that they went */
export async function readCounted(
  reader: AnswerReader,
  files: readonly string[],
  table: string,
  price?: TokenPrice,
): Promise<Omit<CountedLines, "index">> {
  const more = price === undefined ? undefined : extraSql(price);
  const lines = await readAnswers(reader, files, table);
  const { lineCount, brokenCount, repeatedCount } = lines;
  const [sum = {}] = await reader.engine.rows(`
    SELECT count(*) AS answers, coalesce(sum(input_tokens), 0)::BIGINT AS i, coalesce(sum(output_tokens), 0)::BIGINT AS o,
      count(*) FILTER (input_tokens IS NULL OR output_tokens IS NULL) AS unreported,
      ${more === undefined ? "0" : `coalesce(sum(${more}), 0) / 1e6`} AS extra, coalesce(sum(reasoning_tokens), 0)::BIGINT AS thought,
      count(*) FILTER (reasoning_tokens IS NOT NULL AND NOT is_reasoning_told) AS guessed
    FROM ${quoteName(table)} WHERE outcome <> 'error' OR input_tokens IS NOT NULL OR "is broken"`);
  return {
    ...{ lineCount, brokenCount, repeatedCount },
    // What a line was that names no record, nobody knows: it may have been an answer.
    answerCount: Number(sum["answers"]) + lines.namelessCount,
    usage: { inputTokens: Number(sum["i"]), outputTokens: Number(sum["o"]) },
    unreportedCount: Number(sum["unreported"]) + lines.namelessCount,
    extraUsd: Number(sum["extra"]),
    reasoning: { tokens: Number(sum["thought"]), isEstimated: Number(sum["guessed"]) > 0 },
  };
}

/**
 * Of all answers that a record got the best, as SQL: answered wins, an error is worst, of equals the latest is taken. Its
 * tokens and cost are those of all of them, for all of them were paid.
 * @param answers a relation of the first answers, with cost_usd
 * @param ids a relation with the record_id of those that matter
 */
export function bestAnswers(answers: string, ids: string): string {
  const all = `(
    SELECT *, 0 AS round FROM ${answers} UNION ALL BY NAME
    SELECT * FROM resent WHERE record_id IN (SELECT record_id FROM ${ids}))`;
  const sum = (name: string, type: string): string =>
    `(sum(${name}) OVER (PARTITION BY record_id))::${type} AS ${name}`;
  return `(
    SELECT * REPLACE (${sum("input_tokens", "BIGINT")}, ${sum("output_tokens", "BIGINT")}, ${sum("cost_usd", "DOUBLE")}) FROM ${all}
    QUALIFY row_number() OVER (
      PARTITION BY record_id ORDER BY CASE outcome WHEN 'answered' THEN 0 WHEN 'error' THEN 2 WHEN 'missing' THEN 3 ELSE 1 END, round DESC) = 1
  )`;
}
