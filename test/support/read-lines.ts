import { join } from "node:path";
import type { Cell } from "../../src/engine/engine.ts";
import type { JsonSchema } from "../../src/foundation/types/index.ts";
import type { AnswerShape } from "../../src/models/family.ts";
import { makeAnswerCheck } from "../../src/results/check-answer.ts";
import { readAnswers, registerCheck } from "../../src/results/read-answers.ts";
import { type AnswerKind, makeResultColumns } from "../../src/results/result-columns.ts";
import { openTestEngine } from "./engine.ts";
import { makeFolder, writeFile } from "./folder.ts";

/** Reads lines of a job's output as a run does, through Parquet and back. */
export async function readOutputLines(
  shape: AnswerShape,
  lines: readonly string[],
  { output, kind = {} }: { output?: JsonSchema; kind?: AnswerKind } = {},
): Promise<Record<string, Cell>[]> {
  const folder = makeFolder();
  const engine = await openTestEngine(folder);
  const { fields } = makeResultColumns(output, "", kind);
  const check = output === undefined ? undefined : makeAnswerCheck(output, "test");
  const reader = { engine, shape, fields, check };
  registerCheck(reader);
  await readAnswers(reader, [writeFile(folder, "a.jsonl.out", lines.map((line) => `${line}\n`).join(""))], "answers");
  const target = join(folder, "answers.parquet");
  await engine.run(`COPY answers TO '${target}' (FORMAT parquet)`);
  return engine.rows(`SELECT * FROM read_parquet('${target}') ORDER BY record_id`);
}
