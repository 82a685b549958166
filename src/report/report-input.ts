import type { Evaluation, Origin, Plan, RunSummary, TableProfile } from "../foundation/types/index.ts";

/** A job as the report shows it. */
export interface ReportedJob {
  readonly name: string;
  readonly arn: string;
  readonly status: string;
  readonly message: string | undefined;
  readonly recordCount: number;
  readonly sizeBytes: number;
  /** The job's page in the AWS console; undefined for the local service. */
  readonly link: string | undefined;
  /** Milliseconds since 1970; undefined where it is not known. */
  readonly submittedAt?: number | undefined;
  readonly endedAt?: number | undefined;
}

/** What was asked, and how to do it again. */
export interface ReportedRequest {
  /** The prompt as it was written: a file's text, a prompt of the command line, or a spec. */
  readonly prompt: string;
  readonly source: string;
  /** What was set, by name: `max tokens`, `temperature`. */
  readonly settings: readonly (readonly [name: string, value: string])[];
  /** A command that asks the same. */
  readonly command: string;
  readonly versions: readonly (readonly [name: string, version: string])[];
}

/** What a report shows. */
export interface ReportInput {
  readonly runId: string;
  readonly name: string;
  readonly createdAt: number;
  readonly origin: Origin;
  readonly plan: Plan;
  readonly summary: RunSummary;
  readonly jobs: readonly ReportedJob[];
  readonly table: TableProfile;
  readonly request: ReportedRequest;
  /** Absent where no one has evaluated the run. */
  readonly evaluation?: Evaluation | undefined;
}
