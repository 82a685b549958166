export type {
  AnswerProfile,
  Bin,
  Counted,
  LabelProfile,
  ListProfile,
  NumberProfile,
  SampleRow,
  TableProfile,
  TextProfile,
  VectorProfile,
} from "./answer-profile.ts";
export type * from "./basics.ts";
export { outcomes } from "./basics.ts";
export type {
  ClassFigures,
  ComparedRun,
  Comparison,
  DifferingRow,
  Evaluation,
  Figure,
  Figures,
  Target,
} from "./evaluation.ts";
export type { BelowMinimum, CanaryPlan, CostLimits, EarlierPlan, LanePlan, OtherWay, Plan } from "./run-plan.ts";
export type {
  Cause,
  Explanation,
  JobEnd,
  PaidKind,
  PaidPart,
  RetryOffer,
  RunMoney,
  RunSummary,
} from "./run-summary.ts";
