import { explain } from "../admin.ts";
import { type BatchRun, type ListedBatchRun, openRun, type RunDetails, type SessionOptions } from "../index.ts";
import type { RunAction, RunPage, RunView, WorkView } from "./views.ts";

/** A run in the list. */
export function toRunView(run: ListedBatchRun): RunView {
  const { id, name, state, createdAt, updatedAt, origin, model, rowCount, recordCount, outcomes = {}, money } = run;
  return {
    ...{ id, name, state, origin, model, rowCount, recordCount, outcomes, money },
    createdAt: createdAt.getTime(),
    updatedAt: updatedAt.getTime(),
  };
}

/** Everything about one run. @throws UNKNOWN_RUN, RUN_DAMAGED, RUN_CLEANED */
export async function makeRunPage(
  session: SessionOptions,
  listed: ListedBatchRun,
  work: WorkView | undefined,
): Promise<RunPage> {
  const run = await openRun(listed.id, session);
  const details = await run.details();
  return {
    run: toRunView(listed),
    details,
    causes: run.causes.map(({ outcome, message, count, explanation }) => {
      const found = explanation ?? explain(message);
      return {
        outcome,
        message,
        count,
        ...(found === undefined ? {} : { cause: found.cause, fix: nameRun(found.fix, run.id) }),
      };
    }),
    discrepancies: run.discrepancies,
    answerColumns: (details.profile?.answers ?? []).map(({ name }) => name).filter((name) => !/[.[]/.test(name)),
    actions: findActions(run, details),
    ...(work === undefined ? {} : { work }),
  };
}

const nameRun = (fix: string, id: string): string => fix.replaceAll(/\bRUN\b/g, id);

/** What can be done with a run as it is. */
function findActions({ id, state, origin }: BatchRun, { summary, profile }: RunDetails): readonly RunAction[] {
  const where = origin.kind === "local" ? " --local" : "";
  const command = (name: string, more = ""): string => `halfprice ${name} ${id}${where}${more}`;
  if (state !== "done" && state !== "stopped") {
    return [
      { name: "resume", label: "Resume", command: command("resume") },
      { name: "stop", label: "Stop", command: command("stop") },
      { name: "watch", label: "Watch in a terminal", command: command("watch") },
    ];
  }
  const isRetryable = (summary?.retry?.recordCount ?? 0) > 0;
  return [
    ...(isRetryable ? [{ name: "retry", label: "Retry", command: command("retry") } as const] : []),
    ...(profile === undefined
      ? []
      : [
          { name: "export", label: "Export", command: `halfprice export ${id} -o answers.csv` } as const,
          { name: "report", label: "Report", command: `halfprice report ${id} -o report.html` } as const,
        ]),
  ];
}
