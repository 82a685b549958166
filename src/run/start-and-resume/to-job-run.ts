import type { JobRun } from "../../jobs/job-run.ts";
import type { RunFile } from "../../workspace/run-file.ts";
import { type RunPaths, readPlanFile } from "../../workspace/run-folder.ts";
import { needsPlace } from "../plan/check-run-plan.ts";

/** A run as its jobs need it. */
export function toJobRun(paths: RunPaths, run: RunFile): JobRun {
  const plan = readPlanFile(paths);
  const { bucket = "", prefix = "", roleArn = "", kmsKey, vpc } = run.place ?? {};
  if (bucket === "" && needsPlace(plan)) {
    throw new Error(`the run ${run.id} has jobs, but ${paths.runFile} has no place for them`);
  }
  return {
    runId: run.id,
    name: run.name,
    directory: paths.directory,
    bucket,
    prefix,
    roleArn,
    kmsKey,
    vpc,
    accountId: run.origin.accountId,
    modelId: run.model.invokeId,
    baseModelId: run.model.baseId,
    invocation: run.invocation,
    timeoutHours: run.timeoutHours,
    tags: run.tags,
    maxJobsInFlight: plan.limits.maxJobsInFlight,
  };
}
