import { evaluateRun as evaluate } from "../eval/evaluate-run.ts";
import type { Matching, MatchMode } from "../eval/match.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import type { Evaluation } from "../foundation/types/index.ts";
import { refuseUnknownOptions, type SessionOptions } from "./batch-options.ts";
import { readLibraryConfig } from "./library-session.ts";

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
}

/**
 * Counts how good the answers of a run are: accuracy, F1, κ and more, each with its 95 % interval; two runs by a paired test.
 * @param wanted the run's id, the start of one, or its name
 * @throws UNKNOWN_RUN, AMBIGUOUS_RUN, NO_RESULTS, RUN_CLEANED, UNKNOWN_COLUMN, BAD_OPTIONS, NO_GOLD, and what reading a table throws
 */
export async function evaluateRun(wanted: string, options: EvaluateOptions): Promise<Evaluation> {
  const own = ["gold", "goldFile", "key", "answer", "against", "match", "tolerance"];
  refuseUnknownOptions(options, own, "evaluateRun");
  const { gold, goldFile, key, answer, against, match = "exact", tolerance } = options;
  if (tolerance !== undefined && match !== "number") {
    const problems = [`tolerance goes with match: "number", and not with "${match}"`];
    throw new HalfpriceError("BAD_OPTIONS", { problems, command: "evaluateRun" });
  }
  const config = await readLibraryConfig(options);
  return evaluate(
    { config },
    {
      run: wanted,
      ...(gold === undefined ? {} : { gold }),
      ...(goldFile === undefined ? {} : { goldFile }),
      ...(key === undefined ? {} : { key }),
      ...(answer === undefined ? {} : { answer }),
      ...(against === undefined ? {} : { against }),
      matching: { mode: match, ...(tolerance === undefined ? {} : { tolerance }) },
      atLeast: [],
    },
  );
}
