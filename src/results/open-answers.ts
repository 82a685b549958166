import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../engine/engine.ts";
import { numberedRows, quoteText } from "../engine/sql.ts";
import { partitionLines } from "../lines/partition-lines.ts";
import { makeReadable } from "../lines/readable-output.ts";
import { RecordParts } from "../lines/record-parts.ts";
import type { Part } from "./cut-parts.ts";

/** The output files of a part, until they are given back. */
export interface PartAnswers {
  readonly files: readonly string[];
  readonly remove: () => void;
}

/**
 * Finds the output of each part. The service shuffles its lines: where a shard has several parts, its lines are dealt out to
 * a file for each of them, when the first of them is asked for.
 * @param folder for those files
 */
export function openAnswers(
  engine: Engine,
  { recordsFile, duplicatesFile }: { recordsFile: string; duplicatesFile: string },
  folder: string,
): (part: Part) => Promise<PartAnswers> {
  const dealt = new Map<number, Promise<void>>();
  const pathOf = (shard: number, index: number): string => join(folder, `output-${shard}-${index}.jsonl`);
  const deal = async ({ joined: { shard, files }, count, rowsEach }: Part): Promise<void> => {
    const partOf = new RecordParts(shard.toRow - shard.fromRow);
    const range = `row >= ${shard.fromRow} AND row < ${shard.toRow}`;
    // A record with several rows is in the part of its first.
    const rows = engine.chunks(`
      SELECT record_id, ((row - ${shard.fromRow}) // ${rowsEach})::INTEGER FROM ${numberedRows(recordsFile)}
      WHERE ${range} AND record_id IS NOT NULL
        AND row NOT IN (SELECT row FROM read_parquet(${quoteText(duplicatesFile)}) WHERE ${range})`);
    for await (const [ids = [], parts = []] of rows) {
      for (const [at, id] of ids.entries()) partOf.add(String(id), Number(parts[at]));
    }
    const targets = Array.from({ length: count }, (_, index) => pathOf(shard.index, index));
    const readable = await Promise.all(files.map((file) => makeReadable(file, `${file}.readable`)));
    await partitionLines(readable, targets, partOf);
    for (const file of files) rmSync(`${file}.readable`, { force: true });
  };
  return async (part) => {
    const { shard, files } = part.joined;
    if (part.count === 1 || files.length === 0) return { files, remove: () => undefined };
    const dealing = dealt.get(shard.index) ?? deal(part);
    dealt.set(shard.index, dealing);
    await dealing;
    const path = pathOf(shard.index, part.index);
    // The engine's reader refuses a file without a line.
    return { files: statSync(path).size > 0 ? [path] : [], remove: () => rmSync(path, { force: true }) };
  };
}
