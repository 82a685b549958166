/** The public API: what a spec file and a program import. */
export {
  type Config,
  type ConfigInput,
  parseRunOptions,
  type RunOptions,
  type RunOptionsInput,
  readConfig,
} from "./config/read-config.ts";
export { type ErrorCode, type ErrorDetails, HalfpriceError, isError } from "./foundation/errors/index.ts";
export type * from "./foundation/types/index.ts";
export type { JobLoad, JobProgress } from "./jobs/job-run.ts";
export {
  type BatchSpec,
  csv,
  defineBatch,
  fromRun,
  jsonl,
  parquet,
  type TableSource,
  tsv,
} from "./prompt/define-batch.ts";
export type { FunctionPrompt, Prompt, PromptSettings, TemplatePrompt, TextRow } from "./prompt/prompt.ts";
export { readRunLoad } from "./run/clients/read-load.ts";
export { exportRun, type FinishedRun } from "./run/finish/finish-run.ts";
export {
  checkOutputPath,
  checkRunOutput,
  checkRunPlan,
  countWithoutAnswer,
  needsPlace,
  recordOutput,
} from "./run/plan/check-run-plan.ts";
export type { RunRequest } from "./run/plan/choose-model.ts";
export { dropDraft, type PlannedRun, planRun } from "./run/plan/plan-run.ts";
export { type RequestInput, readRequest } from "./run/plan/read-request.ts";
export { checkSavedPlan, findSavedPlan, type SavedPlan, savePlan } from "./run/plan/saved-plan.ts";
export { parseRetryOptions, type RetryOptionsInput } from "./run/retry/parse-retry.ts";
export { dropRetry, isWorthwhile, planRetry, type RetryOptions, type RetryPlan } from "./run/retry/plan-retry.ts";
export { checkRetry, startRetry } from "./run/retry/start-retry.ts";
export { checkPlace, type PlaceCheckOptions } from "./run/start-and-resume/check-place.ts";
export { type JobView, viewJobs } from "./run/start-and-resume/job-view.ts";
export { approveCanary } from "./run/start-and-resume/pass-canary.ts";
export { type StartedRun, startRun } from "./run/start-and-resume/start-run.ts";
export { type WorkedRun, type WorkMode, workRun } from "./run/start-and-resume/work-run.ts";
export { type TriedRows, tryRows } from "./run/try/try-rows.ts";
export { makeLocalPlace } from "./setup/make-local-place.ts";
export { makeSetup, makeSetupTemplate } from "./setup/make-setup.ts";
export { type OpenedSetup, openSetup } from "./setup/set-up.ts";
export type { SetupRequest } from "./setup/setup-scope.ts";
export { type OpenedUndo, openUndo, type UndoStep } from "./setup/undo-setup.ts";
export { type CleanedRuns, cleanRuns } from "./workspace/clean-runs.ts";
export { type CleanPlan, planClean } from "./workspace/plan-clean.ts";
export { previewTable } from "./workspace/preview-table.ts";
export { queryResults } from "./workspace/query-results.ts";
export { makeSession, openWorkspace, type Session, type SessionHooks } from "./workspace/session.ts";
export { findRunRow, listRuns, type ShownRun, showRun } from "./workspace/show-run.ts";
export { type ListedRun, type OriginTotal, totalMoney } from "./workspace/total-money.ts";
