import type { AwsOptions } from "../aws/connection.ts";
import type { CheckResult } from "../doctor/checks/check.ts";
import type { TokenPrice } from "../foundation/types/index.ts";
import type { BatchPlan } from "./batch-plan.ts";
import type { ProgressEvent } from "./progress-events.ts";

export type { CheckResult };

/** Where a batch runs, and who is told about it. What is left out comes from the environment and `halfprice.config.*`, as for the command. */
export interface SessionOptions {
  /** The folder of runs, answers and totals. @defaultValue ".halfprice" in the working folder */
  readonly workspace?: string;
  /** Everything happens on the local service, with simulated answers: no account, no cost. @defaultValue false */
  readonly local?: boolean;
  readonly region?: string;
  /** A profile of the AWS configuration. */
  readonly profile?: string;
  /** For every AWS service, such as a `halfprice local` that runs elsewhere. */
  readonly endpointUrl?: string;
  readonly bucket?: string;
  /** The start of every object's key. @defaultValue "halfprice/" */
  readonly prefix?: string;
  /** The ARN of the service role that the jobs use. */
  readonly role?: string;
  readonly kmsKey?: string;
  /** 1 to 16; goes with `vpcSecurityGroups`. */
  readonly vpcSubnets?: readonly string[];
  /** 1 to 5; goes with `vpcSubnets`. */
  readonly vpcSecurityGroups?: readonly string[];
  /** `false` leaves the configuration file of the working folder unread. */
  readonly configFile?: false;
  /** Credentials, and how the AWS clients are made. */
  readonly aws?: AwsOptions;
  /** Aborting stops waiting, and rejects with the signal's reason. Jobs that were submitted go on: `resumeRun` collects them, `stopRun` stops them. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: ProgressEvent) => void;
}

/** How the file of a table is written. */
export interface TableDialect {
  /** Of a workbook: its name, or its number from 1. @defaultValue the first visible one */
  readonly sheet?: string | number;
  /** What stands between the cells of a CSV. */
  readonly delimiter?: string;
  /** What stands around cells of a CSV; `none` where nothing does. */
  readonly quote?: string;
  /** Whether the first row has names. @defaultValue true */
  readonly header?: boolean;
  /** Lines to leave out before the names. */
  readonly skipRows?: number;
  /** Such as `windows-1252`. @defaultValue "utf-8" */
  readonly encoding?: string;
}

/** What of a table is run, and within which bounds. */
export interface BatchOptions extends SessionOptions {
  /** Only the first n rows; wins over the spec's. */
  readonly limit?: number;
  /** n rows at random; the same seed takes the same rows. */
  readonly sample?: { readonly count: number; readonly seed?: number };
  /** Only these columns of the table. */
  readonly select?: readonly string[];
  /** A SELECT of DuckDB over the table, which it calls `input`. */
  readonly sql?: string;
  /** The highest cost of this run, in US dollars: where it may cost more, it does not begin. */
  readonly maxCostUsd?: number;
  /** The same of all runs of the workspace in this account together. */
  readonly maxCostTotalUsd?: number;
  /** What becomes of records that are too few for a job: asked on demand, at the full price, or the batch fails. @defaultValue "fail" */
  readonly belowMinimum?: "on-demand" | "fail";
  /** All of the table in batch jobs, or one by one on demand, at the full price. @defaultValue "batch" */
  readonly route?: "batch" | "on-demand";
  /** Thinking before the answer: on, off, or the most tokens of it; wins over the spec's. */
  readonly thinking?: "on" | "off" | number;
  /** How much the model puts into an answer; wins over the spec's. */
  readonly effort?: "low" | "medium" | "high" | "xhigh" | "max";
  /** How a CSV, a workbook or JSON Lines is written, where that is not what halfprice finds out by itself. */
  readonly dialect?: TableDialect;
  /** Rows with an empty cell where the template names one are not sent. @defaultValue false */
  readonly skipEmpty?: boolean;
  /** What becomes of a row at which the prompt function throws. @defaultValue "fail" */
  readonly onPromptError?: "fail" | "skip";
  /** What becomes of a row whose picture or document is missing, broken or larger than the model takes. @defaultValue "fail" */
  readonly onMediaError?: "fail" | "skip";
  /** Sends everything again, answered before or not. @defaultValue false */
  readonly fullRefresh?: boolean;
  /** Where the region has no other profile of the model, the global one is used. @defaultValue false */
  readonly allowGlobal?: boolean;
  /** In which zone timestamps with one are written, an IANA name. @defaultValue "UTC" */
  readonly timezone?: string;
  /** Answers per row, 1 to 100; wins over the spec's. */
  readonly answersPerRow?: number;
  /** n records, taken at random, are asked on demand before the rest, 1 to 1000. */
  readonly canary?: { readonly count: number; readonly seed?: number };
  /**
   * The most rows in one request, which share what the prompt says of all of them; `"auto"`: as many as a canary shows to be no worse.
   * @defaultValue one row in a request
   */
  readonly pack?: number | "auto";
  /** With a canary: by how much less packed answers may agree with single ones than those with each other, 0 to 1. @defaultValue 0.02 */
  readonly packTolerance?: number;
  /** A record is sent at most n times, the first time included, 1 to 10. @defaultValue 1 */
  readonly maxAttempts?: number;
  /** How long a job may wait and run, 24 to 168. @defaultValue 24 */
  readonly timeoutHours?: number;
  /**
   * When the answers are wanted: a point in time, or a text as the command takes it. What no job has begun with goes on demand in time, as far
   * as the limits of what may be spent allow.
   */
  readonly deadline?: Date | string;
  /** Maximum output tokens per answer; wins over the spec's. */
  readonly maxTokens?: number;
  /** Prices of a model that the catalogue does not have, for one million tokens. */
  readonly price?: TokenPrice;
  /** Rows that may stay without an answer; the run keeps it, and the command goes by it. @defaultValue 0 */
  readonly allowMissing?: number;
  /** Tags of the jobs. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Before the name of every column of the results. */
  readonly answerPrefix?: string;
}

/** How a batch is planned. */
export interface PlanBatchOptions extends BatchOptions, Pick<RunBatchOptions, "parts" | "workers"> {
  /** Without credentials or a network the plan goes by documented limits and the catalogue's prices. @defaultValue true */
  readonly mayBeOffline?: boolean;
  /** Leaves the copy of the table and its requests in the workspace for a day. @defaultValue false */
  readonly keepDraft?: boolean;
}

/** How a run begins and ends. */
export interface RunBatchOptions extends BatchOptions {
  /** Output file (.parquet, .csv, .jsonl), besides the table in the workspace; of a run in parts a folder too, with a slash at its end. */
  readonly output?: string;
  /**
   * Splits the run into parts of consecutive files, each with at most this number of files or bytes. For what is too much for one disk, and
   * for other machines to prepare and join: see `preparePart` of `halfprice/admin`.
   */
  readonly parts?: {
    readonly files?: number;
    readonly bytes?: number;
    /** What the jobs of a part have in S3 goes once it is joined. @defaultValue false */
    readonly removeJoined?: boolean;
  };
  /** With parts: processes that prepare and join them; 0 leaves that to others, and only submits. @defaultValue as many as cores and memory are good for */
  readonly workers?: number;
  /** Replaces an output file that the run did not write, although the table is a part. @defaultValue false */
  readonly overwrite?: boolean;
  /** Writes a CSV so that a spreadsheet computes no cell of it. @defaultValue false */
  readonly safeCsv?: boolean;
  /** Whether `report.html` is written when the run ends; `BatchRun.writeReport` and `halfprice report` write it at any time. @defaultValue true */
  readonly report?: boolean;
  /** Starts although a check of the account fails. @defaultValue false */
  readonly skipChecks?: boolean;
  /** With `skipChecks`: is told each check that failed. */
  readonly onFailedCheck?: (check: CheckResult) => void;
  /** Is told the plan, before what stops it. */
  readonly onPlan?: (plan: BatchPlan) => void;
  /** Asked before anything is sent; `false` leaves the batch unsent, and rejects with DECLINED. */
  readonly confirm?: (plan: BatchPlan) => boolean | Promise<boolean>;
  /** Is told the plan again, once a canary has shown how many rows may share a request. */
  readonly onDecided?: (plan: BatchPlan) => void;
  /** Is told the plan that was made anew because another run has begun or ended meanwhile, and the one before. */
  readonly onReplan?: (next: BatchPlan, before: BatchPlan) => void;
  /** Is told the id of the same run, which was not finished yet: it is joined instead. */
  readonly onJoin?: (runId: string) => void;
}
