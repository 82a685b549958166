import { rmSync } from "node:fs";
import { join } from "node:path";
import { type FrozenTable, freezeTable } from "../../dataset/freeze-table.ts";
import type { Engine } from "../../engine/engine.ts";
import { defined } from "../../foundation/defined.ts";
import type { ModelParameters } from "../../foundation/types/index.ts";
import { makeAnswerCheck } from "../../results/check-answer.ts";
import { type AnswerKind, checkCollisions, makeResultColumns } from "../../results/result-columns.ts";
import type { ParentRun } from "../../workspace/parent-run.ts";
import { checkRaw } from "./check-raw.ts";
import { toAnswerKind } from "./choose-model.ts";
import { openInput, toTableInput } from "./open-input.ts";
import type { ModelContext } from "./plan-context.ts";

/** The table as it is taken, and what of the request depends on it. */
export interface FrozenInput {
  readonly frozen: FrozenTable;
  /** The files on this disk that were read for it; none where it was made or fetched for this run. */
  readonly sourceFiles: readonly string[];
  /** What the paths of pictures and documents are relative to: a folder, or `s3://bucket/folder`. */
  readonly mediaBase: string;
  /** The run whose results are the table. */
  readonly parent: ParentRun | undefined;
  readonly parameters: ModelParameters;
  /** What comes back, for the columns of the results. */
  readonly answer: AnswerKind;
}

/**
 * Takes the table into the draft's folder, and checks ready bodies, names of columns and the answer's schema against it.
 * @throws what openInput, freezeTable and checkRaw throw; COLUMN_COLLISION, BAD_SCHEMA
 */
export async function freezeInput(
  { session, request, origin, chosen, paths }: ModelContext,
  engine: Engine,
): Promise<FrozenInput> {
  const { prompt, options } = request;
  session.onStep(`reading ${request.table}`);
  const opened = await openInput(session, engine, request, origin, paths.directory);
  const { path, parent, temporary, mediaBase, files, pathColumns } = opened;
  const known = defined({ columns: request.source?.columns });
  const listed = { ...(files === undefined ? {} : { files }), ...(pathColumns === undefined ? {} : { pathColumns }) };
  const frozen = await freezeTable(engine, { ...toTableInput(path, options), ...listed, ...known }, paths.directory);
  rmSync(join(paths.directory, "source"), { recursive: true, force: true });
  const parameters = await checkRaw(engine, frozen.table, request, chosen);
  const answer = toAnswerKind({ ...chosen, parameters }, prompt);
  const { output } = prompt.settings;
  checkCollisions(frozen.table.columns, makeResultColumns(output, options.answerPrefix, answer));
  if (output !== undefined) makeAnswerCheck(output, prompt.source);
  const own = files?.filter((each) => each.path === each.shown).map((each) => each.path);
  const sourceFiles = temporary === undefined ? (own ?? frozen.sourceFiles) : [];
  return { frozen, sourceFiles, mediaBase, parent, parameters, answer };
}
