import { join } from "node:path";
import type { Engine } from "../engine/engine.ts";
import { quoteText } from "../engine/sql.ts";
import type { RecordBlock, RecordSummary } from "../types.ts";
import { findBlockSize, recordFiles } from "./make-records.ts";

/** Of all distinct records, those that are sent: how many and how large, and the blocks that jobs are cut from. */
export type SentRecords = Pick<RecordSummary, "recordCount" | "sizeBytes" | "maxLineBytes" | "inputTokens" | "blocks">;

/** @param unsent a relation with the record_id of what is not sent */
export async function measureSent(engine: Engine, directory: string, unsent: string | undefined): Promise<SentRecords> {
  const read = (name: string): string => `read_parquet(${quoteText(join(directory, name))})`;
  const sent = `SELECT row, size_bytes, input_tokens FROM ${read(recordFiles.records)}
    WHERE record_id IS NOT NULL AND row NOT IN (SELECT row FROM ${read(recordFiles.duplicates)})
      ${unsent === undefined ? "" : `AND record_id NOT IN (SELECT record_id FROM ${unsent})`} ORDER BY row`;
  const [sum = {}] = await engine.rows(`
    SELECT count(*) AS records, coalesce(sum(size_bytes), 0)::BIGINT AS bytes, coalesce(max(size_bytes), 0) AS longest,
      coalesce(sum(input_tokens), 0)::BIGINT AS tokens
    FROM (${sent})`);
  const recordCount = Number(sum["records"]);
  const blocks = await engine.rows(`
    SELECT min(row) AS from_row, count(*) AS records, sum(size_bytes)::BIGINT AS bytes
    FROM (SELECT row, size_bytes, (row_number() OVER () - 1) // ${findBlockSize(Math.max(1, recordCount))} AS block FROM (${sent}))
    GROUP BY block ORDER BY block`);
  return {
    recordCount,
    sizeBytes: Number(sum["bytes"]),
    maxLineBytes: Number(sum["longest"]),
    inputTokens: Number(sum["tokens"]),
    blocks: blocks.map(
      (block): RecordBlock => ({
        fromRow: Number(block["from_row"]),
        recordCount: Number(block["records"]),
        sizeBytes: Number(block["bytes"]),
      }),
    ),
  };
}
