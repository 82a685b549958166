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
  Usage,
  Way,
} from "./foundation/types/index.ts";
export type { BatchMoney } from "./library/batch-money.ts";
export type { BatchOptions, RunBatchOptions, SessionOptions, TableDialect } from "./library/batch-options.ts";
export type { BatchPlan, PlannedJob } from "./library/batch-plan.ts";
export type { BatchRun, RowAnswer, RunJob } from "./library/batch-run.ts";
export type { ComparedCandidate, ComparisonPlan, ModelComparison, RouteName } from "./library/compare/types.ts";
export { type CompareOptions, compareModels } from "./library/compare-models.ts";
export { type EvaluateOptions, evaluateRun } from "./library/evaluate-run.ts";
export type { RunLabels } from "./library/label-run.ts";
export { type ListedBatchRun, listRuns, openRun } from "./library/open-run.ts";
export { planBatch, type TriedBatch, tryRows } from "./library/plan-batch.ts";
export {
  type InputPreview,
  type PromptFile,
  previewInput,
  readPromptFile,
  renderPrompt,
} from "./library/preview-input.ts";
export type { JobEvent, ProgressEvent } from "./library/progress-events.ts";
export type { AnswerOf, ResultRow, RowMeta } from "./library/result-rows.ts";
export {
  type ResumeOptions,
  type RetryRunOptions,
  resumeRun,
  retryRun,
  runBatch,
  stopRun,
} from "./library/run-batch.ts";
export type { DetailedJob, RunDetails } from "./library/run-details.ts";
export { collectRun, submitBatch } from "./library/submit-batch.ts";
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
