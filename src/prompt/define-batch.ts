import type { BodiesSummary, Effort, Thinking } from "../foundation/types/index.ts";
import { bodyMember } from "../lines/line-format.ts";
import type { PromptResult, TextRow } from "./prompt.ts";

/** A cell of a row that a program gives; what is not plain JSON is refused. */
export type InputCell =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | Date
  | readonly InputCell[]
  | { readonly [key: string]: InputCell };

/** Rows that a program has in memory or makes as it goes: read once for each plan, so a function gives a fresh pass. */
export type RowSource =
  | Iterable<object>
  | AsyncIterable<object>
  | (() => Iterable<object> | AsyncIterable<object> | Promise<Iterable<object> | AsyncIterable<object>>);

/** The table of a batch, with the type of its rows. */
export interface TableSource<Row extends object = TextRow> {
  /** A path or a glob, relative to the spec file, or to the working folder of a program; for a program's own rows, what they are called. */
  readonly path: string;
  /** A program's own rows, instead of a file. */
  readonly rows?: RowSource;
  /** A query whose result is the table, instead of a file. */
  readonly query?: string;
  /** Of JSON Lines that the program wrote itself and never changes: the columns and their types in DuckDB. @defaultValue what is found in the file */
  readonly columns?: Readonly<Record<string, string>>;
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
export function csv<Row extends object = TextRow>(path: string): TableSource<Row> {
  return { path };
}

/** A TSV file or glob. */
export function tsv<Row extends object = TextRow>(path: string): TableSource<Row> {
  return { path };
}

/** A file or glob of one JSON object a line. */
export function jsonl<Row extends object = TextRow>(path: string): TableSource<Row> {
  return { path };
}

/**
 * A file of JSON Lines that this program wrote and never changes. Its columns are not looked for, and a run's copy of it is a link.
 * @param columns their types in DuckDB, by name; every line has all of them
 */
export function ownLines(path: string, columns: Readonly<Record<string, string>>): TableSource {
  return { path, columns };
}

/** A Parquet file or glob. */
export function parquet<Row extends object = TextRow>(path: string): TableSource<Row> {
  return { path };
}

/** The first sheet of an Excel workbook. */
export function xlsx<Row extends object = TextRow>(path: string): TableSource<Row> {
  return { path };
}

/**
 * The result of a query of DuckDB over files: `sql("SELECT id, text FROM 'reviews/*.parquet' WHERE lang = 'en'")`.
 * Paths in it are relative to the working folder.
 */
export function sql<Row extends object = TextRow>(query: string): TableSource<Row> {
  return { path: "sql", query };
}

/**
 * Rows of a program: an array, a generator, a stream, or a function that begins one. They are written to the run's folder as they come,
 * so that there may be more than fit in memory. A generator can be read once: give a function where a plan comes before the run.
 * @param name what messages call the table, and the run where it has no name
 * @example
 * ```ts
 * const input = rows([{ id: 1, text: "Great!" }, { id: 2, text: "Never again." }]);
 * ```
 */
export function rows<Row extends object>(
  source:
    | Iterable<Row>
    | AsyncIterable<Row>
    | (() => Iterable<Row> | AsyncIterable<Row> | Promise<Iterable<Row> | AsyncIterable<Row>>),
  name = "rows",
): TableSource<Row> {
  return { path: name, rows: source as RowSource };
}

/**
 * The answered rows of an earlier run, with the input's columns and the answer's: `judge` after `summarize`.
 * @param run its id, the start of one, or its name
 */
export function fromRun<Row extends object = TextRow>(run: string): TableSource<Row> {
  return { path: `run:${run}` };
}

/** The prompt of a table whose rows have ready request bodies. */
export interface ReadyBodies {
  readonly kind: "bodies";
  readonly column: string;
  /** Set where every body was checked against its model already. */
  readonly checked?: BodiesSummary;
}

/**
 * Ready request bodies instead of a prompt, as JSON text in a column: each is sent as it is. They bring their own system prompt, limits and
 * shape of answers, and are checked against the model before anything is sent.
 * @param column the column that holds them
 * @example
 * ```ts
 * const prompt = readyBodies("modelInput");
 * ```
 */
export function readyBodies(column: string = bodyMember): ReadyBodies {
  return { kind: "bodies", column };
}

/** The same where every body was checked against its model already: the plan does not check them again. @param checked what they say together */
export function checkedBodies(column: string, checked: BodiesSummary): ReadyBodies {
  return { kind: "bodies", column, checked };
}

/** A row as the prompt function sees it: the same columns, every cell as text, NULL as the empty text; bytes as they are where they are sent. */
export type PromptRow<Row extends object> = {
  readonly [Column in keyof Row]: Row[Column] extends Uint8Array ? Uint8Array : string;
};

/** A batch: a table, a model, and what the model is asked about each row. */
export interface BatchSpec<Row extends object = TextRow, Output = unknown> {
  readonly input: TableSource<Row>;
  /** An alias, a model id, an inference profile id or an ARN. */
  readonly model: string;
  /**
   * What is asked of a row: a function, called once a row, that returns the text (and not a promise), or `null` to skip the row, or
   * a list with pictures and documents, `[{ image: row.path }, "What is this?"]`; or a template with `{{column}}` and `{{image:column}}` in it; or `readyBodies(column)`. A column that the table does not have is an UNKNOWN_COLUMN error, in a function as well.
   */
  readonly prompt: string | ((row: PromptRow<Row>) => PromptResult) | ReadyBodies;
  /**
   * What the prompt of every row begins with, where `prompt` is a function: the function's text follows it after an empty line. Rows that
   * share a request (`pack`) have it once.
   */
  readonly shared?: string;
  /** Maximum output tokens per answer. @defaultValue 1024 */
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
  /** The shape of an answer: a Zod schema or another of Standard JSON Schema, or a JSON Schema. Its type is that of the answers. */
  readonly output?: Output;
  /** The length of a vector, for embedding models. @defaultValue 1024 */
  readonly dimensions?: number;
  /** The model's own body, or Converse, which is the same for every text model. @defaultValue "model" */
  readonly invocation?: "model" | "converse";
  /** How the schema is asked for. @defaultValue what is known of the model: in words, where nothing is known */
  readonly structured?: "prompt" | "native";
  readonly name?: string;
  /** Only the first n rows. */
  readonly limit?: number;
  /** Answers per row, each in a row of its own; 1 to 100. @defaultValue 1 */
  readonly answersPerRow?: number;
  /** Where the region has no other profile of the model, the global one is used: data may go to any region of AWS. @defaultValue false */
  readonly allowGlobal?: boolean;
}

const specs = new WeakSet<object>();

/** Declares a batch, and types its prompt by its table and its answers by its schema. */
export function defineBatch<Row extends object, const Output = undefined>(
  spec: BatchSpec<Row, Output>,
): BatchSpec<Row, Output> {
  specs.add(spec);
  return spec;
}

/** Whether `defineBatch` of this copy of halfprice made it. One of another copy is told by its shape. */
export function isBatchSpec(value: unknown): value is BatchSpec {
  if (typeof value !== "object" || value === null) return false;
  return specs.has(value) || ("input" in value && "prompt" in value && "model" in value);
}
