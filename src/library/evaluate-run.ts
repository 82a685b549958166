import { evaluateRun as evaluate } from "../eval/evaluate-run.ts";
import { defined } from "../foundation/defined.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import type { AskedTarget, Evaluation, Matching, MatchMode } from "../foundation/types/index.ts";
import { renewReport } from "../run/finish/report-run.ts";
import type { SessionOptions } from "./batch-options.ts";
import { inWorkspace } from "./library-session.ts";
import { refuseUnknownOptions } from "./option-names.ts";

/** What the answers of a run are compared with. */
export interface EvaluateOptions extends SessionOptions {
  /** A column with what is right, of `goldFile` where there is one, else of the run's table. */
  readonly gold?: string;
  /** A table with the gold column. */
  readonly goldFile?: string;
  /** A column that finds the row of the gold file, or of the other run. @defaultValue the order of the rows */
  readonly key?: string;
  /** The answer column; may be left out where there is one. */
  readonly answer?: string;
  /** Another run on the same rows: instead of gold, or compared by it in a paired test. */
  readonly against?: string;
  /** When an answer is right. @defaultValue "exact" */
  readonly match?: MatchMode;
  /** With `match: "number"`: how far an answer may be from gold. */
  readonly tolerance?: Matching["tolerance"];
  /** Figures that have to be so good, even at the low end of their interval: the evaluation says which are. */
  readonly atLeast?: readonly AskedTarget[];
  /** Where every row goes with gold, answer and whether it is right (.parquet, .csv, .jsonl). */
  readonly output?: string;
}

/**
 * Counts how good the answers of a run are: accuracy, F1, κ and more, each with its 95 % interval; two runs by a paired test. The run's report
 * has a section about it from then on.
 * @param wanted the run's id, the start of one, or its name
 * @throws UNKNOWN_RUN, AMBIGUOUS_RUN, NO_RESULTS, RUN_CLEANED, UNKNOWN_COLUMN, BAD_OPTIONS, NO_GOLD, and what reading a table throws
 */
export async function evaluateRun(wanted: string, options: EvaluateOptions): Promise<Evaluation> {
  const own = ["gold", "goldFile", "key", "answer", "against", "match", "tolerance", "atLeast", "output"];
  refuseUnknownOptions(options, own, "evaluateRun");
  const { gold, goldFile, key, answer, against, match = "exact", tolerance, atLeast = [], output } = options;
  if (tolerance !== undefined && match !== "number") {
    const problems = [`tolerance goes with match: "number", and not with "${match}"`];
    throw new HalfpriceError("BAD_OPTIONS", { problems, command: "evaluateRun" });
  }
  const matching = { mode: match, ...defined({ tolerance }) };
  const given = defined({ gold, goldFile, key, answer, against, output });
  return inWorkspace(options, async (config) => {
    const evaluation = await evaluate({ config }, { run: wanted, ...given, matching, atLeast });
    await renewReport({ config }, evaluation.runId);
    return evaluation;
  });
}
