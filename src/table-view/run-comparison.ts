import type { Cell, Engine } from "../engine/engine.ts";
import { numberedRows, quoteName } from "../engine/sql.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { makeResultColumns } from "../results/result-columns.ts";
import { type RunPaths, readRunFile } from "../workspace/run-folder.ts";
import { openRunEngine } from "../workspace/session.ts";

/** A row to which two runs have given different answers. */
export interface DifferingAnswers {
  /** From 1. */
  readonly row: number;
  /** The input's cells, texts cut after 300 letters. */
  readonly cells: Readonly<Record<string, Cell>>;
  readonly answer: string | null;
  readonly other: string | null;
}

/** Rows that are read at a time, at most. */
const maxCount = 500;

/** The rows of two runs on the same table whose answers differ, side by side. Close it after use. */
export class RunComparison {
  readonly rowCount: number;
  readonly differingCount: number;
  readonly #engine: Engine;
  readonly #close: () => void;
  readonly #own: Side;
  readonly #other: Side;

  private constructor(
    opened: { engine: Engine; close: () => void },
    sides: { own: Side; other: Side },
    counts: { rowCount: number; differingCount: number },
  ) {
    this.#engine = opened.engine;
    this.#close = opened.close;
    this.#own = sides.own;
    this.#other = sides.other;
    this.rowCount = counts.rowCount;
    this.differingCount = counts.differingCount;
  }

  /** @internal Made by `BatchRun.compare`. @throws BAD_OPTIONS where the tables have different numbers of rows */
  static async open(own: RunPaths, other: RunPaths, answer: string, otherAnswer: string): Promise<RunComparison> {
    const opened = await openRunEngine(own, { memoryLimitMib: 280, threads: 1 });
    try {
      const { engine } = opened;
      const sides = { own: await openSide(engine, own, answer), other: await openSide(engine, other, otherAnswer) };
      const count = async (relation: string): Promise<number> =>
        Number((await engine.rows(`SELECT count(*) AS count FROM ${relation}`))[0]?.["count"]);
      const [rowCount, otherCount] = [await count(sides.own.rows), await count(sides.other.rows)];
      if (rowCount !== otherCount) {
        const problems = [
          `the runs have ${rowCount} and ${otherCount} rows; only runs on the same table can be compared`,
        ];
        throw new HalfpriceError("BAD_OPTIONS", { problems, command: "compare" });
      }
      await engine.run(`
        CREATE TABLE differing AS SELECT a.row FROM ${sides.own.rows} a JOIN ${sides.other.rows} b ON a.row = b.row
        WHERE ${sides.own.answer("a")} IS DISTINCT FROM ${sides.other.answer("b")} ORDER BY a.row`);
      return new RunComparison(opened, sides, { rowCount, differingCount: await count("differing") });
    } catch (error) {
      opened.close();
      throw error;
    }
  }

  /** Some of the rows that differ, in the table's order. @param from the first of them, from 0 @param count at most 500 */
  async window(from: number, count: number): Promise<readonly DifferingAnswers[]> {
    const taken = Math.max(0, Math.min(maxCount, count));
    const found = await this.#engine.rows(
      `SELECT row FROM differing WHERE rowid BETWEEN ${Math.trunc(from)} AND ${Math.trunc(from) + taken - 1} ORDER BY rowid`,
    );
    const numbers = found.map(({ row }) => Number(row));
    if (numbers.length === 0) return [];
    const which = `row IN (${numbers.join(", ")})`;
    const cells = this.#own.inputs.map((name, index) => `left(${quoteName(name)}::VARCHAR, 300) AS c${index}`);
    const own = await this.#engine.rows(
      `SELECT ${["row", `${this.#own.answer("a")} AS answer`, ...cells].join(", ")} FROM ${this.#own.rows} a WHERE ${which} ORDER BY row`,
    );
    const others = await this.#engine.rows(
      `SELECT row, ${this.#other.answer("b")} AS answer FROM ${this.#other.rows} b WHERE ${which}`,
    );
    const answers = new Map(others.map(({ row, answer }) => [Number(row), answer]));
    return own.map((each) => ({
      row: Number(each["row"]) + 1,
      cells: Object.fromEntries(this.#own.inputs.map((name, index) => [name, each[`c${index}`] ?? null])),
      answer: (each["answer"] ?? null) as string | null,
      other: (answers.get(Number(each["row"])) ?? null) as string | null,
    }));
  }

  close(): void {
    this.#close();
  }
}

interface Side {
  readonly rows: string;
  /** The answer as text where the row has one, of the relation under a name. */
  readonly answer: (relation: string) => string;
  /** The columns of the input. */
  readonly inputs: readonly string[];
}

async function openSide(engine: Engine, paths: RunPaths, answer: string): Promise<Side> {
  const run = readRunFile(paths);
  const { fields, meta } = makeResultColumns(run.output, run.answerPrefix, run.answer);
  const own = new Set([...fields.map(({ column }) => column), ...Object.values(meta)]);
  const rows = numberedRows(paths.results);
  const described = await engine.rows(`DESCRIBE SELECT * EXCLUDE (row) FROM ${rows}`);
  return {
    rows,
    answer: (relation) =>
      `CASE WHEN ${relation}.${quoteName(meta.outcome)} = 'answered' THEN ${relation}.${quoteName(answer)}::VARCHAR END`,
    inputs: described.map((each) => String(each["column_name"])).filter((name) => !own.has(name)),
  };
}
