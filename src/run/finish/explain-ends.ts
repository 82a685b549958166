import { explainJob, nameRun } from "../../explanations/explain.ts";
import { defined } from "../../foundation/defined.ts";
import type { Cause, RunSummary } from "../../foundation/types/index.ts";
import type { ShardRow } from "../../ledger/shards.ts";

/** What the ends of a run's jobs mean that did not end well. @param lines what each job left */
export function explainEnds(
  shards: readonly ShardRow[],
  lines: readonly { readonly index: number; readonly lineCount: number }[],
  runId: string,
): Pick<RunSummary, "jobEnds"> {
  const jobEnds = shards.flatMap(({ index, attempt }) => {
    if (attempt?.status === undefined) return [];
    const { status, message, counts, jobName } = attempt;
    const hasOutput = (lines.find((each) => each.index === index)?.lineCount ?? 0) > 0;
    const found = explainJob({ status, message, counts, hasOutput });
    if (found === undefined) return [];
    const explanation = nameRun(found, runId);
    return [{ index, jobName, status, ...defined({ message }), explanation }];
  });
  return jobEnds.length === 0 ? {} : { jobEnds };
}

/** Causes with the run's id in the commands of their fixes. */
export function nameCauses(causes: readonly Cause[], runId: string): readonly Cause[] {
  return causes.map((cause) =>
    cause.explanation === undefined ? cause : { ...cause, explanation: nameRun(cause.explanation, runId) },
  );
}
