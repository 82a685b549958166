import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../engine/engine.ts";
import { linesOf, numberedRows, quoteText, writeOptions } from "../engine/sql.ts";
import { commitFile } from "../foundation/commit-file.ts";
import type { RecordBlock } from "../foundation/types/index.ts";
import { inputBodySql, inputIdSql, inputLineSql } from "../lines/line-format.ts";
import { expandLines } from "../media/expand-lines.ts";
import { expandedBytesSql } from "../media/media-mark.ts";
import { findTokenRule } from "../models/rules/token-rules.ts";
import { bodySql, changedBodySql, type RequestShape } from "./body-sql.ts";
import { tokensSql } from "./estimate-tokens.ts";
import { canaryLines } from "./exclude-records.ts";
import { findBlockSize } from "./measure-sent.ts";
import { recordFiles, toMarkedLines } from "./record-files.ts";

/** Where a round's lines are, and what they were made of, below the run's directory. */
export interface RoundFiles {
  readonly lines: string;
  readonly chain: string;
  /** Answers that other runs have of records that would be sent again, and which others have in flight; taken over as the round begins. */
  readonly earlier: string;
  readonly awaited: string;
}

/** @param tag tells the files of one retry from those of another that is planned at the same time */
export function makeRoundFiles(round: number, tag: string): RoundFiles {
  return findRoundFiles(`input/round-${round}-${tag}.jsonl`);
}

/** The files of a round that was begun, by the one that its shards name. */
export function findRoundFiles(lines: string): RoundFiles {
  const stem = lines.replace(/\.jsonl$/, "");
  return { lines, chain: `${stem}.parquet`, earlier: `${stem}-earlier.parquet`, awaited: `${stem}-awaited.parquet` };
}

/** What is sent in a round. */
export interface RetryLines {
  readonly recordCount: number;
  readonly sizeBytes: number;
  readonly inputTokens: number;
  /** Of all records together, at most. */
  readonly maxOutputTokens: number;
  readonly blocks: readonly RecordBlock[];
}

/** What is sent again, and from where. */
export interface RetrySource {
  readonly files: RoundFiles;
  /** A relation with record_id, max_tokens, note. */
  readonly wanted: string;
}

/**
 * Writes what is sent again: the lines, and for each the record that it is for (`record_id`, as the rows know it), the one
 * that it is now (`sent_id`: another body is another record), its limit and note.
 */
export async function writeRetries(
  engine: Engine,
  shape: RequestShape,
  directory: string,
  { files, wanted }: RetrySource,
): Promise<RetryLines> {
  const limitRows = await engine.rows(`SELECT DISTINCT max_tokens AS value FROM ${wanted} ORDER BY 1`);
  const { recordId, ofLine } = bodySql(shape);
  const { lettersPerToken } = findTokenRule(shape.baseId);
  const change = changedBodySql(
    shape,
    limitRows.map(({ value }) => Number(value)),
  );
  const isChanged = `(w.note IS NOT NULL OR w.max_tokens <> ${shape.parameters.maxTokens})`;
  const inputs = [recordFiles.lines, canaryLines]
    .map((name) => join(directory, "input", shape.hasMedia === true ? toMarkedLines(name) : name))
    .filter(existsSync);
  const lineBytes = (text: string): string => (shape.hasMedia === true ? expandedBytesSql(text) : `strlen(${text})`);
  await engine.run(`
    CREATE OR REPLACE TEMP TABLE resent AS
    SELECT record_id, CASE WHEN is_changed THEN ${shape.answersPerRow === undefined ? recordId("body") : `md5(concat(${recordId("body")}, record_id))`} ELSE record_id END AS sent_id, max_tokens, note, tokens, row, body FROM (
      SELECT w.record_id, ${isChanged} AS is_changed, w.max_tokens, w.note, r.row,
        r.input_tokens + CASE WHEN w.note IS NULL THEN 0 ELSE ${tokensSql("strlen(w.note)", "length(w.note)", lettersPerToken)} END AS tokens,
        CASE WHEN ${isChanged} THEN ${change({ body: "l.body", maxTokens: "w.max_tokens", note: "w.note" })} ELSE l.body END AS body
      FROM (
        SELECT ${inputIdSql()} AS record_id,
          ${ofLine(inputBodySql())} AS body
        FROM ${linesOf(inputs)}
      ) l
      JOIN ${wanted} w USING (record_id)
      JOIN (
        SELECT record_id, min(row) AS row, any_value(input_tokens) AS input_tokens
        FROM ${numberedRows(join(directory, recordFiles.records))} GROUP BY record_id
      ) r USING (record_id)
    )`);
  const line = inputLineSql("sent_id", "body");
  const write = async (name: string, sql: string, options: string): Promise<void> => {
    const path = join(directory, name);
    await engine.run(`COPY (${sql}) TO ${quoteText(`${path}.tmp`)} (${options})`);
    commitFile(path);
  };
  await write(files.lines, `SELECT ${line} AS line FROM resent ORDER BY row`, writeOptions.lines);
  if (shape.hasMedia === true) await expandRound(directory, files.lines);
  await write(
    files.chain,
    "SELECT record_id, sent_id, max_tokens, note FROM resent ORDER BY row",
    writeOptions.parquet,
  );
  const [sum = {}] = await engine.rows(`
    SELECT count(*) AS records, coalesce(sum(${lineBytes(line)} + 1), 0)::BIGINT AS bytes, coalesce(sum(tokens), 0)::BIGINT AS tokens,
      coalesce(sum(max_tokens), 0)::BIGINT AS output FROM resent`);
  const recordCount = Number(sum["records"]);
  const blocks = await engine.rows(`
    SELECT min(n) AS from_row, count(*) AS records, sum(bytes)::BIGINT AS bytes FROM (
      SELECT n, ${lineBytes(line)} + 1 AS bytes, n // ${findBlockSize(Math.max(1, recordCount))} AS block
      FROM (SELECT *, row_number() OVER (ORDER BY row) - 1 AS n FROM resent)
    ) GROUP BY block ORDER BY block`);
  await engine.run("DROP TABLE resent");
  return {
    recordCount,
    sizeBytes: Number(sum["bytes"]),
    inputTokens: Number(sum["tokens"]),
    maxOutputTokens: Number(sum["output"]),
    blocks: blocks.map((block) => ({
      fromRow: Number(block["from_row"]),
      recordCount: Number(block["records"]),
      sizeBytes: Number(block["bytes"]),
    })),
  };
}

/** Pictures and documents take the place of their marks. */
async function expandRound(directory: string, lines: string): Promise<void> {
  const path = join(directory, lines);
  const marked = join(directory, toMarkedLines(lines));
  commitFile(marked, path);
  await expandLines(marked, `${path}.tmp`, join(directory, recordFiles.media));
  commitFile(path);
}
