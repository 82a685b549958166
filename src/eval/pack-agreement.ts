import type { Engine } from "../engine/engine.ts";
import { numberedRows, quoteName } from "../engine/sql.ts";
import type { PackTrial } from "../foundation/types/index.ts";
import { isAsked } from "../results/result-columns.ts";
import { makeShare } from "./figure.ts";
import { findLowestDifference } from "./paired-difference.ts";
import { type EvaluatedTable } from "./pairs.ts";

/** Of one side: what is printed as a 95 % interval has as much on the other. */
const confidence = 0.975;

/** How answers of the same rows agree. */
export interface AgreementCounts {
  /** Rows that were answered every time. */
  readonly rows: number;
  readonly lostCount: number;
  /** Rows whose two single answers are the same, and rows whose packed answer is the first single one. */
  readonly singleCount: number;
  readonly packedCount: number;
  /** Rows in which only the single ones agree, and in which only the packed one does. */
  readonly onlySingle: number;
  readonly onlyPacked: number;
}

/**
 * Compares packed answers with single ones, row by row.
 * @param single a table in which every row comes twice, one after the other
 * @param packed the same rows once, in the same order
 */
export async function countAgreement(
  engine: Engine,
  single: EvaluatedTable,
  packed: EvaluatedTable,
): Promise<AgreementCounts> {
  const fields = single.columns.fields.filter(isAsked);
  const answer = `to_json([${fields.map(({ column }) => `${quoteName(column)}::VARCHAR`).join(", ")}])::VARCHAR`;
  const isAnswered = ({ columns }: EvaluatedTable): string => `${quoteName(columns.meta.outcome)} = 'answered'`;
  const [sum = {}] = await engine.rows(`
    WITH single AS (
      SELECT row // 2 AS row, max(answer) FILTER (turn = 0) AS first, max(answer) FILTER (turn = 1) AS second FROM (
        SELECT row, row % 2 AS turn, CASE WHEN ${isAnswered(single)} THEN ${answer} END AS answer FROM ${numberedRows(single.path)}
      ) GROUP BY 1
    ),
    compared AS (
      SELECT first = second AS is_single, first = p.answer AS is_packed, p.answer IS NULL AS is_lost
      FROM single JOIN (
        SELECT row, CASE WHEN ${isAnswered(packed)} THEN ${answer} END AS answer FROM ${numberedRows(packed.path)}
      ) p USING (row) WHERE first IS NOT NULL AND second IS NOT NULL
    )
    SELECT count(*) FILTER (NOT is_lost) AS rows, count(*) FILTER (is_lost) AS lost,
      count(*) FILTER (is_single AND NOT is_lost) AS single, count(*) FILTER (is_packed) AS packed,
      count(*) FILTER (is_single AND NOT is_packed AND NOT is_lost) AS only_single,
      count(*) FILTER (is_packed AND NOT is_single) AS only_packed
    FROM compared`);
  const read = (name: string): number => Number(sum[name] ?? 0);
  return {
    ...{ rows: read("rows"), lostCount: read("lost"), singleCount: read("single"), packedCount: read("packed") },
    ...{ onlySingle: read("only_single"), onlyPacked: read("only_packed") },
  };
}

/**
 * Judges packed answers: by how much less they agree with single ones than single ones with each other.
 * @param tolerance by how much they may, 0 to 1
 */
export function judgeTrial(rowsPerRequest: number, counts: AgreementCounts, tolerance: number): PackTrial {
  const { rows, lostCount, singleCount, packedCount, onlySingle, onlyPacked } = counts;
  const low = findLowestDifference({ onlyFirst: onlyPacked, onlySecond: onlySingle, rows }, confidence);
  return {
    ...{ rowsPerRequest, rows, lostCount },
    packed: makeShare(packedCount, rows),
    single: makeShare(singleCount, rows),
    difference: { value: rows === 0 ? 0 : (onlyPacked - onlySingle) / rows, low },
    // Where most rows are lost, those that came back are no sample of all.
    isWithin: low >= -tolerance && lostCount <= rows,
  };
}
