import { HalfpriceError } from "../../foundation/errors/index.ts";
import type { RunRequest } from "../plan/choose-model.ts";

/**
 * Stops what cannot be done part by part: what is not a list of files, and what looks at all rows together.
 * @throws BAD_OPTIONS with every problem
 */
export function refuseUnparted({ table, source, options }: RunRequest): void {
  const problems = [
    ...(source?.rows !== undefined || source?.query !== undefined || table === "-" || table.startsWith("run:")
      ? ["parts are of files: rows of a program, a query, standard input and the answers of a run have none"]
      : []),
    ...(options.limit !== undefined || options.sample !== undefined
      ? ["--limit and --sample take rows of a whole table; with parts name fewer files"]
      : []),
    ...(options.sql === undefined
      ? []
      : ["--sql asks a whole table; with parts use --select, or query the files before"]),
    ...(options.canary === undefined
      ? []
      : ["--canary does not go with parts: try a few rows first, with halfprice try"]),
    ...(options.pack === undefined ? [] : ["--pack does not go with parts"]),
  ];
  if (problems.length > 0) throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice run" });
}
