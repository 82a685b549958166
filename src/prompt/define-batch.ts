import type { Effort, Thinking } from "../foundation/types/index.ts";
import type { TextRow } from "./prompt.ts";

/** The table of a spec, with the type of its rows. */
export interface TableSource<Row extends TextRow = TextRow> {
  /** A path or a glob, relative to the spec file. */
  readonly path: string;
  /** Never set: it carries the type of the rows. */
  readonly row?: Row;
}

/**
 * A CSV file or glob. `csv<{ text: string }>("train.csv")` types the rows; every cell is text, an empty one too.
 * @example
 * ```ts
 * const input = csv<{ text: string }>("train.csv");
 * ```
 */
export function csv<Row extends TextRow = TextRow>(path: string): TableSource<Row> {
  return { path };
}

/** A TSV file or glob. */
export function tsv<Row extends TextRow = TextRow>(path: string): TableSource<Row> {
  return { path };
}

/** A file or glob of one JSON object a line. */
export function jsonl<Row extends TextRow = TextRow>(path: string): TableSource<Row> {
  return { path };
}

/** A Parquet file or glob. */
export function parquet<Row extends TextRow = TextRow>(path: string): TableSource<Row> {
  return { path };
}

/**
 * The answered rows of an earlier run, with the input's columns and the answer's: `judge` after `summarize`.
 * @param run its id, the start of one, or its name
 */
export function fromRun<Row extends TextRow = TextRow>(run: string): TableSource<Row> {
  return { path: `run:${run}` };
}

/** A run, written down in TypeScript. */
export interface BatchSpec<Row extends TextRow = TextRow> {
  readonly input: TableSource<Row>;
  /** An alias, a model id, an inference profile id or an ARN. */
  readonly model: string;
  /** What is asked of a row. Called once a row; it gives text, and not a promise. */
  readonly prompt: (row: Row) => string;
  /** Tokens of an answer, at most. @defaultValue 1024 */
  readonly maxTokens?: number;
  /** 0 to 1. */
  readonly temperature?: number;
  /** 0 to 1. */
  readonly topP?: number;
  readonly topK?: number;
  readonly stopSequences?: readonly string[];
  readonly system?: string;
  /** Whether the model thinks before it answers, or the most tokens of it. @defaultValue as the model does by itself */
  readonly thinking?: Thinking | boolean;
  /** How much the model puts into an answer: low, medium, high, xhigh or max; which of them, differs by model. */
  readonly effort?: Effort;
  /** The shape of an answer: a Zod schema or another of Standard JSON Schema, or a JSON Schema. */
  readonly output?: unknown;
  /** The length of a vector, for embedding models. @defaultValue 1024 */
  readonly dimensions?: number;
  /** The model's own body, or Converse, which is the same for every text model. @defaultValue "model" */
  readonly invocation?: "model" | "converse";
  /** How the schema is asked for. @defaultValue what is known of the model: in words, where nothing is known */
  readonly structured?: "prompt" | "native";
  readonly name?: string;
  /** Only the first so many rows. */
  readonly limit?: number;
  /** So many answers of every row, each in a row of its own; 1 to 100. @defaultValue 1 */
  readonly answersPerRow?: number;
  /** Where the region has no other profile of the model, the global one is taken: data may go to any region of AWS. @defaultValue false */
  readonly allowGlobal?: boolean;
}

const specs = new WeakSet<object>();

/** Says that an object is a spec, and types its prompt by its table. */
export function defineBatch<Row extends TextRow>(spec: BatchSpec<Row>): BatchSpec<Row> {
  specs.add(spec);
  return spec;
}

/** Whether `defineBatch` of this copy of halfprice made it. One of another copy is told by its shape. */
export function isBatchSpec(value: unknown): value is BatchSpec {
  if (typeof value !== "object" || value === null) return false;
  return specs.has(value) || ("input" in value && "prompt" in value && "model" in value);
}
