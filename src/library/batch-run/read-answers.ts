import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Cell } from "../../engine/engine.ts";
import type { Outcome } from "../../foundation/types/index.ts";
import { readLineBlocks } from "../../lines/read-lines.ts";
import { type BodySource, readBodies, writeBodies } from "../../results/read-bodies.ts";
import { makeResultColumns } from "../../results/result-columns.ts";
import { findAnswerFiles } from "../../run/finish/join-run.ts";
import { type RunPaths, readRunFile } from "../../workspace/run-folder.ts";
import { openRunEngine } from "../../workspace/session.ts";
import type { ShownRun } from "../../workspace/show-run.ts";

/** A row with the answer as the service wrote it. */
export interface RowAnswer {
  /** The columns of the input that were asked for. */
  readonly cells: Readonly<Record<string, Cell>>;
  /** The name of the request. */
  readonly recordId: string;
  readonly outcome: Outcome;
  /** Why there is no good answer. */
  readonly error: string | null;
  /** The answer's body as JSON text, in the model's own form or Converse's; absent where the service gave none. */
  readonly body?: string;
}

/** The rows of a run's table with the whole body of each answer, in no order. */
export async function* readAnswers(
  paths: RunPaths,
  shards: ShownRun["shards"],
  columns: readonly string[],
): AsyncGenerator<RowAnswer, void, undefined> {
  const { source, close, remove } = await openBodies(paths, shards, columns);
  try {
    for await (const chunk of readBodies(source)) {
      for (let at = 0; at < (chunk[0]?.length ?? 0); at += 1) {
        const cells = chunk.map((column) => column[at] ?? null);
        const [recordId, outcome, error, body] = cells.slice(columns.length);
        yield {
          cells: Object.fromEntries(columns.map((name, index) => [name, cells[index] ?? null])),
          recordId: String(recordId),
          outcome: outcome as Outcome,
          error: error === null || error === undefined ? null : String(error),
          ...(typeof body === "string" ? { body } : {}),
        };
      }
    }
  } finally {
    close();
    remove();
  }
}

/** The same as JSON Lines, in blocks of whole lines. @param where a condition on the columns of the table */
export async function* readAnswerLines(
  paths: RunPaths,
  shards: ShownRun["shards"],
  columns: readonly string[],
  where?: string,
): AsyncGenerator<Buffer, void, undefined> {
  const { source, folder, close, remove } = await openBodies(paths, shards, columns, where);
  try {
    const written = join(folder, "answers.jsonl");
    await writeBodies(source, written).finally(close);
    yield* readLineBlocks(written);
  } finally {
    remove();
  }
}

/** Opens what a run's answers are read from. @returns also a folder for as long as they are read */
async function openBodies(
  paths: RunPaths,
  shards: ShownRun["shards"],
  columns: readonly string[],
  where?: string,
): Promise<{
  readonly source: BodySource;
  readonly folder: string;
  readonly close: () => void;
  readonly remove: () => void;
}> {
  const run = readRunFile(paths);
  const { meta } = makeResultColumns(run.output, run.answerPrefix, run.answer);
  const folder = join(paths.work, `bodies-${randomUUID()}`);
  const { engine, close } = await openRunEngine(paths);
  mkdirSync(folder, { recursive: true });
  const files = findAnswerFiles(paths.directory, shards);
  const copyOf = (_: string, index: number): string => join(folder, `${index}.jsonl`);
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  return { source: { engine, results: paths.results, meta, files, columns, where, copyOf }, folder, close, remove };
}
