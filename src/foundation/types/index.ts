export type {
  AnswerProfile,
  Bin,
  Counted,
  SampleRow,
  ShownFile,
  TableProfile,
} from "./answer-profile.ts";
export type * from "./basics.ts";
export { efforts, outcomes } from "./basics.ts";
export type { BodiesSummary } from "./bodies-summary.ts";
export type {
  AskedTarget,
  ClassFigures,
  Comparison,
  DifferingRow,
  Evaluation,
  Figure,
  Figures,
  Matching,
  MatchMode,
  Target,
} from "./evaluation.ts";
export { labelFigures, matchModes, wholeFigures } from "./evaluation.ts";
export type * from "./media.ts";
export type { ItemPart, PackDecision, PackPlan, PackTrial, RunPack } from "./run-pack.ts";
export type {
  BelowMinimum,
  CanaryPlan,
  CostLimits,
  DeadlinePlan,
  EarlierPlan,
  LanePlan,
  OfflinePlan,
  OtherWay,
  PartsPlan,
  Plan,
  Way,
} from "./run-plan.ts";
export type {
  Cause,
  Explanation,
  PaidKind,
  PaidPart,
  RetryOffer,
  RunMoney,
  RunSummary,
} from "./run-summary.ts";
