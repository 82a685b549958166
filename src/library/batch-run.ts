import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Cell } from "../engine/engine.ts";
import { quoteText } from "../engine/sql.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { type Cause, type Lane, type Origin, type Outcome, outcomes, type Usage } from "../foundation/types/index.ts";
import type { RunState } from "../ledger/runs.ts";
import { readBodies } from "../results/read-bodies.ts";
import { makeResultColumns } from "../results/result-columns.ts";
import { findShape, restoreValue, type ValueShape } from "../results/value-shape.ts";
import { exportRun } from "../run/finish/finish-run.ts";
import { findAnswerFiles } from "../run/finish/join-run.ts";
import { makeRunReport } from "../run/finish/report-run.ts";
import { RunComparison } from "../table-view/run-comparison.ts";
import { RunTable } from "../table-view/run-table.ts";
import { fetchRun, needTable } from "../workspace/fetch-run.ts";
import { queryResults } from "../workspace/query-results.ts";
import type { RunFile } from "../workspace/run-file.ts";
import { type RunPaths, readRunFile, runPaths } from "../workspace/run-folder.ts";
import { openRunEngine } from "../workspace/session.ts";
import { type ShownRun, showRun } from "../workspace/show-run.ts";
import { type BatchMoney, toBatchMoney } from "./batch-money.ts";
import { LabelBook, type RunLabels } from "./label-run.ts";
import type { ResultRow } from "./result-rows.ts";
import { type RunDetails, readDetails } from "./run-details.ts";

/** One of a run's jobs, or the records that were asked on demand. */
export interface RunJob {
  readonly lane: Lane;
  readonly recordCount: number;
  /** Absent on demand, and until the job is made. */
  readonly arn?: string;
  /** The service's status, as it was last seen. */
  readonly status?: string;
  /** Records as the service counts them; absent until it does. */
  readonly counts?: { readonly processed: number; readonly success: number; readonly error: number };
  /** The service's words where a job did not end well. */
  readonly message?: string;
}

/** A row with the answer as the service wrote it. */
export interface RowAnswer {
  /** The columns of the input that were asked for. */
  readonly cells: Readonly<Record<string, Cell>>;
  /** The name of the request. */
  readonly recordId: string;
  readonly outcome: Outcome;
  /** Why there is no good answer. */
  readonly error: string | null;
  /** The answer's body as JSON text, in the model's own form or Converse's; absent where the service gave none. */
  readonly body?: string;
}

const noOutcomes = Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Readonly<Record<Outcome, number>>;

/** A run of a workspace: what it came to, and its table. */
export class BatchRun<Row extends object = Record<string, Cell>, Output = unknown> {
  readonly id: string;
  readonly name: string;
  /** `done` and `stopped` have ended; every other one can be resumed. */
  readonly state: RunState;
  readonly createdAt: Date;
  readonly origin: Origin;
  /** The model's name for people. */
  readonly model: string;
  readonly rowCount: number;
  /** Distinct requests. */
  readonly recordCount: number;
  /** Rows by outcome; all 0 until the run has ended. */
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly money: BatchMoney;
  /** Tokens that the service reported. */
  readonly usage: Usage;
  /** Why rows have no answer, the most frequent reason first. */
  readonly causes: readonly Cause[];
  readonly jobs: readonly RunJob[];
  /** Where manifests, counts and lines disagree; empty where they agree. */
  readonly discrepancies: readonly string[];
  /** Paths of the run's table in Parquet and of its report. */
  readonly files: { readonly results: string; readonly report: string; readonly output?: string };
  readonly #workspace: string;
  readonly #shards: ShownRun["shards"];

  /** @internal Made by `runBatch`, `openRun` and their like. */
  constructor(workspace: string, { row, shards }: Pick<ShownRun, "row" | "shards">) {
    const { summary } = row;
    const paths = runPaths(workspace, row.id);
    this.#workspace = workspace;
    this.#shards = shards;
    this.id = row.id;
    this.name = row.name;
    this.state = row.state;
    this.createdAt = new Date(row.createdAt);
    this.origin = row.origin;
    this.model = row.modelLabel;
    this.rowCount = row.rowCount;
    this.recordCount = row.recordCount;
    this.outcomes = summary?.outcomeCounts ?? noOutcomes;
    this.money = toBatchMoney(row);
    this.usage = summary?.usage ?? { inputTokens: 0, outputTokens: 0 };
    this.causes = summary?.causes ?? [];
    this.discrepancies = summary?.discrepancies ?? [];
    this.jobs = shards.map(({ lane, recordCount, attempt }) => ({
      lane,
      recordCount,
      ...(attempt?.jobArn === undefined ? {} : { arn: attempt.jobArn }),
      ...(attempt?.status === undefined ? {} : { status: attempt.status }),
      ...(attempt?.counts === undefined ? {} : { counts: attempt.counts }),
      ...(attempt?.message === undefined ? {} : { message: attempt.message }),
    }));
    const { results, report } = paths;
    this.files = { results, report, ...(row.outputPath === undefined ? {} : { output: row.outputPath }) };
  }

  /**
   * The rows of the table in the input's order, a chunk of about two thousand at a time.
   * @throws NO_RESULTS before the run has ended, RUN_CLEANED
   */
  async *rows(): AsyncGenerator<ResultRow<Row, Output>, void, undefined> {
    const { engine, close } = await openRunEngine(await this.#table());
    try {
      const relation = `read_parquet(${quoteText(this.files.results)})`;
      const described = await engine.rows(`DESCRIBE SELECT * FROM ${relation}`);
      const shapes = readShapes(readRunFile(runPaths(this.#workspace, this.id)));
      const columns = described.map((each) => {
        const name = String(each["column_name"]);
        return { name, shape: shapes.get(name) };
      });
      for await (const cells of engine.chunks(`SELECT * FROM ${relation}`)) {
        for (let at = 0; at < (cells[0]?.length ?? 0); at += 1) {
          const values = columns.map(({ name, shape }, index) => {
            const cell = cells[index]?.[at] ?? null;
            return [name, shape === undefined ? cell : restoreValue(cell, shape)];
          });
          yield Object.fromEntries(values) as ResultRow<Row, Output>;
        }
      }
    } finally {
      close();
    }
  }

  /**
   * The rows with the whole body of each answer, as the service wrote it, in no order; answers that were taken from other runs have none, nor
   * have rows that shared a request.
   * @param columns of the input, which come with each
   * @throws NO_RESULTS before the run has ended, RUN_CLEANED
   */
  async *answers(columns: readonly string[] = []): AsyncGenerator<RowAnswer, void, undefined> {
    const paths = await this.#table();
    await fetchRun(paths, "table");
    const run = readRunFile(paths);
    const { meta } = makeResultColumns(run.output, run.answerPrefix, run.answer);
    const { engine, close } = await openRunEngine(paths);
    const copies = join(paths.work, `bodies-${this.id}-${process.pid}-${Date.now()}`);
    mkdirSync(copies, { recursive: true });
    try {
      const files = findAnswerFiles(paths.directory, this.#shards);
      const copyOf = (_: string, index: number): string => join(copies, `${index}.jsonl`);
      const chunks = readBodies({ engine, results: paths.results, meta, files, columns, copyOf });
      for await (const chunk of chunks) {
        for (let at = 0; at < (chunk[0]?.length ?? 0); at += 1) {
          const cells = chunk.map((column) => column[at] ?? null);
          const [recordId, outcome, error, body] = cells.slice(columns.length);
          yield {
            cells: Object.fromEntries(columns.map((name, index) => [name, cells[index] ?? null])),
            recordId: String(recordId),
            outcome: outcome as Outcome,
            error: error === null || error === undefined ? null : String(error),
            ...(typeof body === "string" ? { body } : {}),
          };
        }
      }
    } finally {
      close();
      rmSync(copies, { recursive: true, force: true });
    }
  }

  /**
   * Asks the run's table in SQL (DuckDB), where it is called `results`.
   * @example
   * ```ts
   * await run.query("SELECT sentiment, count(*) AS n FROM results GROUP BY 1");
   * ```
   * @throws BAD_QUERY, NO_RESULTS before the run has ended, RUN_CLEANED
   */
  async query<Result extends object = Record<string, Cell>>(sql: string): Promise<Result[]> {
    return [...(await queryResults(await this.#table(), sql))] as Result[];
  }

  /** Everything that is known about the run without asking anyone: what its report shows. @throws DAMAGED_FILE */
  async details(): Promise<RunDetails> {
    return readDetails(await showRun({ config: { workspace: this.#workspace } }, this.id));
  }

  /**
   * The rows to which another run on the same table has given another answer; close it after use.
   * @param answer the answer column of this run, and of the other one where that has the same
   * @throws NO_RESULTS before both have ended, RUN_CLEANED, BAD_OPTIONS where the tables differ
   */
  async compare(other: BatchRun, answer: string, otherAnswer: string = answer): Promise<RunComparison> {
    return RunComparison.open(await this.#table(), await other.#table(), answer, otherAnswer);
  }

  /** Labels that people have given to a column of answers. @throws NO_RESULTS before the run has ended, RUN_CLEANED */
  async labels(column: string): Promise<RunLabels> {
    return (await this.#labelBook(column)).read();
  }

  /** Keeps what is right for a row, from 1; undefined takes the label away. @throws NO_RESULTS, RUN_CLEANED */
  async setLabel(column: string, row: number, label: string | undefined): Promise<RunLabels> {
    const book = await this.#labelBook(column);
    await book.set(row, label);
    return book.read();
  }

  /** Writes the labels of a column as a gold file (.csv) for `evaluateRun`. @throws NO_RESULTS, RUN_CLEANED, BAD_OUTPUT */
  async writeGold(column: string, path: string): Promise<void> {
    await (await this.#labelBook(column)).writeGold(path);
  }

  async #labelBook(column: string): Promise<LabelBook> {
    const paths = await this.#table();
    await fetchRun(paths, "description");
    const run = readRunFile(paths);
    const { meta } = makeResultColumns(run.output, run.answerPrefix, run.answer);
    return new LabelBook(paths, column, meta.outcome);
  }

  /** The run's report as text, made anew. @throws NO_RESULTS before the run has ended, RUN_CLEANED */
  async report(format: "html" | "md" = "html"): Promise<string> {
    return (await makeRunReport({ config: { workspace: this.#workspace } }, this.id, format)).text;
  }

  /**
   * The run's table, to be looked at in windows, by filters, column by column; close it after use.
   * @throws NO_RESULTS before the run has ended, RUN_CLEANED, DAMAGED_FILE
   */
  async table(): Promise<RunTable> {
    return RunTable.open(await this.#table());
  }

  /**
   * Writes the run's table into a file (.parquet, .csv, .jsonl, .xlsx). For `s3://` name it as the run's `output`.
   * @throws BAD_OUTPUT, OUTPUT_IS_INPUT, OUTPUT_EXISTS, NO_RESULTS, RUN_CLEANED
   */
  async export(path: string, { overwrite = false }: { readonly overwrite?: boolean } = {}): Promise<void> {
    await exportRun(await this.#table(), path, { mayOverwrite: overwrite });
  }

  /** @throws NO_RESULTS, RUN_CLEANED */
  async #table(): Promise<RunPaths> {
    const hasEnded = this.state === "done" || this.state === "stopped";
    if (!hasEnded) throw new HalfpriceError("NO_RESULTS", { runId: this.id, state: this.state });
    const paths = runPaths(this.#workspace, this.id);
    await needTable(paths);
    return paths;
  }
}

/** The shapes of the answer's fields, by column. */
function readShapes(run: RunFile): ReadonlyMap<string, ValueShape> {
  const { output } = run;
  if (output === undefined) return new Map();
  const properties = (output["properties"] ?? {}) as Readonly<Record<string, unknown>>;
  const { fields } = makeResultColumns(output, run.answerPrefix, run.answer);
  return new Map(
    fields.flatMap(({ column, member }) =>
      member === undefined ? [] : [[column, findShape(properties[member], output)] as const],
    ),
  );
}
