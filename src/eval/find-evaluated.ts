import { HalfpriceError } from "../foundation/errors/index.ts";
import { isAsked, makeResultColumns } from "../results/result-columns.ts";
import { needTable } from "../workspace/fetch-run.ts";
import { type RunPaths } from "../workspace/run-folder.ts";
import type { Session } from "../workspace/session.ts";
import { type ShownRun, showRun } from "../workspace/show-run.ts";
import type { EvaluatedTable } from "./pairs.ts";

/** A run whose answers are looked at. */
export interface Evaluated {
  readonly id: string;
  readonly paths: RunPaths;
  readonly table: EvaluatedTable;
  readonly answer: string;
}

const refuse = (problem: string): never => {
  throw new HalfpriceError("BAD_OPTIONS", { problems: [problem], command: "halfprice eval" });
};

/**
 * Finds a run that has ended, and the answer column that is meant.
 * @param preferred the answer column where there are several and none was asked for
 * @throws UNKNOWN_RUN, AMBIGUOUS_RUN, NO_RESULTS, RUN_CLEANED, BAD_OPTIONS
 */
export async function findEvaluated(
  session: Pick<Session, "config">,
  wanted: string,
  asked: string | undefined,
  preferred?: string,
): Promise<Evaluated> {
  const { row, run, paths }: ShownRun = await showRun(session, wanted);
  if (row.summary === undefined) throw new HalfpriceError("NO_RESULTS", { runId: row.id, state: row.state });
  await needTable(paths);
  const columns = makeResultColumns(run.output, run.answerPrefix, run.answer);
  const names = columns.fields.filter((field) => isAsked(field) && field.part !== "vector").map(({ column }) => column);
  const answer =
    asked ??
    (preferred !== undefined && names.includes(preferred) ? preferred : names.length === 1 ? names[0] : undefined);
  if (answer === undefined)
    return refuse(
      names.length === 0
        ? `the answers of the run ${row.id} are vectors, which no label can be compared with`
        : `the run ${row.id} has several answer columns; name one of them with --answer: ${names.join(", ")}`,
    );
  return { id: row.id, paths, table: { path: paths.results, columns }, answer };
}
