import type { MediaSummary } from "./media.ts";
/** The nouns that cross a stage border: plain data, no behaviour. */

/** What became of a row. Every row has exactly one. */
export type Outcome = "answered" | "truncated" | "refused" | "invalid" | "error" | "missing" | "skipped";

/** All outcomes, in the order in which they are reported. */
export const outcomes: readonly Outcome[] = [
  "answered",
  "truncated",
  "refused",
  "invalid",
  "error",
  "missing",
  "skipped",
];

/** Where a run's answers come from. Answers, totals and caps of one origin never serve another. */
export interface Origin {
  /** `local` is any endpoint on loopback. */
  readonly kind: "aws" | "local";
  /** Twelve digits. */
  readonly accountId: string;
  readonly region: string;
}

/** US dollars for one million tokens. */
export interface TokenPrice {
  readonly inputUsd: number;
  readonly outputUsd: number;
  /** Of input tokens that are read from a prompt cache, and written to it; on demand only. As input tokens where left out. */
  readonly cacheReadUsd?: number;
  readonly cacheWriteUsd?: number;
  /** Above a length of the prompt all tokens of a request cost more. */
  readonly longPrompts?: LongPrompts;
}

/** A price that is higher for prompts over a length: all tokens of such a request cost so many times as much. */
export interface LongPrompts {
  /** Input tokens above which the higher price holds. */
  readonly fromTokens: number;
  readonly factor: number;
}

/** What a model costs, as far as is known. An unknown price is absent, never 0. */
export interface ModelPrices {
  readonly batch?: TokenPrice;
  /** No price in batch is known, so the on-demand price stands for it: what is paid is at most that. */
  readonly isBatchAtMost?: true;
  readonly onDemand?: TokenPrice;
  /** The day on which the prices were read, `2026-07-24`; or `given` for prices given with `--price`. */
  readonly asOf: string;
  /** Where they were read. */
  readonly source: string;
}

/** How records are answered: by a batch job, or one by one at the on-demand price. */
export type Lane = "batch" | "on_demand";

/** How a request is written in a job. */
export type InvocationType = "InvokeModel" | "Converse";

/** How a model is asked; what a family does not take is refused before anything is sent. */
export interface ModelParameters {
  /** The most tokens that one answer may have; at least 1. */
  readonly maxTokens: number;
  /** 0 to 1. */
  readonly temperature?: number;
  /** 0 to 1. */
  readonly topP?: number;
  readonly topK?: number;
  readonly stopSequences?: readonly string[];
  /** The system prompt, the same for every row. */
  readonly system?: string;
  /** The length of a vector; for embedding models only. */
  readonly dimensions?: number;
  /** Whether the model thinks before it answers, or how many tokens it may think; as the model does by itself where left out. */
  readonly thinking?: Thinking;
  /** How much the model puts into an answer. */
  readonly effort?: Effort;
}

/** Thinking before the answer: on, off, or the most tokens of it, at least 1,024. */
export type Thinking = "on" | "off" | number;

/** From the least to the most. Which of them a model takes differs. */
export const efforts = ["low", "medium", "high", "xhigh", "max"] as const;
/** How much a model is to put into an answer. */
export type Effort = (typeof efforts)[number];

/** How a model is told what shape its answers are to have: by a field of the request, or in words in the prompt. */
export type StructuredOutput = "native" | "prompt";

/** A JSON Schema: an object, or the boolean forms. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** A model as a run uses it: what the user wrote, resolved for the region. */
export interface ModelChoice {
  /** What is sent as `modelId`: a model id, an inference profile id, or an ARN. */
  readonly invokeId: string;
  /** The base model's id without a region prefix; an ARN of unknown make-up stands for itself. */
  readonly baseId: string;
  /** For people: `Claude Haiku 4.5`. */
  readonly label: string;
  /** As the names of the account's quotas call it; the label where it is left out. */
  readonly quotaLabel?: string;
  readonly family: string;
  /** What is invoked: the model in its region, a geographic or the global inference profile, or an ARN as given. */
  readonly route: "region" | "geo" | "global" | "given";
  /** Why this id: one sentence for the plan. */
  readonly reason: string;
  /** Why all of it goes on demand: the model has no batch inference, or `--route on-demand`. Absent where jobs take it. */
  readonly noBatch?: string;
  /** It goes on demand as it was asked to, whether the model has batch inference or not. */
  readonly isOnDemandAsked?: true;
  readonly prices?: ModelPrices;
  /** The global profile beside it, where there is one and another was chosen. */
  readonly global?: { readonly invokeId: string; readonly prices?: ModelPrices };
  /** The highest `max_tokens` that the model takes, where known. */
  readonly maxOutputTokens?: number;
  /** Tokens of prompt and answer together that the model reads, where known. */
  readonly contextTokens?: number;
  /** Parameters that the model refuses, with the words that it refuses them with. */
  readonly refuses: readonly string[];
  /** The model thinks before it answers; its reasoning gets a column of its own. */
  readonly reasons?: true;
  /** What was asked of its thinking, where something was. */
  readonly asked?: { readonly thinking?: Thinking; readonly effort?: Effort };
  /** A newer model of the same class, on demand, where its price is known and the region has it. */
  readonly newer?: NewerModel;
  /** What is known to hold an answer to a schema in batch; in words where nothing is known. @defaultValue "prompt" */
  readonly structured?: StructuredOutput;
  /** Whole sentences that the plan shows: the end of a model's life, a profile that the region may not have. */
  readonly warnings?: readonly string[];
}

/** A newer model that may be cheaper on demand than the older one in batch. */
export interface NewerModel {
  readonly alias: string;
  readonly label: string;
  readonly price: TokenPrice;
  /** It thinks by itself, and can be told not to. */
  readonly canStopThinking?: true;
  /** How sure the price is: where and when it was read. */
  readonly source: string;
}

/** Where the jobs of a run are to run, if in a VPC. */
export interface VpcPlace {
  /** 1 to 16. */
  readonly subnetIds: readonly string[];
  /** 1 to 5. */
  readonly securityGroupIds: readonly string[];
}

/** The limits that a job has to keep, and where each was read. */
export interface JobLimits {
  readonly minRecordsPerJob: number;
  readonly maxRecordsPerJob: number;
  readonly maxRecordsPerFile: number;
  readonly maxFileSizeBytes: number;
  readonly maxJobSizeBytes: number;
  readonly maxJobsInFlight: number;
  /** `account` where Service Quotas answered, else the day of the documents that the defaults come from. */
  readonly source: string;
}

/** How many of an account's places for jobs of one base model are taken. */
export interface JobSlots {
  /** Jobs under way, of whoever in the account. */
  readonly inFlight: number;
  readonly limit: number;
}

/** A run of rows whose distinct records lie next to each other. The plan cuts shards between blocks. */
export interface RecordBlock {
  /** The first row of the block, counted from 0; the block ends where the next begins. */
  readonly fromRow: number;
  readonly recordCount: number;
  /** Bytes of the JSON lines, newline included. */
  readonly sizeBytes: number;
}

/** What rendering the prompt over the table gave. */
export interface RecordSummary {
  readonly rowCount: number;
  /** Distinct requests: what is sent and paid. */
  readonly recordCount: number;
  /** Rows whose prompt is nothing but white space: never sent. */
  readonly skippedCount: number;
  /** Rows that share a request with an earlier row. */
  readonly duplicateCount: number;
  /** Columns that the prompt uses, each with its NULL or empty cells. */
  readonly emptyCells: Readonly<Record<string, number>>;
  /** Bytes of all JSON lines. */
  readonly sizeBytes: number;
  /** Bytes of the longest JSON line. */
  readonly maxLineBytes: number;
  /** Input tokens of all distinct records, estimated from lengths. */
  readonly inputTokens: number;
  /** The part of the input tokens that is images, 0 to 1: they are counted and not guessed from a length. Absent for none. */
  readonly imageRatio?: number;
  /** How far that part may be from the truth, as factors; the model's range for any picture where it is left out. */
  readonly imageBand?: { readonly low: number; readonly high: number };
  /** Absent where the prompt has neither pictures nor documents. */
  readonly media?: MediaSummary;
  /** Rows that are skipped for a picture or document that cannot be sent. */
  readonly mediaFailures?: { readonly count: number; readonly row: number; readonly reason: string };
  readonly blocks: readonly RecordBlock[];
  /** Rows at which a prompt function failed and which were skipped for it: the first one's number, from 1, and why. */
  readonly promptFailures?: { readonly count: number; readonly row: number; readonly reason: string };
  /** The row of the longest JSON line, from 0. */
  readonly longestRow?: number;
  /** The first rendered prompts, at most three. */
  readonly samples: readonly { readonly row: number; readonly text: string }[];
}

/** A range of records that are answered the same way: one job, or one after the other on demand. */
export interface Shard {
  /** From 0. */
  readonly index: number;
  readonly lane: Lane;
  readonly fromRow: number;
  /** Exclusive. */
  readonly toRow: number;
  readonly recordCount: number;
  /** Where its lines begin in the run's `input/records.jsonl`. */
  readonly fromByte: number;
  readonly sizeBytes: number;
}

/** A number of dollars or tokens that is not known yet. */
export interface Estimate {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
}

/** Tokens that the service reported. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** The states of a batch job, as the service spells them. */
export type JobStatus =
  | "Submitted"
  | "Validating"
  | "Scheduled"
  | "InProgress"
  | "Completed"
  | "PartiallyCompleted"
  | "Failed"
  | "Stopping"
  | "Stopped"
  | "Expired";

/** Records of a job, as the service counts them; absent until it does. */
export interface JobCounts {
  readonly total: number;
  readonly processed: number;
  readonly success: number;
  readonly error: number;
}

/** A table that the engine can read: what every later stage works on. */
export interface Table {
  readonly format: TableFormat;
  readonly path: string;
  /** In the table's order. */
  readonly columns: readonly Column[];
  /** What stands after FROM to read all rows in their order. */
  readonly relation: string;
  /** The same with marks where cells have line breaks, and what the marks stand for: cheaper where many cells are joined. */
  readonly marked?: MarkedRelation;
  /** What to know of it before it is sent: other sheets of a workbook, columns under another name. In sentences. */
  readonly notes?: readonly string[];
}

/** The formats of a table's file. */
export type TableFormat = "csv" | "tsv" | "jsonl" | "parquet";

/** A relation whose cells have marks in place of line breaks. */
export interface MarkedRelation {
  readonly relation: string;
  /** Pairs of character codes: the mark, and what it stands for. */
  readonly marks: readonly (readonly [mark: number, letter: number])[];
}

/** A column of a table. */
export interface Column {
  readonly name: string;
  /** As the file spells it, where another column's name differs from it in case only. */
  readonly spelling?: string;
  /** The engine's type: `VARCHAR`, `BIGINT`, `STRUCT(…)`. Cells of CSV and TSV are always text. */
  readonly type: string;
}
