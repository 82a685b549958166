import { rmSync, statSync } from "node:fs";
import type { Engine } from "../engine/engine.ts";
import { linesOf, quoteList, quoteName, quoteText } from "../engine/sql.ts";
import { outputColumns, outputMembers, tornIdSql, typedOutput } from "../lines/line-format.ts";
import { makeReadable, spoiledMark } from "../lines/readable-output.ts";
import type { AnswerShape } from "../models/family.ts";
import { type CheckedAnswer, writeChecked } from "./check-answer.ts";
import { exactCallsFunction, longDigits, readExactCalls } from "./exact-calls.ts";
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

/** Makes the check of answers known to the engine; once for an engine. */
export function registerCheck({ engine, check }: AnswerReader): void {
  if (check === undefined) return;
  engine.registerTextFunction(checkFunction, 1, ([text]) =>
    text === null || text === undefined ? null : writeChecked(check(text)),
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
): Promise<{ lineCount: number; brokenCount: number; repeatedCount: number; namelessCount: number }> {
  const target = quoteName(table);
  const quoted = (texts: readonly string[]): string => texts.map(quoteText).join(", ") || "NULL";
  const checked =
    check === undefined ? "NULL" : `CASE WHEN error IS NULL AND text <> '' THEN ${checkFunction}(text) END`;
  const columns = fields.map((field) => `${valueOf(field)} AS ${quoteName(nameInAnswers(field))}`);
  const vector = fields.find(({ part }) => part === "vector");
  const plain = fields.some(({ part }) => part === "plain") ? `${shape.isPlain ?? "false"} AS is_plain, ` : "";
  const isEmpty =
    vector === undefined
      ? "coalesce(text, '') = ''"
      : vector.type === "FLOAT[]"
        ? "vector IS NULL"
        : `TRY_CAST(vector AS ${vector.type}) IS NULL`;
  const emptyReason =
    vector === undefined ? "'the answer is empty'" : `'the answer has no vector of the type ${vector.type}'`;
  const hasLong = (calls: string): string => `coalesce(regexp_matches(${calls}, ${quoteText(longDigits)}), false)`;
  const readParts = (parts: string, isExact = false): Promise<void> => {
    const own = shape.toolCalls ?? "NULL::VARCHAR";
    const calls = isExact ? `coalesce(CASE WHEN ${hasLong(own)} THEN ${exactCallsFunction}(line) END, ${own})` : own;
    // Where an answer is nothing but calls of tools, these are the answer.
    const text = shape.toolCalls === undefined ? shape.text : `coalesce(nullif(${shape.text}, ''), ${calls})`;
    return engine.run(`
    CREATE OR REPLACE TABLE ${target} AS
    WITH parts AS (${parts}),
    answers AS (
      SELECT broken, record_id, error, line, other,
        ${text} AS text, ${calls} AS tool_calls,
        ${plain}${shape.reasoning ?? "NULL::VARCHAR"} AS reasoning, ${shape.vector ?? "NULL::FLOAT[]"} AS vector,
        ${shape.stopReason} AS stop_reason,
        ${counted(shape.inputTokens)} AS input_tokens, ${counted(shape.outputTokens)} AS output_tokens,
        ${counted(shape.cacheReadTokens ?? "NULL")} AS cache_read_tokens, ${counted(shape.cacheWriteTokens ?? "NULL")} AS cache_write_tokens,
        ${counted(shape.reasoningTokens ?? "NULL")} AS told_tokens, ${shape.hasThought ?? "NULL::BOOLEAN"} AS has_thought, o IS NULL AS no_output
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
          ${shape.wholeReasons === undefined ? "" : `WHEN stop_reason IS NULL OR stop_reason NOT IN (${quoted(shape.wholeReasons)}) THEN 'error'`}
          WHEN ${isEmpty} THEN 'invalid'
          ${check === undefined ? "" : "WHEN NOT coalesce((checked ->> '$.ok')::BOOLEAN, false) THEN 'invalid'"}
          ELSE 'answered'
        END AS outcome
      FROM judged
    )
    SELECT broken AS "is broken", ${hasLong("tool_calls")} AS "has long digits", record_id, outcome, ${columns.join(", ")},
      stop_reason, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,
      -- Where it is not reported apart: what the answer's own length leaves of the output.
      CASE WHEN told_tokens IS NOT NULL THEN least(told_tokens, output_tokens)
        WHEN coalesce(has_thought, reasoning IS NOT NULL) THEN greatest(0, output_tokens - ceil(length(coalesce(text, '')) / ${lettersPerToken}))::BIGINT
      END AS reasoning_tokens, told_tokens IS NOT NULL AS is_reasoning_told,
      CASE outcome
        WHEN 'error' THEN CASE
          WHEN error IS NOT NULL THEN error
          WHEN starts_with(line, ${quoteText(spoiledMark)}) THEN 'the line of this record in the output has bytes that are not UTF-8'
          WHEN broken THEN 'the line of this record in the output is not JSON'
          WHEN no_output AND other IS NOT NULL THEN 'the answer is of another shape than the answers of this model'
          WHEN no_output THEN 'the line of this record in the output has neither an answer nor an error'
          ELSE ${endWords}
        END
        WHEN 'truncated' THEN CASE stop_reason
          WHEN 'model_context_window_exceeded' THEN 'cut off: the context window of the model was full (model_context_window_exceeded)'
          ELSE 'cut off at max_tokens'
        END
        WHEN 'refused' THEN concat('the model declined (', stop_reason, ')')
        WHEN 'invalid' THEN ${check === undefined ? emptyReason : "coalesce(checked ->> '$.reason', 'the answer is empty')"}
      END AS error,
      CASE
        WHEN outcome IN ('truncated', 'refused', 'invalid') THEN text
        -- The digits that a column could not hold, or the calls beside the text.
        WHEN outcome = 'answered' AND (checked ->> '$.inexact') IS NOT NULL THEN text
        WHEN outcome = 'answered' THEN CASE WHEN text IS DISTINCT FROM tool_calls THEN tool_calls END
        WHEN broken THEN ltrim(line, ${quoteText(spoiledMark)})
        ELSE coalesce(nullif(text, ''), other)
      END AS raw
    FROM outcomes`);
  };
  const isOdd = `outcome = 'error' AND stop_reason IS NULL AND input_tokens IS NULL AND error LIKE 'the %'`;
  try {
    await readParts(typedParts(files, shape.type));
    const found = async (condition: string): Promise<boolean> =>
      (await engine.rows(`SELECT 1 AS found FROM ${target} WHERE ${condition} LIMIT 1`)).length > 0;
    // The fast reading keeps no lines, and its JSON no long fractions.
    const isExact = await found('"has long digits"');
    if (isExact) await registerExactCalls(engine);
    if (isExact || (await found(isOdd))) await readParts(rawParts(files, shape.type), isExact);
  } catch {
    // One line that is torn, or of another shape, fails the typed reading of all: then each is looked at on its own.
    await registerExactCalls(engine);
    await readEach(files, (readable) => readParts(rawParts(readable, shape.type), shape.toolCalls !== undefined));
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
  return { lineCount: count("lines"), brokenCount: count("broken"), repeatedCount, namelessCount: count("nameless") };
}

/** Makes `readExactCalls` known to the engine, where it is not yet. */
async function registerExactCalls(engine: Engine): Promise<void> {
  const known = await engine.rows(
    `SELECT 1 AS known FROM duckdb_functions() WHERE function_name = ${quoteText(exactCallsFunction)} LIMIT 1`,
  );
  if (known.length > 0) return;
  engine.registerTextFunction(exactCallsFunction, 1, ([line]) =>
    line === null || line === undefined ? null : readExactCalls(line),
  );
}

/** Letters of an answer's token, about: only for the reasoning that is not reported apart. */
const lettersPerToken = 4;

/** A count of tokens; what no count can be is none: the manifest has to tell. */
const counted = (tokens: string): string => `(CASE WHEN (${tokens}) BETWEEN 0 AND 1e12 THEN (${tokens}) END)::BIGINT`;

/** Reads files that the engine may not be able to read as they are: then copies, for as long as it takes. */
async function readEach(files: readonly string[], read: (readable: readonly string[]) => Promise<void>): Promise<void> {
  const readable: string[] = [];
  try {
    for (const file of files) readable.push(await makeReadable(file, `${file}.readable`));
    // The engine's reader refuses a file without a line.
    await read(readable.filter((file) => statSync(file).size > 0));
  } finally {
    for (const file of files) rmSync(`${file}.readable`, { force: true });
  }
}

/** Why an answer that came is not taken for a whole one, by its stop reason. */
const endWords = `CASE
    WHEN stop_reason IS NULL AND coalesce(text, '') = '' THEN 'the answer is of another shape than the answers of this model'
    WHEN stop_reason IS NULL THEN 'the answer has no stop reason: nothing says that it is whole'
    WHEN starts_with(stop_reason, 'malformed_') OR stop_reason = 'error'
      THEN concat('the model broke off with an error of its own (', stop_reason, ')')
    WHEN stop_reason = 'pause_turn' THEN 'the model paused its turn: the answer is not whole (pause_turn)'
    ELSE concat('the answer ended with a stop reason that is not known to end a whole one (', stop_reason, ')')
  END`;

/** An error as a line has it. */
const errorType = "STRUCT(errorCode VARCHAR, errorMessage VARCHAR)";

/** An error's words, of its code and message; none where both are missing. */
const errorWords = (code: string, message: string): string =>
  `CASE WHEN ${code} IS NULL AND ${message} IS NULL THEN NULL
    WHEN ${code} IS NULL THEN ${message} ELSE concat(${message}, ' (', ${code}, ')') END`;

/**
 * Both readings give: line (only where it is kept), broken (it is no JSON), record_id, error (its words, NULL where there is none),
 * o (the answer as far as it is read), other (all of the answer as JSON, in the careful reading only).
 */

/** The fast reading: the engine's own reader of JSON lines, told what to expect. Fails as a whole. */
function typedParts(files: readonly string[], outputType: string): string {
  if (files.length === 0) return rawParts(files, outputType);
  const columns = outputColumns(outputType, errorType);
  const { recordId, answer, error } = typedOutput;
  return `
    SELECT NULL::VARCHAR AS line, false AS broken, ${recordId} AS record_id, ${answer} AS o, NULL::VARCHAR AS other,
      ${errorWords(`${error}.errorCode`, `${error}.errorMessage`)} AS error
    FROM read_json(${quoteList(files)}, format = 'newline_delimited', maximum_object_size = 4194304, columns = ${columns})`;
}

/**
 * The careful reading: every line as it is. What is no JSON keeps its bytes, and its record's id where that can be seen; an error
 * of another shape keeps its words, and so does an answer.
 */
function rawParts(files: readonly string[], outputType: string): string {
  const read = files.length === 0 ? "(SELECT NULL::VARCHAR AS line WHERE false)" : linesOf(files);
  const { recordId, answer, error } = outputMembers("j");
  const given = (member: string): string => `nullif(${member}, 'null'::JSON)`;
  return `
    SELECT line, j IS NULL AS broken,
      coalesce(${recordId}, ${tornIdSql("line")}) AS record_id,
      CASE json_type(e)
        WHEN 'OBJECT' THEN coalesce(
          ${errorWords("coalesce(e ->> '$.errorCode', e ->> '$.code', e ->> '$.type')", "coalesce(e ->> '$.errorMessage', e ->> '$.message', e ->> '$.Message')")},
          nullif(e::VARCHAR, '{}'))
        WHEN 'VARCHAR' THEN nullif(trim(e ->> '$'), '')
        ELSE nullif(e::VARCHAR, '[]')
      END AS error,
      o, m::VARCHAR AS other
    FROM (
      SELECT line, j,
        -- An error that stands in the answer's place, as Anthropic's API writes it too.
        coalesce(${given(error)}, CASE WHEN json_type(${answer}) = 'OBJECT' THEN coalesce(
          ${given(`${answer} -> '$.error'`)}, CASE WHEN ${answer} ->> '$.type' = 'error' THEN ${answer} END) END) AS e,
        ${given(answer)} AS m, TRY_CAST(${given(answer)} AS ${outputType}) AS o
      FROM (SELECT line, TRY_CAST(line AS JSON) AS j FROM ${read} WHERE line <> '')
    )`;
}

/** What is known about an answer, beside which its fields stand. */
const ownColumns = [
  ...["record_id", "outcome", "stop_reason", "input_tokens", "output_tokens", "error", "raw", "is_later"],
  ...["round", "cost_usd", "cache_read_tokens", "cache_write_tokens", "reasoning_tokens", "is_reasoning_told"],
];

/** A field's name in the table of answers: its column's, unless a schema calls a member like something of ours. */
export function nameInAnswers({ column }: AnswerField): string {
  return ownColumns.includes(column.toLowerCase()) ? `field ${column}` : column;
}

/** What a field holds, as SQL; a checked answer has its members in the shape of their columns. */
function valueOf({ part, member, type }: AnswerField): string {
  if (part === "reasoning") return "reasoning";
  if (part === "plain") return "outcome = 'answered' AND coalesce(is_plain, false)";
  if (part === "vector") return `CASE WHEN outcome = 'answered' THEN vector::${type} END`;
  if (member === undefined) return "CASE WHEN outcome = 'answered' THEN text END";
  const path = quoteText(`$.value.${JSON.stringify(member)}`);
  if (type === "VARCHAR") return `CASE WHEN outcome = 'answered' THEN checked ->> ${path} END`;
  return `CASE WHEN outcome = 'answered' THEN TRY_CAST((checked::JSON -> ${path}) AS ${type}) END`;
}
