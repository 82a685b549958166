import { createReadStream } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../engine/engine.ts";
import { linesOf, numberedRows, quoteText, writeOptions } from "../engine/sql.ts";
import { commitFile } from "../foundation/commit-file.ts";
import { defined } from "../foundation/defined.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import type { RecordSummary } from "../foundation/types/index.ts";
import { dropLines } from "../lines/drop-lines.ts";
import { inputIdSql, inputLineSql, readInputBody } from "../lines/line-format.ts";
import { readManyLines } from "../lines/read-lines.ts";
import { expandedBytesSql, mediaTokensSql, unmarkedSql } from "../media/media-mark.ts";
import { findImageTokens } from "../models/rules/image-rules.ts";
import { mediaBand } from "../models/rules/media-rules.ts";
import { findTokenRule } from "../models/rules/token-rules.ts";
import { bodySql, type RequestShape } from "./body-sql.ts";
import { estimateTokens, tokensSql } from "./estimate-tokens.ts";
import { findDuplicates } from "./find-duplicates.ts";
import { measureSent, sentSql } from "./measure-sent.ts";
import type { MediaOutcome } from "./media-lines.ts";
import { noLine, recordFiles } from "./record-files.ts";
import { type RecordSource, writeLines } from "./write-lines.ts";

/**
 * Renders the prompt over every row, names each request, and finds out what is distinct. The engine writes the lines in
 * one pass and reads them back in another, which costs less than taking them apart on the way. Leaves `records.jsonl`, the
 * bytes that will be uploaded, `records.parquet` and `duplicates.parquet` in the run's directory.
 * @throws UNKNOWN_COLUMN, PROMPT_FAILED, BAD_MEDIA, MEDIA_NOT_TAKEN, PACK_REFUSED, ALL_EMPTY
 */
export async function makeRecords(source: RecordSource): Promise<RecordSummary> {
  const { engine, directory } = source;
  const lines = join(directory, recordFiles.lines);
  const { columns, emptyCounts, failures, media } = await writeLines(source, `${lines}.tmp`);
  const shape = media === undefined ? source.shape : { ...source.shape, hasMedia: true };
  await engine.trim();
  await writeRecords(engine, `${lines}.tmp`, join(directory, recordFiles.records), shape);
  await engine.trim();
  const { rowCount, skippedCount } = await countRows(engine, directory);
  const duplicateCount = await findDuplicates(engine, directory, rowCount);
  if (duplicateCount + skippedCount > 0) await dropLines(`${lines}.tmp`, readDroppedLines(engine, directory));
  commitFile(lines);
  const emptyCells = Object.fromEntries(emptyCounts.map((count, index) => [columns[index] ?? "", count]));
  const sent = await measureSent(engine, directory, undefined);
  if (sent.recordCount === 0 && failures !== undefined && failures.count > 0)
    throw new HalfpriceError("PROMPT_FAILED", { row: failures.row, reason: failures.reason });
  if (sent.recordCount === 0 && source.mayBeEmpty !== true)
    throw new HalfpriceError("ALL_EMPTY", { rowCount, columns });
  const images =
    media !== undefined
      ? await weighMedia(engine, directory, media)
      : shape.isRaw === true
        ? { imageRatio: await measureImages(engine, lines, shape.baseId, sent.inputTokens) }
        : { imageRatio: 0 };
  return {
    ...sent,
    ...(images.imageRatio === 0 ? {} : images),
    ...(media === undefined ? {} : { media: media.media }),
    ...defined({ mediaFailures: media?.failures }),
    rowCount,
    skippedCount,
    duplicateCount,
    emptyCells,
    samples: await readSamples({ engine, shape, directory }),
    ...(failures === undefined || failures.count === 0 ? {} : { promptFailures: failures }),
  };
}

/** How much of the input tokens are pictures and documents, and how sure their count is. */
async function weighMedia(
  engine: Engine,
  directory: string,
  { media, mediaTokens }: MediaOutcome,
): Promise<Pick<RecordSummary, "imageBand"> & { readonly imageRatio: number }> {
  const records = quoteText(join(directory, recordFiles.records));
  const [sum] = await engine.rows(`SELECT sum(input_tokens)::BIGINT AS tokens FROM read_parquet(${records})`);
  const imageRatio = Math.min(1, mediaTokens / Math.max(1, Number(sum?.["tokens"])));
  return { imageRatio, imageBand: media.documentCount === 0 ? mediaBand.image : mediaBand.document };
}

/** What the lines tell, in their order: record_id, size_bytes, input_tokens. */
async function writeRecords(engine: Engine, lines: string, records: string, shape: RequestShape): Promise<void> {
  const { around, fixedText: fixed } = bodySql(shape);
  const { items } = shape;
  // Of a packed run a line has no body, and what all rows share is counted with what is fixed.
  const frame = inputLineSql("repeat('0', 32)", quoteText(items === undefined ? around : ""));
  const fixedText = `${fixed}${(items ?? []).map((part) => (part.kind === "text" ? part.text : "")).join("")}`;
  const { lettersPerToken, frameTokens } = findTokenRule(shape.baseId);
  const plain = tokensSql(`(strlen(line) - strlen(${frame}))`, `(length(line) - length(${frame}))`, lettersPerToken);
  const tokens = shape.hasMedia
    ? `(${tokensSql(`(strlen(${unmarkedSql("line")}) - strlen(${frame}))`, `(length(${unmarkedSql("line")}) - length(${frame}))`, lettersPerToken)} + ${mediaTokensSql("line")})`
    : shape.isRaw
      ? withImages(plain, shape.baseId, frame, lettersPerToken)
      : plain;
  const sizeBytes = shape.hasMedia ? expandedBytesSql("line") : "strlen(line)";
  const isThere = `line <> ${quoteText(noLine)}`;
  const copy = (relation: string): Promise<void> =>
    engine.run(`
    COPY (
      SELECT CASE WHEN ${isThere} THEN ${inputIdSql()} END AS record_id,
        (CASE WHEN ${isThere} THEN ${sizeBytes} + 1 ELSE 0 END)::INTEGER AS size_bytes,
        (CASE WHEN ${isThere} THEN ${tokens} + ${estimateTokens(fixedText, lettersPerToken) + frameTokens.expected} ELSE 0 END)::INTEGER AS input_tokens
      FROM ${relation}
    ) TO ${quoteText(`${records}.tmp`)} (${writeOptions.parquet})`);
  // Buffers that are large enough for lines of megabytes cost memory that other tables need not pay.
  await copy(linesOf([lines], "short"))
    .catch(() => copy(linesOf([lines])))
    .catch(() => copy(linesOf([lines], "huge")));
  commitFile(records);
}

/** What is base64 in a ready body, and long: images, which are no prose. */
const base64 = "[A-Za-z0-9+/]{1000,}={0,2}";

/** The estimate of a line that may have images: each at the model's own rate, the rest as text. */
function withImages(plain: string, baseId: string, frame: string, lettersPerToken: number): string {
  const { expected } = findImageTokens(baseId);
  const text = `regexp_replace(line, '${base64}', '', 'g')`;
  const rest = tokensSql(
    `(strlen(${text}) - strlen(${frame}))`,
    `(length(${text}) - length(${frame}))`,
    lettersPerToken,
  );
  return `(CASE WHEN length(line) > 1000 AND regexp_matches(line, '${base64}')
    THEN ${rest} + ${expected} * len(regexp_extract_all(line, '${base64}')) ELSE ${plain} END)`;
}

/** How much of the input tokens are images. */
async function measureImages(engine: Engine, lines: string, baseId: string, inputTokens: number): Promise<number> {
  const count = `coalesce(sum(len(regexp_extract_all(line, '${base64}'))), 0) AS images`;
  const read = (relation: string): Promise<Record<string, unknown>[]> =>
    engine.rows(`SELECT ${count} FROM ${relation} WHERE length(line) > 1000`);
  const [counted = {}] = await read(linesOf([lines], "short"))
    .catch(() => read(linesOf([lines])))
    .catch(() => read(linesOf([lines], "huge")));
  return Math.min(1, (Number(counted["images"]) * findImageTokens(baseId).expected) / Math.max(1, inputTokens));
}

async function countRows(engine: Engine, directory: string): Promise<Pick<RecordSummary, "rowCount" | "skippedCount">> {
  const records = quoteText(join(directory, recordFiles.records));
  const [counted] = await engine.rows(
    `SELECT count(*) AS rows, count(*) - count(record_id) AS skipped FROM read_parquet(${records})`,
  );
  return { rowCount: Number(counted?.["rows"]), skippedCount: Number(counted?.["skipped"]) };
}

/** The numbers of the lines to drop: of rows that repeat another, and of rows with no text. */
async function* readDroppedLines(engine: Engine, directory: string): AsyncGenerator<number> {
  const sql = `
    SELECT row FROM ${numberedRows(join(directory, recordFiles.records))} WHERE record_id IS NULL
    UNION ALL SELECT row FROM read_parquet(${quoteText(join(directory, recordFiles.duplicates))}) ORDER BY row`;
  for await (const [rows = []] of engine.chunks(sql)) {
    for (const row of rows) yield Number(row);
  }
}

/** The first rendered prompts, from the lines themselves: a prompt function is not called again. */
async function readSamples({
  engine,
  shape,
  directory,
}: Pick<RecordSource, "engine" | "shape" | "directory">): Promise<RecordSummary["samples"]> {
  const rows = await engine.rows(`SELECT row FROM (${sentSql(directory, undefined)}) ORDER BY row LIMIT 3`);
  const { readText } = bodySql(shape);
  const samples: { row: number; text: string }[] = [];
  const input = createReadStream(join(directory, recordFiles.lines), { encoding: "utf8" });
  try {
    for await (const lines of readManyLines(input as AsyncIterable<string>)) {
      for (const line of lines) {
        const row = rows[samples.length]?.["row"];
        if (row === undefined) return samples;
        samples.push({ row: Number(row), text: readText(readInputBody(line)) });
      }
    }
    return samples;
  } finally {
    input.destroy();
  }
}
