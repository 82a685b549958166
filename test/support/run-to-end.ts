import { join } from "node:path";
import { type Cell, openEngine } from "../../src/engine/engine.ts";
import { quoteText } from "../../src/engine/sql.ts";
import { parseRunOptions, type RunOptions } from "../../src/foundation/options/run-options.ts";
import { type FinishedRun } from "../../src/run/finish/finish-run.ts";
import { checkRunPlan } from "../../src/run/plan/check-run-plan.ts";
import { planRun } from "../../src/run/plan/plan-run.ts";
import { type RequestInput, readRequest } from "../../src/run/plan/read-request.ts";
import { driveRun } from "../../src/run/start-and-resume/drive-run.ts";
import { startRun } from "../../src/run/start-and-resume/start-run.ts";
import { type Session } from "../../src/workspace/session.ts";

/** Plans, promotes and follows a run to its end. */
export async function runToEnd(
  session: Session,
  input: RequestInput,
  options: Partial<RunOptions> = {},
): Promise<FinishedRun> {
  const request = await readRequest(input, { ...parseRunOptions({}, "test"), ...options });
  const planned = await planRun(session, request);
  checkRunPlan(planned, request);
  const { runId } = await startRun(session, planned, undefined);
  const { finished } = await driveRun(session, runId, "follow");
  if (finished === undefined) throw new Error("the run did not end");
  checkEstimate(finished);
  return finished;
}

/** On every table of every test: what was counted lies in the interval that the plan gave. */
function checkEstimate({ plan, summary: { money, usageSource, outcomeCounts } }: FinishedRun): void {
  const { error, missing } = outcomeCounts;
  if (usageSource === "none" || error + missing > 0) return;
  const sent = (money?.parts ?? []).filter(({ kind }) => kind === "batch" || kind === "on_demand");
  const sum = (name: "inputTokens" | "outputTokens"): number =>
    sent.reduce((total, { usage }) => total + usage[name], 0);
  const usage = { inputTokens: sum("inputTokens"), outputTokens: sum("outputTokens") };
  for (const name of ["inputTokens", "outputTokens"] as const) {
    const { low, high } = plan[name];
    if (usage[name] >= low && usage[name] <= high) continue;
    throw new Error(`${usage[name]} ${name} were counted; the plan said ${low} to ${high}`);
  }
}

/** Rows of a query over a run's table, which it calls `results`. */
export async function readResults(
  { paths }: FinishedRun,
  query = "SELECT * FROM results",
): Promise<Record<string, Cell>[]> {
  const engine = await openEngine({ tempDirectory: join(paths.directory, "spill") });
  try {
    await engine.run(`CREATE VIEW results AS SELECT * FROM read_parquet(${quoteText(paths.results)})`);
    return await engine.rows(query);
  } finally {
    engine.close();
  }
}
