import { createReadStream, createWriteStream, existsSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Engine } from "../engine/engine.ts";
import { linesOf, numberedRows, quoteText, writeOptions } from "../engine/sql.ts";
import { commitFile, syncFile } from "../foundation/commit-file.ts";
import type { RecordSummary } from "../foundation/types/index.ts";
import { dropLines } from "../lines/drop-lines.ts";
import { inputIdSql } from "../lines/line-format.ts";
import { measureSent } from "./measure-sent.ts";
import { recordFiles } from "./record-files.ts";

/**
 * Records that a run does not send: record_id, and the reason: `earlier`, an earlier run has its answer; `awaited`, another run
 * has it in flight; `canary`, it was asked before the rest.
 */
export const excludedFile = "unsent.parquet";

/** The lines of what is asked before the rest. */
export const canaryLines = "canary.jsonl";

/**
 * Takes records out of what is sent. Their lines leave the file, but for awaited ones, which go behind all others, where no
 * shard reaches and a retry finds them. Done again with more records, it takes those out as well.
 * @param records a relation with record_id and reason
 * @returns the summary of what is still sent
 */
export async function excludeRecords(
  engine: Engine,
  directory: string,
  summary: RecordSummary,
  records: string,
): Promise<RecordSummary> {
  const path = (name: string): string => join(directory, name);
  const read = (name: string): string => `read_parquet(${quoteText(path(name))})`;
  const hasOld = existsSync(path(excludedFile));
  const old = hasOld ? read(excludedFile) : "(SELECT NULL::VARCHAR AS record_id, NULL::VARCHAR AS reason WHERE false)";
  const lines = path(recordFiles.lines);
  const awaited = path("awaited.jsonl");
  const canary = path(canaryLines);
  await engine.run(`
    CREATE OR REPLACE TEMP TABLE taken_out AS
      SELECT record_id, min(reason) AS reason FROM ${records} WHERE record_id NOT IN (SELECT record_id FROM ${old}) GROUP BY 1`);
  await engine.run(`
    COPY (
      SELECT line FROM ${linesOf([lines])} WHERE ${inputIdSql()} IN (
        SELECT record_id FROM taken_out WHERE reason = 'awaited')
    ) TO ${quoteText(awaited)} (${writeOptions.lines})`);
  await engine.run(`
    COPY (
      SELECT line FROM ${linesOf([lines])} WHERE ${inputIdSql()} IN (
        SELECT record_id FROM taken_out WHERE reason = 'canary')
    ) TO ${quoteText(`${canary}.tmp`)} (${writeOptions.lines})`);
  if (statSync(`${canary}.tmp`).size > 0) commitFile(canary);
  else rmSync(`${canary}.tmp`);
  const sent = `
    SELECT record_id, row_number() OVER (ORDER BY row) - 1 AS line FROM ${numberedRows(join(directory, recordFiles.records))}
    WHERE record_id IS NOT NULL AND row NOT IN (SELECT row FROM ${read(recordFiles.duplicates)})
      AND record_id NOT IN (SELECT record_id FROM ${old})`;
  await dropLines(
    lines,
    readNumbers(
      engine,
      `
    SELECT line FROM (${sent}) WHERE record_id IN (SELECT record_id FROM taken_out) ORDER BY line`,
    ),
  );
  await pipeline(createReadStream(awaited), createWriteStream(lines, { flags: "a" }));
  syncFile(path(recordFiles.lines));
  rmSync(awaited);
  await engine.run(`
    COPY (SELECT record_id, reason FROM ${old} UNION ALL SELECT record_id, reason FROM taken_out) TO ${quoteText(path(`${excludedFile}.tmp`))} (${writeOptions.parquet})`);
  commitFile(path(excludedFile));
  await engine.run("DROP TABLE taken_out");
  return { ...summary, ...(await measureSent(engine, directory, read(excludedFile))) };
}

/**
 * Takes records out of the canary that turn out to be answered (the engine's table `earlier`) or in flight elsewhere (`awaited`):
 * they get those reasons, and their lines leave the canary's file; those of awaited ones go to the end of the others, where a
 * retry finds them.
 */
export async function leaveCanary(engine: Engine, directory: string): Promise<void> {
  const path = (name: string): string => join(directory, name);
  const excluded = `read_parquet(${quoteText(path(excludedFile))})`;
  const canary = path(canaryLines);
  await engine.run(`
    CREATE OR REPLACE TEMP TABLE left_canary AS
      SELECT record_id, CASE WHEN record_id IN (SELECT record_id FROM earlier) THEN 'earlier' ELSE 'awaited' END AS reason
      FROM ${excluded} WHERE reason = 'canary'
        AND (record_id IN (SELECT record_id FROM earlier) OR record_id IN (SELECT record_id FROM awaited))`);
  const idOf = inputIdSql();
  const write = (where: string, target: string): Promise<unknown> =>
    engine.run(
      `COPY (SELECT line FROM ${linesOf([canary])} WHERE ${where}) TO ${quoteText(target)} (${writeOptions.lines})`,
    );
  const awaited = path("awaited.jsonl");
  await write(`${idOf} IN (SELECT record_id FROM left_canary WHERE reason = 'awaited')`, awaited);
  await write(`${idOf} NOT IN (SELECT record_id FROM left_canary)`, `${canary}.tmp`);
  await pipeline(createReadStream(awaited), createWriteStream(path(recordFiles.lines), { flags: "a" }));
  syncFile(path(recordFiles.lines));
  rmSync(awaited);
  commitFile(canary);
  await engine.run(`
    COPY (
      SELECT record_id, coalesce(l.reason, u.reason) AS reason FROM ${excluded} u LEFT JOIN left_canary l USING (record_id)
    ) TO ${quoteText(path(`${excludedFile}.tmp`))} (${writeOptions.parquet})`);
  commitFile(path(excludedFile));
  await engine.run("DROP TABLE left_canary");
}

async function* readNumbers(engine: Engine, sql: string): AsyncGenerator<number> {
  for await (const [numbers = []] of engine.chunks(sql)) {
    for (const number of numbers) yield Number(number);
  }
}
