import { mkdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { freezeTable } from "../dataset/freeze-table.ts";
import type { Engine } from "../engine/engine.ts";
import { quoteText, writeOptions } from "../engine/sql.ts";
import { commitText } from "../foundation/commit-file.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import type { AskedTarget, DifferingRow, Evaluation, Matching } from "../foundation/types/index.ts";
import { exportTable, findOutputFormat } from "../results/export-table.ts";
import { publishRun } from "../workspace/fetch-run.ts";
import { type Session, withEngine } from "../workspace/session.ts";
import { CellCounter } from "./cells.ts";
import { compareAnswers, makeFigures } from "./figures.ts";
import { type Evaluated, findEvaluated } from "./find-evaluated.ts";
import { makeScorer, type Scorer } from "./match.ts";
import { type GoldTable, makePairs, numberRelation } from "./pairs.ts";
import { checkTargets } from "./targets.ts";

/** What is compared with what, and how. */
export interface EvalRequest {
  /** A run's id, the start of one, or its name. */
  readonly run: string;
  /** A column with what is right; of `goldFile` where there is one, else of the run's table. Another run's answers where left out. */
  readonly gold?: string;
  /** A table with the gold column. */
  readonly goldFile?: string;
  /** A column that finds the row of the gold file, or of the other run. */
  readonly key?: string;
  /** The answer column; may be left out where there is one. */
  readonly answer?: string;
  /** Another run on the same rows. */
  readonly against?: string;
  readonly matching: Matching;
  readonly atLeast: readonly AskedTarget[];
  /** Where every row goes with its gold and whether it is right. */
  readonly output?: string;
}

/** Rows that are shown of those that differ. */
const shownRows = 20;

/**
 * Counts how good the answers of a run are, and keeps it in the run's folder for its report.
 * @throws UNKNOWN_RUN, AMBIGUOUS_RUN, NO_RESULTS, RUN_CLEANED, UNKNOWN_COLUMN, BAD_OPTIONS, NO_GOLD, BAD_OUTPUT, and what reading a table throws
 */
export async function evaluateRun(session: Pick<Session, "config">, request: EvalRequest): Promise<Evaluation> {
  const own = await findEvaluated(session, request.run, request.answer);
  const other =
    request.against === undefined ? undefined : await findEvaluated(session, request.against, undefined, own.answer);
  if (request.gold === undefined && other === undefined)
    refuse("there is nothing to compare with: --gold <column>, or --against <run>");
  if (request.output !== undefined) findOutputFormat(request.output);
  const { paths } = own;
  const directory = join(paths.directory, `eval-${process.pid}`);
  mkdirSync(directory, { recursive: true });
  try {
    const evaluation = await withEngine(paths, async (engine) => {
      const goldTable =
        request.goldFile === undefined ? undefined : await openGold(engine, request.goldFile, directory);
      await makePairs(engine, {
        table: own.table,
        answer: own.answer,
        goldTable,
        gold: request.gold,
        key: request.key,
        other: other && { ...other.table, answer: other.answer },
      });
      const counted = await countPairs(engine, request, own, other);
      if (request.output !== undefined)
        await writePairs(engine, request.output, directory, other !== undefined && request.gold !== undefined);
      return counted;
    });
    commitText(paths.evaluation, `${JSON.stringify(evaluation, null, 2)}\n`);
    await publishRun(paths, basename(paths.evaluation));
    return evaluation;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const refuse = (problem: string): never => {
  throw new HalfpriceError("BAD_OPTIONS", { problems: [problem], command: "halfprice eval" });
};

async function openGold(engine: Engine, path: string, directory: string): Promise<GoldTable> {
  const { table } = await freezeTable(engine, { path }, directory);
  return { relation: numberRelation(table.relation), shownPath: path };
}

async function countPairs(
  engine: Engine,
  request: EvalRequest,
  own: Evaluated,
  other: Evaluated | undefined,
): Promise<Evaluation> {
  const { matching, gold } = request;
  const score = makeScorer(matching);
  const isCompared = other !== undefined && gold !== undefined;
  registerScore(engine, score);
  const { rows, unanswered, unansweredOther, withoutGold } = await countRows(engine);
  const goldName = gold ?? `run ${other?.id ?? ""}`;
  if (rows === 0) throw new HalfpriceError("NO_GOLD", { column: goldName, rows: withoutGold });
  const counter = new CellCounter();
  const query = `SELECT gold, answer, other, count(*) FROM pairs WHERE gold IS NOT NULL GROUP BY ALL`;
  for await (const [golds = [], answers = [], others = [], counts = []] of engine.chunks(query)) {
    for (const [index, each] of golds.entries()) {
      const [wanted, given, given2] = [String(each), answers[index] as string | null, others[index] as string | null];
      counter.add(
        isCompared ? [score(wanted, given), score(wanted, given2)] : [score(wanted, given)],
        Number(counts[index]),
      );
    }
  }
  const cells = counter.finish();
  const figures = makeFigures(cells, matching.mode);
  const compared = isCompared ? makeFigures(cells, matching.mode, 1) : undefined;
  return {
    runId: own.id,
    answer: own.answer,
    gold: goldName,
    match: matching.mode,
    rows,
    unanswered,
    withoutGold,
    ...figures,
    confusions: cells.labels.length > 0 && !/set|spans/.test(matching.mode) ? await readConfusions(engine) : [],
    differing: await readDiffering(engine, isCompared),
    ...(compared === undefined || other === undefined
      ? {}
      : {
          against: {
            runId: other.id,
            answer: other.answer,
            unanswered: unansweredOther,
            accuracy: compared.accuracy,
            kappa: compared.kappa,
            macroF1: compared.macroF1,
            weightedF1: compared.weightedF1,
            ...compareAnswers(cells, matching.mode),
          },
        }),
    atLeast: checkTargets(request.atLeast, figures),
  };
}

/** In SQL as `halfprice_is_right(gold, answer)`: '1' or '0'. */
function registerScore(engine: Engine, score: Scorer): void {
  engine.registerTextFunction("halfprice_is_right", 2, ([gold, answer]) =>
    gold !== null && gold !== undefined && score(gold, answer ?? null).isRight ? "1" : "0",
  );
}

async function countRows(
  engine: Engine,
): Promise<Record<"rows" | "unanswered" | "unansweredOther" | "withoutGold", number>> {
  const [counts = {}] = await engine.rows(`
    SELECT count(gold) AS rows, count(*) - count(gold) AS without_gold,
      count(*) FILTER (gold IS NOT NULL AND answer IS NULL) AS unanswered,
      count(*) FILTER (gold IS NOT NULL AND other IS NULL) AS unanswered_other
    FROM pairs`);
  const read = (name: string): number => Number(counts[name]);
  return {
    rows: read("rows"),
    unanswered: read("unanswered"),
    unansweredOther: read("unanswered_other"),
    withoutGold: read("without_gold"),
  };
}

async function readConfusions(engine: Engine): Promise<Evaluation["confusions"]> {
  const rows = await engine.rows(`
    SELECT gold, answer, count(*) AS rows FROM pairs
    WHERE gold IS NOT NULL AND halfprice_is_right(gold, answer) = '0' GROUP BY ALL ORDER BY rows DESC, gold, answer LIMIT 10`);
  return rows.map(({ gold, answer, rows: count }) => ({
    gold: String(gold),
    answer: answer as string | null,
    rows: Number(count),
  }));
}

async function readDiffering(engine: Engine, isCompared: boolean): Promise<DifferingRow[]> {
  const rows = await engine.rows(`
    SELECT * FROM (
      SELECT row, gold, answer, other, halfprice_is_right(gold, answer) AS is_right,
        ${isCompared ? "halfprice_is_right(gold, other)" : "'1'"} AS other_is_right
      FROM pairs WHERE gold IS NOT NULL
    ) WHERE is_right <> other_is_right ORDER BY row LIMIT ${shownRows}`);
  return rows.map((each) => ({
    row: Number(each["row"]) + 1,
    gold: String(each["gold"]),
    answer: each["answer"] as string | null,
    isRight: each["is_right"] === "1",
    ...(isCompared ? { other: each["other"] as string | null } : {}),
  }));
}

async function writePairs(engine: Engine, output: string, directory: string, isCompared: boolean): Promise<void> {
  const path = join(directory, "pairs.parquet");
  const right = (column: string): string =>
    `CASE WHEN gold IS NOT NULL THEN halfprice_is_right(gold, ${column}) = '1' END`;
  await engine.run(`
    COPY (
      SELECT row + 1 AS "row", gold, answer, ${right("answer")} AS is_right${isCompared ? `, other, ${right("other")} AS other_is_right` : ""}
      FROM pairs ORDER BY row
    ) TO ${quoteText(path)} (${writeOptions.parquet})`);
  await exportTable(engine, path, output);
}
