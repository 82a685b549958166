import { type Config, nameWorkspace } from "../../config/read-config.ts";
import type { Cell } from "../../engine/engine.ts";
import { defined } from "../../foundation/defined.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { isObjectUri } from "../../foundation/object-uri.ts";
import {
  type Cause,
  type Lane,
  type Origin,
  type Outcome,
  outcomes,
  type TableProfile,
  type Usage,
} from "../../foundation/types/index.ts";
import type { RunState } from "../../ledger/runs.ts";
import { exportRun } from "../../run/finish/finish-run.ts";
import { makeRunReport, placeReport, renewReport } from "../../run/finish/report-run.ts";
import { writePartsOutput } from "../../run/parts/finish-parts.ts";
import { isFolder } from "../../run/parts/write-folder.ts";
import { RunComparison } from "../../table-view/run-comparison.ts";
import { RunTable } from "../../table-view/run-table.ts";
import { fetchRun, type RunNeed } from "../../workspace/fetch-run.ts";
import { queryResults, writeQueryLines } from "../../workspace/query-results.ts";
import { type RunPaths, readRunFile, refuseCleaned, runPaths } from "../../workspace/run-folder.ts";
import { type ShownRun, showRun } from "../../workspace/show-run.ts";
import type { SessionOptions } from "../batch-options.ts";
import { inLibrarySession, inWorkspace } from "../library-session.ts";
import { type BatchMoney, toBatchMoney } from "./batch-money.ts";
import { type LabelBook, openLabelBook, type RunLabels } from "./label-run.ts";
import { type RowAnswer, readAnswerLines, readAnswers } from "./read-answers.ts";
import { readRows } from "./read-rows.ts";
import type { ResultRow } from "./result-rows.ts";
import { type RunDetails, readDetails, readProfile } from "./run-details.ts";
import type { RunWork } from "./run-work.ts";

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

/** How a table is written. */
export interface ExportOptions {
  /** Replaces a file that the run did not write, or that was edited since. @defaultValue false */
  readonly overwrite?: boolean;
  /** Writes a CSV so that a spreadsheet computes no cell of it. @defaultValue false */
  readonly safeCsv?: boolean;
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
  /** Of a run in parts: how many there are. */
  readonly partCount?: number;
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
  /** What the call did that this is the result of; absent where it did nothing. */
  readonly work?: RunWork;
  readonly #options: SessionOptions;
  readonly #paths: RunPaths;
  readonly #hasResults: boolean;
  readonly #shards: ShownRun["shards"];

  /** @internal Made by `runBatch`, `openRun` and their like. */
  constructor(
    options: SessionOptions,
    config: Pick<Config, "workspace" | "shared">,
    { row, shards }: Pick<ShownRun, "row" | "shards">,
    work?: RunWork,
  ) {
    const { summary } = row;
    const paths = runPaths(config.workspace, row.id);
    if (work !== undefined) this.work = work;
    this.#options = { ...options, workspace: nameWorkspace(config) };
    this.#paths = paths;
    this.#hasResults = summary !== undefined;
    this.#shards = shards;
    this.id = row.id;
    this.name = row.name;
    this.state = row.state;
    this.createdAt = new Date(row.createdAt);
    this.origin = row.origin;
    this.model = row.modelLabel;
    this.rowCount = row.rowCount;
    this.recordCount = row.recordCount;
    if (row.partCount !== undefined) this.partCount = row.partCount;
    this.outcomes = summary?.outcomeCounts ?? noOutcomes;
    this.money = toBatchMoney(row);
    this.usage = summary?.usage ?? { inputTokens: 0, outputTokens: 0 };
    this.causes = summary?.causes ?? [];
    this.discrepancies = summary?.discrepancies ?? [];
    this.jobs = shards.map(({ lane, recordCount, attempt }) => ({
      lane,
      recordCount,
      ...defined({
        arn: attempt?.jobArn,
        status: attempt?.status,
        counts: attempt?.counts,
        message: attempt?.message,
      }),
    }));
    const { results, report } = paths;
    this.files = { results, report, ...defined({ output: row.outputPath }) };
  }

  /**
   * The rows of the table in the input's order, a chunk of about two thousand at a time.
   * @throws NO_RESULTS before the run has ended, RUN_CLEANED
   */
  async *rows(): AsyncGenerator<ResultRow<Row, Output>, void, undefined> {
    const paths = await this.#table();
    yield* readRows<Row, Output>(paths);
  }

  /**
   * The rows with the whole body of each answer, as the service wrote it, in no order; answers that were taken from other runs have none, nor
   * have rows that shared a request.
   * @param columns of the input, which come with each
   * @throws NO_RESULTS before the run has ended, RUN_CLEANED
   */
  async *answers(columns: readonly string[] = []): AsyncGenerator<RowAnswer, void, undefined> {
    const paths = await this.#table("table");
    yield* readAnswers(paths, this.#shards, columns);
  }

  /**
   * The same as bytes of JSON Lines, for programs that read them in threads: blocks of whole lines of about a mebibyte, of which each is
   * `{"row":1,"cells":{…},"recordId":"…","outcome":"answered","error":null,"body":{…}}`, the row counted from 1, `body` null where there is
   * none.
   * @param columns of the input, which come as `cells`
   * @param where which rows: a condition in SQL on the columns of the run's table
   * @throws NO_RESULTS before the run has ended, RUN_CLEANED
   */
  async *answerLines(columns: readonly string[] = [], where?: string): AsyncGenerator<Buffer, void, undefined> {
    const paths = await this.#table("table");
    yield* readAnswerLines(paths, this.#shards, columns, where);
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
    const paths = await this.#table();
    return [...(await queryResults(paths, sql))] as Result[];
  }

  /**
   * Writes the only column of a query's result into a file, a line for each row, as it is: what is there is replaced.
   * @example
   * ```ts
   * await run.writeLines("SELECT to_json({ text: answer }) FROM results", "answers.jsonl");
   * ```
   * @throws BAD_QUERY, BAD_OPTIONS where there is no folder for it, NO_RESULTS before the run has ended, RUN_CLEANED, DISK
   */
  async writeLines(sql: string, path: string): Promise<void> {
    await writeQueryLines(await this.#table(), sql, path);
  }

  /** Everything that is known about the run without asking anyone: what its report shows. @throws DAMAGED_FILE */
  async details(): Promise<RunDetails> {
    return inWorkspace(this.#options, async (config) => readDetails(await showRun({ config }, this.id)));
  }

  /** What the answers are like, and some rows. @throws NO_RESULTS before the run has ended, RUN_CLEANED */
  async profile(rowCount?: number): Promise<TableProfile> {
    const paths = await this.#table();
    return readProfile(paths, rowCount);
  }

  /**
   * The rows to which another run on the same table has given another answer; close it after use.
   * @param answer the answer column of this run, and of the other one where that has the same
   * @throws NO_RESULTS before both have ended, RUN_CLEANED, BAD_OPTIONS where the tables differ
   */
  async compare(other: BatchRun, answer: string, otherAnswer: string = answer): Promise<RunComparison> {
    const [own, others] = [await this.#table(), await other.#table()];
    return RunComparison.open(own, others, answer, otherAnswer);
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
    return openLabelBook(paths, column);
  }

  /** The run's report as text, made anew. @throws NO_RESULTS before the run has ended, RUN_CLEANED */
  async report(format: "html" | "md" = "html"): Promise<string> {
    return inWorkspace(this.#options, async (config) => (await makeRunReport({ config }, this.id, format)).text);
  }

  /**
   * Writes the run's report, made anew, whole or not at all.
   * @param path the run's own `report.html` where it is left out
   * @throws NO_RESULTS before the run has ended, RUN_CLEANED, BAD_OPTIONS
   */
  async writeReport(path?: string, format: "html" | "md" = "html"): Promise<void> {
    if (path === undefined) await inWorkspace(this.#options, (config) => renewReport({ config }, this.id));
    else placeReport(path, await this.report(format));
  }

  /**
   * The run's table, to be looked at in windows, by filters, column by column; close it after use.
   * @throws NO_RESULTS before the run has ended, RUN_CLEANED, DAMAGED_FILE
   */
  async table(): Promise<RunTable> {
    const paths = await this.#table();
    return RunTable.open(paths);
  }

  /**
   * Writes the run's table into a file (.parquet, .csv, .jsonl, .xlsx), or an `s3://` object with the credentials of the options that the run
   * was opened with. The results of a run in parts go as they are into a folder, of this disk or of S3, whose path ends in a slash.
   * @throws BAD_OUTPUT, OUTPUT_IS_INPUT, OUTPUT_EXISTS, NO_RESULTS, RUN_CLEANED
   */
  async export(path: string, { overwrite = false, safeCsv = false }: ExportOptions = {}): Promise<void> {
    const paths = await this.#table();
    const rules = { mayOverwrite: overwrite, isCsvSafe: safeCsv };
    const options = { ...this.#options, region: this.#options.region ?? this.origin.region };
    if (this.partCount !== undefined && isFolder(path)) {
      const run = readRunFile(paths);
      return inLibrarySession(options, (session) => writePartsOutput(session, { run, paths }, path));
    }
    if (!isObjectUri(path)) return exportRun(paths, path, rules);
    return inLibrarySession(options, ({ connection }) => exportRun(paths, path, { ...rules, connection }));
  }

  /** @throws NO_RESULTS, RUN_CLEANED */
  async #table(need: RunNeed = "answers"): Promise<RunPaths> {
    if (!this.#hasResults) throw new HalfpriceError("NO_RESULTS", { runId: this.id, state: this.state });
    // One on S3 that is at the local service has to be asked while that is there.
    await inWorkspace(this.#options, () => fetchRun(this.#paths, need));
    refuseCleaned(this.#paths, this.#paths.results);
    return this.#paths;
  }
}
