import { existsSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { numberedRows, quoteName, quoteText, writeOptions } from "../../engine/sql.ts";
import { makeShare } from "../../eval/figure.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import type { Figure } from "../../foundation/types/index.ts";
import { makeResultColumns } from "../../results/result-columns.ts";
import { publishRun } from "../../workspace/fetch-run.ts";
import { type RowLabel, readLabels, recordLabel } from "../../workspace/labels.ts";
import { type RunPaths, readRunFile, refuseCleaned } from "../../workspace/run-folder.ts";
import { withEngine } from "../../workspace/session.ts";

/** The labels of a column of answers, and how good the answers are by them. */
export interface RunLabels {
  readonly labels: readonly RowLabel[];
  /** The share of labelled rows whose answer is the label, with its 95 % interval (Wilson); rows without an answer are wrong. */
  readonly accuracy: Figure;
}

/** The labels of a column of a run's answers. */
export function openLabelBook(paths: RunPaths, column: string): LabelBook {
  const run = readRunFile(paths);
  const { meta } = makeResultColumns(run.output, run.answerPrefix, run.answer);
  return new LabelBook(paths, column, meta.outcome);
}

/** Labels of a run's answers, which people give. @internal */
export class LabelBook {
  readonly #paths: RunPaths;
  readonly #column: string;
  readonly #outcome: string;

  constructor(paths: RunPaths, column: string, outcome: string) {
    this.#paths = paths;
    this.#column = column;
    this.#outcome = outcome;
  }

  async set(row: number, label: string | undefined): Promise<void> {
    recordLabel(this.#paths, this.#column, row, label);
    await publishRun(this.#paths, basename(this.#paths.labels));
  }

  async read(): Promise<RunLabels> {
    const labels = readLabels(this.#paths, this.#column);
    if (labels.length === 0) return { labels, accuracy: makeShare(0, 0) };
    const rows = await withEngine(this.#paths, (engine) =>
      engine.rows(`
        SELECT row, CASE WHEN ${quoteName(this.#outcome)} = 'answered' THEN ${quoteName(this.#column)}::VARCHAR END AS answer
        FROM ${numberedRows(this.#paths.results)} WHERE row IN (${labels.map(({ row }) => row - 1).join(", ")})`),
    );
    const answers = new Map(rows.map(({ row, answer }) => [Number(row) + 1, answer]));
    const rightCount = labels.filter(({ row, label }) => answers.get(row) === label).length;
    return { labels, accuracy: makeShare(rightCount, labels.length) };
  }

  /**
   * Writes a gold file with a row for each row of the table, empty where there is no label: `halfprice eval RUN --gold-file FILE --gold gold`.
   * @throws BAD_OUTPUT
   */
  async writeGold(path: string): Promise<void> {
    refuseCleaned(this.#paths, this.#paths.results);
    if (!path.endsWith(".csv")) throw new HalfpriceError("BAD_OUTPUT", { path, reason: "a gold file ends in .csv" });
    if (!existsSync(dirname(resolve(path))))
      throw new HalfpriceError("BAD_OUTPUT", { path, reason: `there is no folder ${dirname(path)}` });
    const labels = readLabels(this.#paths, this.#column);
    const values = labels.map(({ row, label }) => `(${row - 1}, ${quoteText(label)})`);
    const given =
      values.length === 0
        ? "(SELECT NULL::BIGINT AS row, NULL::VARCHAR AS gold WHERE false)"
        : `(VALUES ${values.join(", ")})`;
    await withEngine(this.#paths, (engine) =>
      engine.run(`
        COPY (SELECT r.row + 1 AS "row", l.gold FROM ${numberedRows(this.#paths.results)} r
          LEFT JOIN ${given} AS l(row, gold) ON l.row = r.row ORDER BY r.row) TO ${quoteText(path)} (${writeOptions.csv})`),
    );
  }
}
