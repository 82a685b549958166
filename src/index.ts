/** The public API: what a spec file and a program import. */
export {
  type Config,
  type ConfigInput,
  parseRunOptions,
  type RunOptions,
  type RunOptionsInput,
  readConfig,
} from "./config.ts";
export { type ErrorCode, type ErrorDetails, HalfpriceError } from "./errors.ts";
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
export { checkPlace, type PlaceCheckOptions } from "./run/check-place.ts";
export {
  checkOutputPath,
  checkRunOutput,
  checkRunPlan,
  countWithoutAnswer,
  needsPlace,
  recordOutput,
} from "./run/check-run-plan.ts";
export type { RunRequest } from "./run/choose-model.ts";
export { type CleanedRuns, cleanRuns } from "./run/clean-runs.ts";
export { exportRun, type FinishedRun } from "./run/finish-run.ts";
export { type JobView, viewJobs } from "./run/job-view.ts";
export { makeLocalPlace } from "./run/make-local-place.ts";
export { makeSetup, makeSetupTemplate } from "./run/make-setup.ts";
export { parseRetryOptions, type RetryOptionsInput } from "./run/parse-retry.ts";
export { approveCanary } from "./run/pass-canary.ts";
export { type CleanPlan, planClean } from "./run/plan-clean.ts";
export { dropRetry, isWorthwhile, planRetry, type RetryOptions, type RetryPlan } from "./run/plan-retry.ts";
export { dropDraft, type PlannedRun, planRun } from "./run/plan-run.ts";
export { previewTable } from "./run/preview-table.ts";
export { queryResults } from "./run/query-results.ts";
export { readRunLoad } from "./run/read-load.ts";
export { type RequestInput, readRequest } from "./run/read-request.ts";
export { checkSavedPlan, findSavedPlan, type SavedPlan, savePlan } from "./run/saved-plan.ts";
export { makeSession, openWorkspace, type Session, type SessionHooks } from "./run/session.ts";
export { type OpenedSetup, openSetup } from "./run/set-up.ts";
export type { SetupRequest } from "./run/setup-scope.ts";
export { findRunRow, listRuns, type ShownRun, showRun } from "./run/show-run.ts";
export { checkRetry, startRetry } from "./run/start-retry.ts";
export { type StartedRun, startRun } from "./run/start-run.ts";
export { type ListedRun, type OriginTotal, totalMoney } from "./run/total-money.ts";
export { type TriedRows, tryRows } from "./run/try-rows.ts";
export { type OpenedUndo, openUndo, type UndoStep } from "./run/undo-setup.ts";
export { type WorkedRun, type WorkMode, workRun } from "./run/work-run.ts";
export type * from "./types.ts";
