import type { TableReading } from "../dataset/open-table.ts";
import type {
  CostLimits,
  InvocationType,
  JsonSchema,
  ModelChoice,
  ModelParameters,
  Origin,
  RunPack,
  StructuredOutput,
  VpcPlace,
} from "../foundation/types/index.ts";
import type { Prompt } from "../prompt/prompt.ts";
import type { AnswerKind } from "../results/result-columns.ts";
import type { ParentRun } from "./parent-run.ts";

/** What was asked: `run.json`. With the files beside it, another process can resume the run from wherever it is. */
export interface RunFile extends CostLimits {
  readonly version: 1;
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  /** The same input, prompt, model, parameters and origin have the same. */
  readonly fingerprint: string;
  readonly origin: Origin;
  /** Where the local service is that it was begun at, if that is not the workspace's own: `http://127.0.0.1:4566`. */
  readonly endpointUrl?: string;
  readonly table: {
    /** As the user named it. */
    readonly shownPath: string;
    /** The frozen rows, below the run's directory. */
    readonly file: string;
    readonly reading: TableReading;
  };
  /** Absolute paths of the files on this disk that were read for it: table, prompt, spec, schema. Its own table never replaces one. */
  readonly reads?: readonly string[];
  /** The table may replace a file that the run did not write, although it holds only a part of the rows. */
  readonly mayOverwrite?: true;
  /** No cell of a CSV that is written is a formula to a spreadsheet. */
  readonly safeCsv?: true;
  /** Columns of the input that its results do not repeat. */
  readonly omittedColumns?: readonly string[];
  /** No report is written when it ends. */
  readonly hasNoReport?: true;
  /** Not every row of the table was taken: `--limit` or `--sample`. */
  readonly isPartial?: true;
  readonly prompt: { readonly kind: Prompt["kind"]; readonly source: string; readonly text: string };
  readonly model: ModelChoice;
  readonly invocation: InvocationType;
  readonly parameters: ModelParameters;
  readonly output?: JsonSchema;
  readonly structured: StructuredOutput;
  /** What comes back, for the columns of the results. */
  readonly answer: AnswerKind;
  /** The run whose results are the input. */
  readonly parent?: ParentRun;
  readonly answerPrefix: string;
  /** In which zone timestamps with one are written. @defaultValue "UTC" */
  readonly timezone?: string;
  /** So many answers of every row, from 2; one where it is left out. */
  readonly answersPerRow?: number;
  /** The requests have pictures or documents. */
  readonly hasMedia?: true;
  /** What is asked on demand before the rest: its shard, and whether the rest may follow. */
  readonly canary?: { readonly index: number; readonly recordCount: number; readonly isPassed?: true };
  readonly timeoutHours: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly allowMissing: number;
  /** The job that was made elsewhere and taken in: its records keep its ids, and are not sent again. */
  readonly adopted?: { readonly jobArn: string };
  /** Rows share requests; absent where each is asked alone. */
  readonly pack?: RunPack;
  /** The number of parts, for a run in parts: each is a run of its own, and the results are a file for each. */
  readonly partCount?: number;
  /** What the jobs of a part have in S3 goes once it is joined. */
  readonly removesJoined?: true;
  readonly partOf?: PartOfRun;
  /** Its answers serve no other run. */
  readonly isTrial?: true;
  /** Answers of other runs are not taken. */
  readonly fullRefresh?: true;
  /** When its answers are wanted, milliseconds since 1970: what is stuck then goes on demand in time. */
  readonly deadline?: number;
  /** How often a record is sent at most without a further retry command, the first time included. @defaultValue 1 */
  readonly maxAttempts?: number;
  /** Set when the run is promoted. */
  readonly place?: RunPlace;
}

/** The run that another one does a part of. */
export interface PartOfRun {
  readonly runId: string;
  /** From 1. */
  readonly part: number;
  /** From 1; each further time sends again what got no good answer. */
  readonly attempt: number;
}

/** Where a run's jobs work. */
export interface RunPlace {
  readonly bucket: string;
  readonly prefix: string;
  readonly roleArn: string;
  /** The KMS key of input and output; S3's own where left out. */
  readonly kmsKey?: string;
  readonly vpc?: VpcPlace;
}
