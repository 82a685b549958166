import type { Engine } from "../engine/engine.ts";
import { numberedRows, quoteName } from "../engine/sql.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { findNearest } from "../foundation/nearest-name.ts";
import type { ResultColumns } from "../results/result-columns.ts";

/** A run's table, as an evaluation reads it. */
export interface EvaluatedTable {
  /** `results.parquet`. */
  readonly path: string;
  readonly columns: ResultColumns;
}

/** Rows with a number of their own, from 0, as `row`. */
export interface GoldTable {
  readonly relation: string;
  /** As the user named it. */
  readonly shownPath: string;
}

/** The answers of two runs to the same rows. */
export interface PairsInput {
  readonly table: EvaluatedTable;
  /** The answer column that is evaluated. */
  readonly answer: string;
  /** Where gold is; the table itself where undefined, the other run's answer where there is no column either. */
  readonly goldTable: GoldTable | undefined;
  readonly gold: string | undefined;
  /** A column that finds a row of gold, or of the other run, by its value; by its place where undefined. */
  readonly key: string | undefined;
  readonly other: (EvaluatedTable & { readonly answer: string }) | undefined;
}

/**
 * Makes the temporary table `pairs` of all rows: `row`, `gold` (NULL where there is none), `answer` and `other` (NULL where there is none),
 * all as text.
 * @throws UNKNOWN_COLUMN, BAD_OPTIONS where rows cannot be told to belong together
 */
export async function makePairs(engine: Engine, input: PairsInput): Promise<void> {
  const { table, answer, goldTable, gold, key, other } = input;
  const own = numberedRows(table.path);
  const columns = await describe(engine, own);
  const type = getColumn(columns, answer, "--answer");
  const joins: string[] = [];
  const on = (side: string): string =>
    key === undefined ? `${side}.row = r.row` : `${side}.${quoteName(key)}::VARCHAR = r.${quoteName(key)}::VARCHAR`;
  let goldSql = gold === undefined ? undefined : toGold(`r.${quoteName(gold)}`, columns.get(gold), type);
  if (goldTable !== undefined && gold !== undefined) {
    const given = await describe(engine, goldTable.relation);
    goldSql = toGold(`g.${quoteName(gold)}`, getColumn(given, gold, "--gold"), type);
    await checkJoin(engine, own, columns, goldTable.relation, given, key, goldTable.shownPath);
    joins.push(`LEFT JOIN ${goldTable.relation} g ON ${on("g")}`);
  } else if (gold !== undefined) getColumn(columns, gold, "--gold");
  let otherSql = "NULL::VARCHAR";
  if (other !== undefined) {
    const relation = numberedRows(other.path);
    const given = await describe(engine, relation);
    const text = toText(`o.${quoteName(other.answer)}`, getColumn(given, other.answer, "--against"));
    otherSql = `CASE WHEN o.${quoteName(other.columns.meta.outcome)} = 'answered' THEN ${text} END`;
    await checkJoin(engine, own, columns, relation, given, key, "the other run");
    if (key === undefined)
      await checkSameRows(engine, own, [...columns.keys()], table.columns, relation, [...given.keys()]);
    joins.push(`LEFT JOIN ${relation} o ON ${on("o")}`);
  }
  const answerSql = `CASE WHEN r.${quoteName(table.columns.meta.outcome)} = 'answered' THEN ${toText(`r.${quoteName(answer)}`, type)} END`;
  await engine.run(`
    CREATE TEMP TABLE pairs AS
    SELECT row, CASE WHEN trim(gold) <> '' THEN gold END AS gold, answer, other FROM (
      SELECT r.row, ${goldSql ?? otherSql} AS gold, ${answerSql} AS answer, ${goldSql === undefined ? "NULL::VARCHAR" : otherSql} AS other
      FROM ${own} r ${joins.join(" ")}
    ) ORDER BY row`);
}

async function describe(engine: Engine, relation: string): Promise<Map<string, string>> {
  const rows = await engine.rows(`DESCRIBE SELECT * EXCLUDE (row) FROM ${relation}`);
  return new Map(rows.map((row) => [String(row["column_name"]), String(row["column_type"])]));
}

/** @returns the column's type @throws UNKNOWN_COLUMN */
function getColumn(columns: ReadonlyMap<string, string>, name: string, where: string): string {
  const type = columns.get(name);
  if (type !== undefined) return type;
  const names = [...columns.keys()];
  throw new HalfpriceError("UNKNOWN_COLUMN", {
    column: name,
    where,
    columns: names,
    nearest: findNearest(name, names),
  });
}

/** A cell as text; what is nested as JSON. */
const toText = (sql: string, type: string): string =>
  /[[(]/.test(type) ? `to_json(${sql})::VARCHAR` : `${sql}::VARCHAR`;

/** Gold as the answer's column writes its values: `5` and `yes` of a CSV are what `5.0` and `true` are. */
function toGold(sql: string, type: string | undefined, answerType: string): string {
  const text = toText(sql, type ?? "VARCHAR");
  if (answerType === "BOOLEAN") return `coalesce(TRY_CAST(${text} AS BOOLEAN)::VARCHAR, ${text})`;
  if (answerType === "DOUBLE") return `coalesce(TRY_CAST(${text} AS DOUBLE)::VARCHAR, ${text})`;
  if (answerType !== "BIGINT") return text;
  return `CASE WHEN TRY_CAST(${text} AS DOUBLE) = TRY_CAST(${text} AS BIGINT) THEN TRY_CAST(${text} AS BIGINT)::VARCHAR ELSE ${text} END`;
}

const refuse = (problem: string): never => {
  throw new HalfpriceError("BAD_OPTIONS", { problems: [problem], command: "halfprice eval" });
};

/** By place there have to be as many rows; by key each key may be there once. */
async function checkJoin(
  engine: Engine,
  own: string,
  columns: ReadonlyMap<string, string>,
  relation: string,
  given: ReadonlyMap<string, string>,
  key: string | undefined,
  name: string,
): Promise<void> {
  if (key !== undefined) {
    getColumn(columns, key, "--key");
    getColumn(given, key, "--key");
    const [twice] = await engine.rows(
      `SELECT ${quoteName(key)}::VARCHAR AS value, count(*) AS count FROM ${relation} WHERE ${quoteName(key)} IS NOT NULL GROUP BY 1 HAVING count(*) > 1 ORDER BY 2 DESC, 1 LIMIT 1`,
    );
    if (twice !== undefined)
      refuse(
        `--key ${key} does not tell the rows of ${name} apart: ${JSON.stringify(twice["value"])} is there ${String(twice["count"])} times`,
      );
    return;
  }
  const [counts = {}] = await engine.rows(
    `SELECT (SELECT count(*) FROM ${own}) AS own, (SELECT count(*) FROM ${relation}) AS given`,
  );
  if (counts["own"] !== counts["given"])
    refuse(
      `${name} has ${String(counts["given"])} rows and the run's table ${String(counts["own"])}; name a column that both have and that tells rows apart: --key <column>`,
    );
}

/** Two runs are compared row by row only where the rows are the same. */
async function checkSameRows(
  engine: Engine,
  own: string,
  names: readonly string[],
  { fields, meta }: ResultColumns,
  relation: string,
  given: readonly string[],
): Promise<void> {
  const made = new Set([...fields.map(({ column }) => column), ...Object.values(meta)]);
  const shared = names.filter((name) => !made.has(name) && given.includes(name));
  if (shared.length === 0) return;
  const differs = shared
    .map((name) => `a.${quoteName(name)}::VARCHAR IS DISTINCT FROM b.${quoteName(name)}::VARCHAR`)
    .join(" OR ");
  const [first] = await engine.rows(
    `SELECT a.row FROM ${own} a JOIN ${relation} b USING (row) WHERE ${differs} ORDER BY 1 LIMIT 1`,
  );
  if (first !== undefined)
    refuse(
      `the two runs have different rows, from row ${Number(first["row"]) + 1} on; name a column that tells rows apart: --key <column>`,
    );
}

/** A table of gold with a number for each row, from 0. */
export const numberRelation = (relation: string): string =>
  `(SELECT (row_number() OVER () - 1) AS row, * FROM ${relation})`;
