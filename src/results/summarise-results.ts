import type { Engine } from "../engine/engine.ts";
import { quoteName, quoteText } from "../engine/sql.ts";
import { explainOutcome } from "../explanations/explain.ts";
import { hideSecrets } from "../foundation/secrets.ts";
import { type Cause, type Explanation, type Outcome, outcomes, type RunSummary } from "../foundation/types/index.ts";
import type { ResultColumns } from "./result-columns.ts";

/** The rows of a table by outcome, and why rows have no answer. */
export type CountedResults = Pick<RunSummary, "rowCount" | "outcomeCounts" | "causes">;

/** How many causes are told apart; the rest is in the table. */
const causeLimit = 20;

/** Counts a table of results: outcomes by row, reasons by what they say. */
export async function summariseResults(engine: Engine, file: string, { meta }: ResultColumns): Promise<CountedResults> {
  const table = `read_parquet(${quoteText(file)})`;
  const outcome = quoteName(meta.outcome);
  const error = quoteName(meta.error);
  const rows = await engine.rows(`SELECT ${outcome} AS outcome, count(*) AS count FROM ${table} GROUP BY 1`);
  const outcomeCounts = Object.fromEntries(outcomes.map((name) => [name, 0])) as Record<Outcome, number>;
  for (const { outcome: name, count } of rows) outcomeCounts[name as Outcome] = Number(count);
  // Numbers differ from record to record; the cause is what stays, and what one explanation covers is one cause.
  engine.registerTextFunction("halfprice_cause", 2, ([name, message]) => {
    const found = explainOutcome(name as Outcome, message ?? "");
    return found === undefined ? null : JSON.stringify(found);
  });
  const causes = await engine.rows(`
    WITH texts AS (
      SELECT ${outcome} AS outcome, any_value(${error}) AS message, count(*) AS count,
        regexp_replace(${error}, '[0-9]+', '#', 'g') AS words
      FROM ${table} WHERE ${outcome} NOT IN ('answered', 'skipped') GROUP BY ${outcome}, words
    ),
    explained AS (SELECT *, halfprice_cause(outcome, message) AS explanation FROM texts)
    SELECT outcome, arg_max(message, count) AS message, arg_max(explanation, count) AS explanation, sum(count) AS count
    FROM explained GROUP BY outcome, coalesce(regexp_replace(explanation, '[0-9]+', '#', 'g'), words)
    ORDER BY count DESC, message LIMIT ${causeLimit}`);
  return {
    rowCount: rows.reduce((sum, { count }) => sum + Number(count), 0),
    outcomeCounts,
    causes: causes.map(({ outcome: name, message, explanation, count }) => ({
      outcome: name as Outcome,
      message: hideSecrets(String(message)),
      count: Number(count),
      ...(typeof explanation === "string" ? { explanation: JSON.parse(explanation) as Explanation } : {}),
    })) satisfies Cause[],
  };
}
