import { quoteText } from "../../engine/sql.ts";
import { makeResultColumns } from "../../results/result-columns.ts";
import { findShape, restoreValue, type ValueShape } from "../../results/value-shape.ts";
import type { RunFile } from "../../workspace/run-file.ts";
import { type RunPaths, readRunFile } from "../../workspace/run-folder.ts";
import { openRunEngine } from "../../workspace/session.ts";
import type { ResultRow } from "./result-rows.ts";

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
