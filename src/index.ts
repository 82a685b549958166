/** The public API: declare a batch, plan it, run it, read its rows. `halfprice/admin` has what surrounds runs. */
export type { AwsCredentials, AwsOptions } from "./aws/connection.ts";
export type { Cell } from "./engine/engine.ts";
export { type ErrorCode, type ErrorDetails, HalfpriceError, isError } from "./foundation/errors/index.ts";
export type {
  Cause,
  Estimate,
  Evaluation,
  Explanation,
  Lane,
  Origin,
  Outcome,
  PackDecision,
  PackPlan,
  PackTrial,
  PartsPlan,
  Plan,
  RunSummary,
  TableProfile,
  Usage,
  Way,
} from "./foundation/types/index.ts";
export type {
  BatchOptions,
  CheckResult,
  PlanBatchOptions,
  RunBatchOptions,
  SessionOptions,
  TableDialect,
} from "./library/batch-options.ts";
export type { BatchPlan, PlannedJob } from "./library/batch-plan.ts";
export type { BatchMoney } from "./library/batch-run/batch-money.ts";
export type { BatchRun, ExportOptions, RunJob } from "./library/batch-run/batch-run.ts";
export type { RunLabels } from "./library/batch-run/label-run.ts";
export type { RowAnswer } from "./library/batch-run/read-answers.ts";
export type { AnswerOf, ResultRow, RowMeta } from "./library/batch-run/result-rows.ts";
export type { DetailedJob, RunDetails } from "./library/batch-run/run-details.ts";
export type { RunWork } from "./library/batch-run/run-work.ts";
export type { BegunRun } from "./library/begin-run.ts";
export type { ComparedCandidate, ComparisonPlan, ModelComparison, RouteName } from "./library/compare/types.ts";
export { type CompareOptions, compareModels } from "./library/compare-models.ts";
export { type EvaluateOptions, evaluateRun } from "./library/evaluate-run.ts";
export { type JudgedRuns, type JudgeOptions, judgeRun, type Verdicts } from "./library/judge-run.ts";
export { findRunId, type ListedBatchRun, listRuns, openRun, type RunTotals, totalRuns } from "./library/open-run.ts";
export { checkOutput, planBatch, type TriedBatch, tryRows } from "./library/plan-batch.ts";
export {
  type InputPreview,
  type PromptFile,
  previewInput,
  readPromptFile,
  renderPrompt,
} from "./library/preview-input.ts";
export type { JobEvent, JobLoad, JobsEvent, ProgressEvent } from "./library/progress-events.ts";
export { type Batch, type BatchFiles, type LoadedBatch, loadBatch } from "./library/read-batch.ts";
export {
  type BegunRetry,
  beginRetry,
  type PlannedRetry,
  type PlanRetryOptions,
  planRetry,
  type RetryRunOptions,
  retryRun,
} from "./library/retry-run.ts";
export {
  approveCanary,
  beginBatch,
  type CollectOptions,
  checkUnattended,
  collectRun,
  type ResumeOptions,
  resumeRun,
  runBatch,
  type SubmitOptions,
  stopRun,
  submitBatch,
} from "./library/run-batch.ts";
export { type Notify, sendNotices } from "./library/send-notices.ts";
export { type AskedService, type RunView, type ShowRunOptions, showRun } from "./library/show-run.ts";
export { watchRun } from "./library/watch-run.ts";
export {
  type BatchSpec,
  csv,
  defineBatch,
  fromRun,
  type InputCell,
  jsonl,
  type PromptRow,
  parquet,
  type ReadyBodies,
  type RowSource,
  readyBodies,
  rows,
  sql,
  type TableSource,
  tsv,
  xlsx,
} from "./prompt/define-batch.ts";
export type { FileSource, PromptPart, PromptResult, TextRow } from "./prompt/prompt.ts";
export type { ColumnChart } from "./table-view/column-chart.ts";
export type { RowFilter, TableColumn } from "./table-view/row-filter.ts";
export type { DifferingAnswers, RunComparison } from "./table-view/run-comparison.ts";
export type { RunTable, TableWindow, WholeRow, WindowRequest } from "./table-view/run-table.ts";
