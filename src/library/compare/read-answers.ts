import { textOf } from "../../engine/cell-text.ts";
import type { Engine } from "../../engine/engine.ts";
import { numberedRows, quoteName } from "../../engine/sql.ts";
import { findEvaluated } from "../../eval/find-evaluated.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import type { FinishedRun } from "../../run/finish/finish-run.ts";
import { type Session, withEngine } from "../../workspace/session.ts";

/** The answers of a candidate, row by row. */
export interface SampleAnswers {
  /** Null where the row has none. */
  readonly answers: readonly (string | null)[];
  /** Null where the row has none, and throughout where no column was asked for. */
  readonly golds: readonly (string | null)[];
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly invalid: number;
  readonly truncated: number;
  readonly unanswered: number;
}

/** Reads what a run has answered, in the order of its rows. @throws BAD_OPTIONS, UNKNOWN_COLUMN */
export async function readSampleAnswers(
  session: Pick<Session, "config">,
  { run, paths }: FinishedRun,
  answer: string | undefined,
  gold: string | undefined,
): Promise<SampleAnswers> {
  const found = await findEvaluated(session, run.id, answer);
  return withEngine(paths, async (engine) => {
    const { meta } = found.table.columns;
    const described = await engine.rows(`DESCRIBE SELECT * FROM ${numberedRows(paths.results)}`);
    const types = new Map(described.map((each) => [String(each["column_name"]), String(each["column_type"])]));
    if (gold !== undefined && !types.has(gold))
      throw new HalfpriceError("UNKNOWN_COLUMN", {
        column: gold,
        where: "--gold",
        columns: [...types.keys()],
        nearest: undefined,
      });
    const text = (name: string): string => textOf({ name, type: types.get(name) ?? "" });
    const answers: (string | null)[] = [];
    const golds: (string | null)[] = [];
    const outcome = quoteName(meta.outcome);
    const query = `
      SELECT CASE WHEN ${outcome} = 'answered' THEN ${text(found.answer)} END, ${gold === undefined ? "NULL::VARCHAR" : `nullif(${text(gold)}, '')`}
      FROM ${numberedRows(paths.results)} ORDER BY row`;
    for await (const [own = [], wanted = []] of engine.chunks(query)) {
      for (const [at, each] of own.entries()) {
        answers.push(each as string | null);
        golds.push((wanted[at] ?? null) as string | null);
      }
    }
    return { answers, golds, ...(await countOutcomes(engine, paths.results, meta)) };
  });
}

async function countOutcomes(
  engine: Engine,
  file: string,
  meta: Readonly<Record<"outcome" | "input_tokens" | "output_tokens", string>>,
): Promise<Omit<SampleAnswers, "answers" | "golds">> {
  const outcome = quoteName(meta.outcome);
  const [sum = {}] = await engine.rows(`
    SELECT coalesce(sum(${quoteName(meta.input_tokens)}), 0)::BIGINT AS i, coalesce(sum(${quoteName(meta.output_tokens)}), 0)::BIGINT AS o,
      count(*) FILTER (${outcome} = 'invalid') AS invalid, count(*) FILTER (${outcome} = 'truncated') AS truncated,
      count(*) FILTER (${outcome} NOT IN ('answered', 'invalid', 'truncated')) AS unanswered
    FROM ${numberedRows(file)}`);
  const read = (name: string): number => Number(sum[name] ?? 0);
  return {
    ...{ inputTokens: read("i"), outputTokens: read("o") },
    ...{ invalid: read("invalid"), truncated: read("truncated"), unanswered: read("unanswered") },
  };
}
