import { defined } from "../../foundation/defined.ts";
import type { MoneyRow } from "../../foundation/money-table.ts";
import { makeMoneyTable } from "../../foundation/money-table.ts";
import { moneyOf } from "../../foundation/sum-money.ts";
import type { Evaluation, Lane, RunSummary, TableProfile } from "../../foundation/types/index.ts";
import type { ShardRow } from "../../ledger/shards.ts";
import type { ReportedRequest } from "../../report/report-input.ts";
import { describeRequest, profileTable, readEvaluation } from "../../run/finish/gather-report.ts";
import { isWhole, type RunPaths, readRunFile } from "../../workspace/run-folder.ts";
import { withEngine } from "../../workspace/session.ts";
import type { ShownRun } from "../../workspace/show-run.ts";

/** A job of a run, or what was asked on demand, with its times. */
export interface DetailedJob {
  /** From 0. */
  readonly index: number;
  readonly lane: Lane;
  /** 0 as planned; from 1 for what was sent again. */
  readonly round: number;
  readonly recordCount: number;
  readonly sizeBytes: number;
  /** The service's status, or what the job waits for. */
  readonly state: string;
  readonly name?: string;
  readonly arn?: string;
  /** The job's page in the AWS console. */
  readonly link?: string;
  readonly message?: string;
  readonly processedCount?: number;
  readonly errorCount?: number;
  /** Milliseconds since 1970, by the service's clock where it is a job. */
  readonly startedAt?: number;
  readonly endedAt?: number;
}

/** Everything that is known about a run without asking anyone: what its report shows, also while it is under way. */
export interface RunDetails {
  readonly request: ReportedRequest;
  readonly jobs: readonly DetailedJob[];
  /** Line by line: estimated, reserved, paid, saved. */
  readonly money: readonly MoneyRow[];
  /** What the plan has to say: checks, warnings, other ways. */
  readonly warnings: readonly string[];
  /** Absent until the run has ended. */
  readonly summary?: RunSummary;
  /** What the answers are like, and some rows; absent until the run has ended, and where its table was cleaned. */
  readonly profile?: TableProfile;
  /** The latest evaluation. */
  readonly evaluation?: Evaluation;
}

/** What the answers of a run that has ended are like, and some rows. */
export function readProfile(paths: RunPaths, rowCount?: number): Promise<TableProfile> {
  return withEngine(paths, (engine) => profileTable(engine, readRunFile(paths), paths, rowCount));
}

/** Everything that is known about a run, as programs see it. @throws DAMAGED_FILE */
export async function readDetails({
  row,
  run,
  plan,
  paths,
  shards,
  links,
  reservedUsd,
}: ShownRun): Promise<RunDetails> {
  const { summary } = row;
  const estimate = row.estimateUsd === undefined ? {} : { estimateUsd: row.estimateUsd };
  const money = summary === undefined ? { ...estimate, parts: [], onceCount: 0, earlierCount: 0 } : moneyOf(summary);
  const evaluation = readEvaluation(paths);
  const profile =
    summary === undefined || !isWhole(paths.results)
      ? undefined
      : await withEngine(paths, (engine) => profileTable(engine, run, paths));
  return {
    request: describeRequest(run),
    jobs: shards.map((shard) => toDetailedJob(shard, links)),
    money: makeMoneyTable(money, row.origin, reservedUsd),
    warnings: plan.model.warnings ?? [],
    ...defined({ summary, profile, evaluation }),
  };
}

function toDetailedJob(
  { index, lane, round, recordCount, sizeBytes, state, attempt, askedAt, answeredAt }: ShardRow,
  links: Readonly<Record<string, string>>,
): DetailedJob {
  const link = attempt?.jobArn === undefined ? undefined : links[attempt.jobArn];
  const startedAt = attempt?.submittedAt ?? askedAt;
  const endedAt = attempt?.endedAt ?? answeredAt;
  return {
    ...{ index, lane, round, recordCount, sizeBytes },
    state: attempt?.status ?? (lane === "on_demand" && state === "collected" ? "answered" : state),
    ...(attempt === undefined ? {} : { name: attempt.jobName }),
    ...defined({ arn: attempt?.jobArn, link, message: attempt?.message }),
    ...(attempt?.counts === undefined
      ? {}
      : { processedCount: attempt.counts.processed, errorCount: attempt.counts.error }),
    ...defined({ startedAt, endedAt }),
  };
}
