import { rmSync } from "node:fs";
import { join } from "node:path";
import { restoreMarks, textOf } from "../engine/cell-text.ts";
import type { Engine } from "../engine/engine.ts";
import { withMoreMemory } from "../engine/more-memory.ts";
import { quoteName, quoteText, writeOptions } from "../engine/sql.ts";
import { defined } from "../foundation/defined.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import type { Table } from "../foundation/types/index.ts";
import { inputLineSql } from "../lines/line-format.ts";
import { type MediaPlace, MediaStore } from "../media/media-store.ts";
import type { Prompt } from "../prompt/prompt.ts";
import { bodySql, type RequestShape } from "./body-sql.ts";
import type { PromptFailures } from "./call-prompt.ts";
import { countedColumns, makeEmptyCounter } from "./empty-cells.ts";
import { refuseMissingMembers } from "./find-column.ts";
import { type MediaOutcome, writeMediaLines } from "./media-lines.ts";
import { functionItemSql } from "./packs/item-parts.ts";
import { packedMediaProblem } from "./packs/pack-request.ts";
import { noLine, recordFiles } from "./record-files.ts";
import { type RenderContents, renderFunctionContents, renderTemplateContents } from "./render-contents.ts";
import { FilesInPrompt, isBlank, renderSql } from "./render-sql.ts";

/** What records are made from. */
export interface RecordSource {
  readonly engine: Engine;
  readonly table: Table;
  readonly prompt: Prompt;
  readonly shape: RequestShape;
  /** The run's directory. */
  readonly directory: string;
  /** Rows with nothing in a cell that the prompt names are not sent. */
  readonly skipEmpty?: boolean;
  /** There may be nothing to ask in any row. @defaultValue false */
  readonly mayBeEmpty?: boolean;
  /** What becomes of a row at which a prompt function fails. @defaultValue "fail" */
  readonly onPromptError?: "fail" | "skip" | undefined;
  /** Where pictures and documents are looked for. @defaultValue the working folder */
  readonly media?: MediaPlace | undefined;
  /** What becomes of a row whose picture or document cannot be sent. @defaultValue "fail" */
  readonly onMediaError?: "fail" | "skip" | undefined;
}

/** What came of writing a line for every row. */
export interface WrittenLines {
  /** Columns that the prompt uses. */
  readonly columns: readonly string[];
  /** NULL or empty cells of the first of them, in their order. */
  readonly emptyCounts: readonly number[];
  readonly failures: PromptFailures | undefined;
  /** Absent where the prompt has neither pictures nor documents. */
  readonly media?: MediaOutcome;
}

/**
 * Renders the prompt over every row: a line for each in the table's order, or what stands for none.
 * @throws UNKNOWN_COLUMN, PROMPT_FAILED, BAD_MEDIA, MEDIA_NOT_TAKEN
 */
export async function writeLines(source: RecordSource, target: string): Promise<WrittenLines> {
  const { engine, prompt, shape } = source;
  // The number of an answer is none of the prompt's business.
  const table =
    shape.answersPerRow === undefined
      ? source.table
      : { ...source.table, columns: source.table.columns.filter(({ name }) => name !== shape.answerColumn) };
  if (prompt.kind === "template") await refuseMissingMembers(engine, table, prompt);
  if (prompt.kind === "template" && prompt.parts.some(({ kind }) => kind === "media"))
    return writeWithMedia(source, target, (store) => renderTemplateContents(engine, table, prompt, store));
  try {
    return await writeTexts(source, table, target);
  } catch (error) {
    if (!(error instanceof FilesInPrompt) || prompt.kind !== "function") throw error;
    if (shape.items !== undefined) refusePackedMedia();
    const { onPromptError } = source;
    const options = { ...defined({ onPromptError }), texts: error.texts };
    return writeWithMedia(source, target, (store) => renderFunctionContents(engine, table, prompt, store, options));
  }
}

/** @throws PACK_REFUSED */
function refusePackedMedia(): never {
  throw new HalfpriceError("PACK_REFUSED", { problems: [packedMediaProblem] });
}

async function writeTexts(source: RecordSource, table: Table, target: string): Promise<WrittenLines> {
  const { engine, prompt } = source;
  const { text, item, columns, isNeverBlank, isEmpty, failures } = renderSql(
    engine,
    table,
    prompt,
    source.onPromptError,
  );
  const cells = columns.slice(0, countedColumns).map((name) => cellOf(table, name));
  const empty = await makeEmptyCounter(engine, cells);
  const sql = linesSql(source, {
    text: `concat(${[text, ...empty.marks].join(", ")})`,
    ...defined({ item }),
    isNeverBlank: isNeverBlank && source.skipEmpty !== true,
    ...(source.skipEmpty === true ? { isEmpty } : {}),
  });
  await engine.run(`COPY (${sql}) TO ${quoteText(target)} (${writeOptions.lines})`);
  return { columns, emptyCounts: await empty.read(), failures };
}

/**
 * Runs a statement over cells that may be pictures: on one thread, and with more memory where it takes that, since of a row group of Parquet
 * the engine has all at once.
 */
async function runWithMemory(engine: Engine, sql: string, hasBytes: boolean): Promise<void> {
  if (!hasBytes) return engine.run(sql);
  const [now = {}] = await engine.rows(
    "SELECT current_setting('memory_limit') AS memory_limit, current_setting('threads') AS threads",
  );
  try {
    await engine.run("SET threads = 1");
    await withMoreMemory(engine, () => engine.run(sql));
  } finally {
    await engine.run(`SET memory_limit = '${String(now["memory_limit"])}'`).catch(() => undefined);
    await engine.run(`SET threads = ${String(now["threads"])}`);
  }
}

/** The engine writes what the rows ask, and the files are found and checked as that is read. */
async function writeWithMedia(
  source: RecordSource,
  target: string,
  render: (store: MediaStore) => RenderContents,
): Promise<WrittenLines> {
  const { engine, table, shape, directory, skipEmpty, onMediaError } = source;
  const place = source.media ?? { base: process.cwd(), fetchObject: () => Promise.resolve(false) };
  const store = new MediaStore(join(directory, recordFiles.media), place);
  const { parts, columns, isEmpty, failures } = render(store);
  const empty = await makeEmptyCounter(
    engine,
    columns.slice(0, countedColumns).map((name) => cellOf(table, name)),
  );
  const number = shape.answersPerRow === undefined ? "1" : quoteName(shape.answerColumn ?? "");
  const contents = `${target}.contents`;
  const isSkipped = skipEmpty === true ? `(parts IS NULL OR is_empty)` : "parts IS NULL";
  const copy = `
    COPY (
      SELECT CASE WHEN ${isSkipped} THEN ${quoteText(noLine)} ELSE concat('{"n":', n, ',"parts":', parts, '}') END AS line
      FROM (
        SELECT nullif(written, '') AS parts, is_empty, n FROM (
          SELECT concat(${[`coalesce(${parts}, '')`, ...empty.marks].join(", ")}) AS written, ${isEmpty} AS is_empty, ${number} AS n
          FROM ${table.relation}))
    ) TO ${quoteText(contents)} (${writeOptions.lines})`;
  await runWithMemory(
    engine,
    copy,
    table.columns.some(({ type }) => type === "BLOB"),
  );
  const emptyCounts = await empty.read();
  const media = await writeMediaLines(contents, target, shape, store, onMediaError);
  rmSync(contents);
  return { columns, emptyCounts, failures, media };
}

interface Rendered {
  readonly text: string;
  /** What a row has of its own, where the prompt says. */
  readonly item?: string;
  readonly isNeverBlank: boolean;
  /** Rows to skip besides those without a text. */
  readonly isEmpty?: string;
}

/** The engine's pass over the table: a line for every row in its order, or what stands for none. */
function linesSql({ table, prompt, shape }: RecordSource, rendered: Rendered): string {
  const { body, recordId } = bodySql(shape);
  // A template puts cells side by side: their marks can wait until there is one text to look at. A function sees cells, and so does an item.
  const isPacked = shape.items !== undefined;
  const canWait = !isPacked && prompt.kind === "template" && !prompt.parts.some(({ kind }) => kind === "row");
  const marked = canWait ? table.marked : undefined;
  // Rows that come several times are Parquet, which has no marks.
  const number = shape.answersPerRow === undefined ? undefined : "answer_number";
  const numbered = number === undefined ? "" : `, ${quoteName(shape.answerColumn ?? "")} AS ${number}`;
  const emptied = rendered.isEmpty === undefined ? "" : `, ${rendered.isEmpty} AS is_empty`;
  const texts = (marked?.marks ?? []).reduce(
    (from, pair) =>
      `(SELECT ${restoreMarks("text", { relation: from, marks: [pair] })} AS text${emptied === "" ? "" : ", is_empty"} FROM ${from})`,
    `(SELECT ${rendered.text} AS text${numbered}${emptied} FROM ${marked?.relation ?? table.relation})`,
  );
  if (isPacked) return itemLinesSql(shape, rendered, table.relation);
  const line = inputLineSql(recordId("body", number), "body");
  const kept = number === undefined ? "" : `, ${number}`;
  if (rendered.isNeverBlank) return `SELECT ${line} AS line FROM (SELECT ${body("text")} AS body${kept} FROM ${texts})`;
  return `
    SELECT CASE WHEN blank THEN ${quoteText(noLine)} ELSE ${line} END AS line
    FROM (SELECT ${body("text")} AS body, ${emptied === "" ? isBlank("text") : `(is_empty OR ${isBlank("text")})`} AS blank${kept} FROM ${texts})`;
}

/** The same of a packed run: a line has the cells of its row, under the name of the request that would ask it alone. */
function itemLinesSql(shape: RequestShape, { text, item, isEmpty, isNeverBlank }: Rendered, relation: string): string {
  const { body, recordId } = bodySql(shape);
  // Marks of the prompt's form lose their meaning before rows stand side by side; done again for a row alone, it changes nothing.
  const escape = shape.family.escapeText ?? ((sql: string) => sql);
  const own = escape(functionItemSql("text", shape.items ?? []));
  const columns = [`${text} AS text`, ...(item === undefined ? [] : [`${escape(item)} AS item`])];
  if (isEmpty !== undefined) columns.push(`${isEmpty} AS is_empty`);
  const line = inputLineSql(recordId(body("text")), item === undefined ? own : "item");
  const rows = `(SELECT ${columns.join(", ")} FROM ${relation})`;
  if (isNeverBlank) return `SELECT ${line} AS line FROM ${rows}`;
  const blank = isEmpty === undefined ? isBlank("text") : `(is_empty OR ${isBlank("text")})`;
  return `SELECT CASE WHEN ${blank} THEN ${quoteText(noLine)} ELSE ${line} END AS line FROM ${rows}`;
}

function cellOf(table: Table, name: string): string {
  const column = table.columns.find((each) => each.name === name);
  return column === undefined ? "NULL" : textOf(column);
}
