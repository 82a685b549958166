import { refuseInputs } from "../../foundation/same-file.ts";
import type { Plan } from "../../foundation/types/index.ts";
import { findOwner } from "../../ledger/claim-run.ts";
import { findRun, recordOutputPath } from "../../ledger/runs.ts";
import { checkCost } from "../../plan/check-cost.ts";
import { checkPlan } from "../../plan/check-plan.ts";
import { checkDeadline } from "../../plan/deadline.ts";
import { checkWritable, findOutputFormat } from "../../results/export-table.ts";
import { runPaths } from "../../workspace/run-folder.ts";
import { openWorkspace, type Session, self } from "../../workspace/session.ts";
import { checkOutput } from "../../workspace/write-output.ts";
import type { RunRequest } from "./choose-model.ts";
import type { PlannedRun } from "./plan-run.ts";

/** Stops a plan that would fail or cost more than allowed. @throws TOO_FEW_RECORDS, PRICE_UNKNOWN, MAX_COST, DEADLINE */
export function checkRunPlan({ plan, run, caps }: PlannedRun, { table }: RunRequest): void {
  checkPlan(plan, table);
  checkDeadline(plan, run.createdAt);
  checkCost(plan.model.label, plan.costUsd?.high, caps);
}

/** Whether a plan has jobs, which need a bucket and a role. */
export function needsPlace({ lanes }: Plan): boolean {
  return lanes.some(({ lane }) => lane === "batch");
}

/**
 * Stops an output that could not be written, or that would replace what is read, before anything is paid.
 * @param inputs the files that are read, as far as they are known by name
 * @throws BAD_OUTPUT, OUTPUT_IS_INPUT
 */
export async function checkOutputPath(path: string, inputs: readonly string[] = []): Promise<void> {
  findOutputFormat(path);
  refuseInputs(path, inputs);
  checkWritable(path);
}

/**
 * Stops an output that the planned run may not write: one that is read, or that would lose rows or edits.
 * @throws BAD_OUTPUT, OUTPUT_IS_INPUT, OUTPUT_EXISTS
 */
export async function checkRunOutput(
  { config }: Session,
  { run, paths, unfinished }: PlannedRun,
  path: string,
): Promise<void> {
  checkOutput(run, unfinished === undefined ? paths : runPaths(config.workspace, unfinished.id), path);
}

/**
 * Where the table of a run that is joined goes, for whoever resumes it later. While another process works on the run, its own place
 * stays: each process writes its table to where it was told.
 */
export async function recordOutput({ config, nowMs }: Session, runId: string, path: string): Promise<void> {
  const ledger = await openWorkspace(config);
  try {
    // A run that has ended meanwhile has written its table elsewhere: whoever joins it writes this one.
    const isFree = (): boolean =>
      findOwner(ledger, runId, self, nowMs()) === undefined &&
      !/^(done|stopped)$/.test(findRun(ledger, runId)?.state ?? "");
    await recordOutputPath(ledger, runId, path, nowMs(), isFree);
  } finally {
    ledger.close();
  }
}
