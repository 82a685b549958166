import { join } from "node:path";
import type { Engine } from "../engine/engine.ts";
import { numberedRows, quoteText } from "../engine/sql.ts";
import type { RecordBlock, RecordSummary } from "../foundation/types/index.ts";
import { recordFiles } from "./record-files.ts";

/** Of all distinct records, those that are sent: how many and how large, and the blocks that jobs are cut from. */
export type SentRecords = Pick<
  RecordSummary,
  "recordCount" | "sizeBytes" | "maxLineBytes" | "longestRow" | "inputTokens" | "blocks"
>;

/** At most this many blocks describe a table, however long it is. */
const maxBlockCount = 100_000;

/** Blocks of a power of ten records: limits of jobs are multiples of it, so a full job ends where a block does. */
export function findBlockSize(recordCount: number): number {
  return 10 ** Math.max(0, Math.ceil(Math.log10(recordCount / maxBlockCount)));
}

/** @param excluded a relation with the record_id of what is not sent */
export async function measureSent(
  engine: Engine,
  directory: string,
  excluded: string | undefined,
): Promise<SentRecords> {
  const sent = sentSql(directory, excluded);
  const [counted = {}] = await engine.rows(`
    SELECT count(*) AS records,
      (SELECT count(*) FROM read_parquet(${quoteText(join(directory, recordFiles.records))})) AS rows
    FROM (${sent})`);
  const recordCount = Number(counted["records"]);
  // Where every row is sent, its number is the record's.
  const number = recordCount === Number(counted["rows"]) ? "row" : "(row_number() OVER (ORDER BY row) - 1)";
  const sum = { bytes: 0, longest: 0, longestRow: 0, tokens: 0 };
  const blocks: RecordBlock[] = [];
  // Columns of chunks: a hundred thousand rows as objects take longer than the query.
  for await (const [froms = [], counts = [], sizes = [], longest = [], tokens = [], longestRows = []] of engine.chunks(`
    SELECT min(row), count(*), sum(size_bytes)::BIGINT, max(size_bytes), sum(input_tokens)::BIGINT, arg_max(row, size_bytes)
    FROM (SELECT *, ${number} // ${findBlockSize(Math.max(1, recordCount))} AS block FROM (${sent}))
    GROUP BY block ORDER BY block`)) {
    for (const [at, fromRow] of froms.entries()) {
      const sizeBytes = Number(sizes[at]);
      blocks.push({ fromRow: Number(fromRow), recordCount: Number(counts[at]), sizeBytes });
      sum.bytes += sizeBytes;
      if (Number(longest[at]) > sum.longest) {
        sum.longest = Number(longest[at]);
        sum.longestRow = Number(longestRows[at]);
      }
      sum.tokens += Number(tokens[at]);
    }
  }
  const { bytes: sizeBytes, longest: maxLineBytes, longestRow, tokens: inputTokens } = sum;
  return { recordCount, sizeBytes, maxLineBytes, longestRow, inputTokens, blocks };
}

/** The records that are sent, as SQL: row, size_bytes, input_tokens. */
export function sentSql(directory: string, excluded: string | undefined): string {
  return `
    SELECT row, size_bytes, input_tokens FROM ${numberedRows(join(directory, recordFiles.records))}
    WHERE record_id IS NOT NULL AND row NOT IN (SELECT row FROM read_parquet(${quoteText(join(directory, recordFiles.duplicates))}))
      ${excluded === undefined ? "" : `AND record_id NOT IN (SELECT record_id FROM ${excluded})`}`;
}
