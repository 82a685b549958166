import type { Clients, JobRun } from "../../jobs/job-run.ts";
import { readPlanFile, readRunFile, runPaths } from "../../workspace/run-folder.ts";
import type { Session } from "../../workspace/session.ts";
import { keepDeadline } from "./keep-deadline.ts";

interface Watched {
  readonly session: Session;
  readonly clients: Clients;
  readonly jobRun: JobRun;
}

/** Moves what is stuck of a run on demand when it is time, for who watches it. @returns what does so, and says whether something was moved */
export function makeMover({ session, clients, jobRun }: Watched, mayMove: () => boolean): () => Promise<boolean> {
  const { workspace } = session.config;
  const paths = runPaths(workspace, jobRun.runId);
  let said = "";
  return async () => {
    if (!mayMove()) return false;
    const files = { run: readRunFile(paths), plan: readPlanFile(paths) };
    const { movedCount, stoppedCount, refusal } = await keepDeadline(workspace, files, jobRun, clients);
    if (movedCount + stoppedCount > 0)
      session.onStep(`to be in time, ${movedCount} records go on demand and ${stoppedCount} jobs are stopped`);
    if (refusal !== undefined && refusal.message !== said) {
      said = refusal.message;
      session.onStep(`not everything that is stuck goes on demand: ${said}`);
    }
    return movedCount > 0;
  };
}
