import type { Engine } from "../engine/engine.ts";
import { linesOf, quoteList, quoteName, quoteText } from "../engine/sql.ts";
import type { AnswerShape } from "../models/family.ts";
import type { CheckedAnswer } from "./check-answer.ts";
import type { AnswerField } from "./result-columns.ts";

/** What reads a job's output. */
export interface AnswerReader {
  readonly engine: Engine;
  readonly shape: AnswerShape;
  readonly fields: readonly AnswerField[];
  /** Undefined where any text is an answer. */
  readonly check: ((text: string) => CheckedAnswer) | undefined;
}

/** The name under which the engine knows the check of answers. */
const checkFunction = "halfprice_check";

/** Makes the check known to the engine; once for an engine. */
export function registerCheck({ engine, check }: AnswerReader): void {
  if (check === undefined) return;
  engine.registerTextFunction(checkFunction, 1, ([text]) =>
    text === null || text === undefined ? null : JSON.stringify(check(text)),
  );
}

/**
 * Reads output files into a table of the engine: record_id, outcome, the answer's columns, stop_reason, tokens, error, raw.
 * One row a record id: where the service wrote a record twice, the better answer is kept, then the first. A line that is
 * no JSON keeps its bytes as `raw`, and its record gets the outcome `error` where the id can still be read.
 * @returns what was odd about the lines, for the report
 */
export async function readAnswers(
  { engine, shape, fields, check }: AnswerReader,
  files: readonly string[],
  table: string,
): Promise<{ lineCount: number; brokenCount: number; repeatedCount: number }> {
  const target = quoteName(table);
  const quoted = (texts: readonly string[]): string => texts.map(quoteText).join(", ") || "NULL";
  const checked =
    check === undefined ? "NULL" : `CASE WHEN error IS NULL AND text <> '' THEN ${checkFunction}(text) END`;
  const columns = fields.map((field) => `${valueOf(field)} AS ${quoteName(nameInAnswers(field))}`);
  const vector = fields.find(({ part }) => part === "vector");
  const isEmpty =
    vector === undefined
      ? "coalesce(text, '') = ''"
      : vector.type === "FLOAT[]"
        ? "vector IS NULL"
        : `TRY_CAST(vector AS ${vector.type}) IS NULL`;
  const emptyReason =
    vector === undefined ? "'the answer is empty'" : `'the answer has no vector of the type ${vector.type}'`;
  const readParts = (parts: string): Promise<void> =>
    engine.run(`
    CREATE OR REPLACE TABLE ${target} AS
    WITH parts AS (${parts}),
    answers AS (
      SELECT broken, record_id, error, line,
        ${shape.text} AS text, ${shape.reasoning ?? "NULL::VARCHAR"} AS reasoning, ${shape.vector ?? "NULL::FLOAT[]"} AS vector,
        ${shape.stopReason} AS stop_reason,
        ${shape.inputTokens} AS input_tokens, ${shape.outputTokens} AS output_tokens, o IS NULL AS no_output
      FROM parts
    ),
    judged AS (
      SELECT *, ${checked} AS checked FROM answers
    ),
    outcomes AS (
      SELECT *,
        CASE
          WHEN error IS NOT NULL OR broken OR no_output THEN 'error'
          WHEN stop_reason IN (${quoted(shape.truncatedReasons)}) THEN 'truncated'
          WHEN stop_reason IN (${quoted(shape.refusedReasons)}) THEN 'refused'
          WHEN ${isEmpty} THEN 'invalid'
          ${check === undefined ? "" : "WHEN NOT coalesce((checked ->> '$.ok')::BOOLEAN, false) THEN 'invalid'"}
          ELSE 'answered'
        END AS outcome
      FROM judged
    )
    SELECT broken AS "is broken", record_id, outcome, ${columns.join(", ")},
      stop_reason, input_tokens, output_tokens,
      CASE outcome
        WHEN 'error' THEN CASE
          WHEN broken THEN 'the line of this record in the output is not JSON'
          WHEN error IS NULL THEN 'the line of this record in the output has neither an answer nor an error'
          ELSE concat(error.errorMessage, CASE WHEN error.errorCode IS NULL THEN '' ELSE concat(' (', error.errorCode, ')') END) END
        WHEN 'truncated' THEN 'cut off at max_tokens'
        WHEN 'refused' THEN concat('the model declined (', stop_reason, ')')
        WHEN 'invalid' THEN ${check === undefined ? emptyReason : "coalesce(checked ->> '$.reason', 'the answer is empty')"}
      END AS error,
      CASE WHEN outcome IN ('truncated', 'refused', 'invalid') THEN text WHEN broken THEN line END AS raw
    FROM outcomes`);
  try {
    await readParts(typedParts(files, shape.type));
  } catch {
    // One line that is torn, or of another shape, fails the typed reading of all: then each is looked at on its own.
    await readParts(rawParts(files, shape.type));
  }
  const [counts = {}] = await engine.rows(
    `SELECT count(*) AS lines, count(*) FILTER ("is broken") AS broken,
      count(*) FILTER ("is broken" AND record_id = '') AS nameless,
      count(DISTINCT record_id) FILTER (record_id <> '') AS kept FROM ${target}`,
  );
  const count = (name: string): number => Number(counts[name]);
  if (count("kept") < count("lines")) {
    // Rows of a table stand in the order in which they were read, so no line has to be numbered while it is read.
    await engine.run(`
    CREATE OR REPLACE TABLE ${target} AS
    SELECT * FROM ${target} WHERE record_id <> ''
    QUALIFY row_number() OVER (PARTITION BY record_id ORDER BY CASE outcome WHEN 'answered' THEN 0 WHEN 'error' THEN 2 ELSE 1 END, rowid) = 1`);
  }
  const repeatedCount = Math.max(0, count("lines") - count("kept") - count("nameless"));
  return { lineCount: count("lines"), brokenCount: count("broken"), repeatedCount };
}

/** An error as a line has it. */
const errorType = "STRUCT(errorCode VARCHAR, errorMessage VARCHAR)";

/** The fast reading: the engine's own reader of JSON lines, told what to expect. Fails as a whole. */
function typedParts(files: readonly string[], outputType: string): string {
  if (files.length === 0) return rawParts(files, outputType);
  const columns = `{recordId: 'VARCHAR', modelOutput: ${quoteText(outputType)}, error: ${quoteText(errorType)}}`;
  return `
    SELECT NULL::VARCHAR AS line, false AS broken, recordId AS record_id, error, modelOutput AS o
    FROM read_json(${quoteList(files)}, format = 'newline_delimited', maximum_object_size = 4194304, columns = ${columns})`;
}

/** The careful reading: every line as it is. What is no JSON keeps its bytes, and its record's id where that can be seen. */
function rawParts(files: readonly string[], outputType: string): string {
  const lineType = `STRUCT(recordId VARCHAR, modelOutput ${outputType}, error ${errorType})`;
  const read = files.length === 0 ? "(SELECT NULL::VARCHAR AS line WHERE false)" : linesOf(files);
  return `
    SELECT line, l IS NULL AS broken,
      coalesce(l.recordId, regexp_extract(line, '"recordId"\\s*:\\s*"([^"\\\\]+)"', 1)) AS record_id,
      l.error AS error, l.modelOutput AS o
    FROM (
      SELECT line, TRY_CAST(TRY_CAST(line AS JSON) AS ${lineType}) AS l FROM ${read} WHERE line <> ''
    )`;
}

/** What is known about an answer, beside which its fields stand. */
const ownColumns = [
  ...["record_id", "outcome", "stop_reason", "input_tokens", "output_tokens", "error", "raw", "is_later"],
  ...["round", "cost_usd"],
];

/** A field's name in the table of answers: its column's, unless a schema calls a member like something of ours. */
export function nameInAnswers({ column }: AnswerField): string {
  return ownColumns.includes(column.toLowerCase()) ? `field ${column}` : column;
}

/** What a field holds, as SQL; a checked answer has its members in the shape of their columns. */
function valueOf({ part, member, type }: AnswerField): string {
  if (part === "reasoning") return "reasoning";
  if (part === "vector") return `CASE WHEN outcome = 'answered' THEN vector::${type} END`;
  if (member === undefined) return "CASE WHEN outcome = 'answered' THEN text END";
  const path = quoteText(`$.value.${JSON.stringify(member)}`);
  if (type === "VARCHAR") return `CASE WHEN outcome = 'answered' THEN checked ->> ${path} END`;
  return `CASE WHEN outcome = 'answered' THEN TRY_CAST((checked::JSON -> ${path}) AS ${type}) END`;
}
