import { syncTree } from "../../foundation/commit-file.ts";
import { findUnfinishedRun, type RunRow, recordRun } from "../../ledger/runs.ts";
import { checkSpending } from "../../workspace/check-spending.ts";
import { filesOf } from "../../workspace/files/shared-workspace.ts";
import { writeRunFile } from "../../workspace/run-folder.ts";
import { findEndpoint, openWorkspace, type Session } from "../../workspace/session.ts";
import { checkOutput } from "../../workspace/write-output.ts";
import { dropDraft, type PlannedRun } from "../plan/plan-run.ts";
import { findPlace, makeNewRun, type StartedRun } from "../start-and-resume/start-run.ts";
import { isFolder } from "./write-folder.ts";

/**
 * Begins a run in parts: it goes into the ledger, and from here on anybody can prepare and join its parts. Nothing is sent yet. Where the
 * same run has begun since the plan was made, that one is joined.
 * @throws DISK; BAD_OUTPUT, OUTPUT_IS_INPUT, OUTPUT_EXISTS; NO_BUCKET; MAX_COST where another process has begun something in the meantime
 */
export async function startParts(
  session: Session,
  planned: PlannedRun,
  outputPath: string | undefined,
): Promise<StartedRun> {
  const { config } = session;
  const { plan, paths } = planned;
  if (outputPath !== undefined && !isFolder(outputPath)) checkOutput(planned.run, paths, outputPath);
  const place = findPlace(session, plan);
  const endpointUrl = findEndpoint(session, planned.run.origin.kind);
  const run = {
    ...planned.run,
    ...(endpointUrl === undefined ? {} : { endpointUrl }),
    ...(place === undefined ? {} : { place }),
  };
  writeRunFile(paths, run);
  syncTree(paths.directory);
  await filesOf(config.workspace).publish(`runs/${run.id}`);
  const ledger = await openWorkspace(config);
  try {
    const bar = await recordRun(ledger, makeNewRun({ run, plan }, outputPath), (): RunRow | undefined => {
      const same = findUnfinishedRun(ledger, run.fingerprint);
      if (same === undefined) checkSpending(config.workspace, ledger, run, plan.costUsd?.high);
      return same;
    });
    if (bar === undefined) return { runId: run.id, planned: { ...planned, run }, joined: undefined };
    dropDraft(planned);
    await filesOf(config.workspace).remove(`runs/${run.id}`);
    return { runId: bar.id, planned, joined: bar };
  } finally {
    ledger.close();
  }
}
