import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Cell } from "../../engine/engine.ts";
import { quoteText } from "../../engine/sql.ts";
import type { Outcome } from "../../foundation/types/index.ts";
import { readBodies } from "../../results/read-bodies.ts";
import { makeResultColumns } from "../../results/result-columns.ts";
import { findShape, restoreValue, type ValueShape } from "../../results/value-shape.ts";
import { findAnswerFiles } from "../../run/finish/join-run.ts";
import type { RunFile } from "../../workspace/run-file.ts";
import { type RunPaths, readRunFile } from "../../workspace/run-folder.ts";
import { openRunEngine } from "../../workspace/session.ts";
import type { ShownRun } from "../../workspace/show-run.ts";
import type { ResultRow } from "./result-rows.ts";

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

/** The rows of a run's table in the input's order. */
export async function* readRows<Row extends object, Output>(
  paths: RunPaths,
): AsyncGenerator<ResultRow<Row, Output>, void, undefined> {
  const { engine, close } = await openRunEngine(paths);
  try {
    const relation = `read_parquet(${quoteText(paths.results)})`;
    const described = await engine.rows(`DESCRIBE SELECT * FROM ${relation}`);
    const shapes = readShapes(readRunFile(paths));
    const columns = described.map((each) => {
      const name = String(each["column_name"]);
      return { name, shape: shapes.get(name) };
    });
    for await (const cells of engine.chunks(`SELECT * FROM ${relation}`)) {
      for (let at = 0; at < (cells[0]?.length ?? 0); at += 1) {
        const values = columns.map(({ name, shape }, index) => {
          const cell = cells[index]?.[at] ?? null;
          return [name, shape === undefined ? cell : restoreValue(cell, shape)];
        });
        yield Object.fromEntries(values) as ResultRow<Row, Output>;
      }
    }
  } finally {
    close();
  }
}

/** The rows of a run's table with the whole body of each answer, in no order. */
export async function* readAnswers(
  paths: RunPaths,
  shards: ShownRun["shards"],
  columns: readonly string[],
): AsyncGenerator<RowAnswer, void, undefined> {
  const run = readRunFile(paths);
  const { meta } = makeResultColumns(run.output, run.answerPrefix, run.answer);
  const { engine, close } = await openRunEngine(paths);
  const copies = join(paths.work, `bodies-${process.pid}-${Date.now()}`);
  mkdirSync(copies, { recursive: true });
  try {
    const files = findAnswerFiles(paths.directory, shards);
    const copyOf = (_: string, index: number): string => join(copies, `${index}.jsonl`);
    const chunks = readBodies({ engine, results: paths.results, meta, files, columns, copyOf });
    for await (const chunk of chunks) {
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
    rmSync(copies, { recursive: true, force: true });
  }
}

/** The shapes of the answer's fields, by column. */
function readShapes(run: RunFile): ReadonlyMap<string, ValueShape> {
  const { output } = run;
  if (output === undefined) return new Map();
  const properties = (output["properties"] ?? {}) as Readonly<Record<string, unknown>>;
  const { fields } = makeResultColumns(output, run.answerPrefix, run.answer);
  return new Map(
    fields.flatMap(({ column, member }) =>
      member === undefined ? [] : [[column, findShape(properties[member], output)] as const],
    ),
  );
}
