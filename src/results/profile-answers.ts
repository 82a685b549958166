import type { Engine } from "../engine/engine.ts";
import { quoteList, quoteName, quoteText } from "../engine/sql.ts";
import type { AnswerProfile, Bin, Counted, JsonSchema } from "../foundation/types/index.ts";
import { type AnswerField, isAsked, type ResultColumns } from "./result-columns.ts";
import { findShape, type ValueShape } from "./value-shape.ts";

/** Values that are shown one by one. */
const shownLabels = 20;
const shownWords = 15;
const binCount = 20;
/** Words are counted in so many texts: the frequent ones are the same in more. */
const wordRows = 20_000;

/** Values of a part of the answers: a query with one column `value`, NULL where there is none. */
interface Part {
  readonly name: string;
  readonly values: string;
}

/** What the answers in a table of results are like, column by column; parts of lists and objects with names of their own. */
export async function profileAnswers(
  engine: Engine,
  file: string,
  { fields, meta }: ResultColumns,
  output: JsonSchema | undefined,
): Promise<AnswerProfile[]> {
  const source = `read_parquet(${quoteText(file)}) WHERE ${quoteName(meta.outcome)} = 'answered'`;
  const profiles: AnswerProfile[] = [];
  for (const field of fields) {
    if (!isAsked(field)) continue;
    const values = `SELECT ${quoteName(field.column)} AS value FROM ${source}`;
    if (field.part === "vector") profiles.push(await profileVectors(engine, { name: field.column, values }));
    else
      profiles.push(
        ...(await profilePart(engine, { name: field.column, values }, shapeOf(field, output), isEnum(field, output))),
      );
  }
  return profiles;
}

function shapeOf(field: AnswerField, output: JsonSchema | undefined): ValueShape {
  const member = schemaOf(field, output);
  return member === undefined || output === undefined ? { kind: "VARCHAR" } : findShape(member, output);
}

const schemaOf = ({ member }: AnswerField, output: JsonSchema | undefined): unknown =>
  member === undefined
    ? undefined
    : (output?.["properties"] as Readonly<Record<string, unknown>> | undefined)?.[member];

const isEnum = (field: AnswerField, output: JsonSchema | undefined): boolean => {
  const schema = schemaOf(field, output);
  return typeof schema === "object" && schema !== null && "enum" in schema;
};

async function profilePart(
  engine: Engine,
  part: Part,
  shape: ValueShape,
  isLabel: boolean,
  depth = 0,
): Promise<AnswerProfile[]> {
  switch (shape.kind) {
    case "BOOLEAN":
    case "DATE":
    case "TIMESTAMP":
      return [await profileLabels(engine, part)];
    case "BIGINT":
    case "DOUBLE":
      return [await profileNumbers(engine, part)];
    case "VARCHAR":
    case "JSON":
      return [
        isLabel || (await isRepeated(engine, part))
          ? await profileLabels(engine, part)
          : await profileTexts(engine, part),
      ];
    case "list": {
      const lists = await profileLists(engine, part);
      if (depth > 2 || lists.count === 0) return [lists];
      const members = { name: `${part.name}[]`, values: `SELECT unnest(value) AS value FROM (${part.values})` };
      return [lists, ...(await profilePart(engine, members, shape.item, false, depth + 1))];
    }
    case "struct": {
      if (depth > 2) return [];
      const found: AnswerProfile[] = [];
      for (const [member, each] of shape.members) {
        const values = `SELECT value.${quoteName(member)} AS value FROM (${part.values})`;
        found.push(...(await profilePart(engine, { name: `${part.name}.${member}`, values }, each, false, depth + 1)));
      }
      return found;
    }
  }
}

/** Texts that come again and again are labels: few different ones, each short. */
async function isRepeated(engine: Engine, { values }: Part): Promise<boolean> {
  const [row = {}] = await engine.rows(
    `SELECT count(value) AS count, approx_count_distinct(value) AS distinct_count, max(length(value)) AS longest FROM (${values})`,
  );
  const [count, distinct, longest] = [Number(row["count"]), Number(row["distinct_count"]), Number(row["longest"] ?? 0)];
  return (
    count > 0 &&
    longest <= 60 &&
    (distinct <= 12 ? distinct <= Math.max(2, count / 2) : distinct <= Math.min(5000, count / 5))
  );
}

async function profileLabels(
  engine: Engine,
  { name, values }: Part,
  order = "count DESC, text",
): Promise<AnswerProfile> {
  const text = "value::VARCHAR";
  const [all = {}] = await engine.rows(
    `SELECT count(value) AS count, count(*) - count(value) AS empty, count(DISTINCT value) AS distinct_count FROM (${values})`,
  );
  const rows = await engine.rows(
    `SELECT ${text} AS text, count(*) AS count FROM (${values}) WHERE value IS NOT NULL GROUP BY value ORDER BY ${order} LIMIT ${shownLabels}`,
  );
  const labels = rows.map(toCounted);
  const count = Number(all["count"]);
  const shown = labels.reduce((sum, each) => sum + each.count, 0);
  const filled = { name, count, emptyCount: Number(all["empty"]) };
  return { kind: "labels", ...filled, labels, distinctCount: Number(all["distinct_count"]), otherCount: count - shown };
}

const toCounted = (row: Readonly<Record<string, unknown>>): Counted => ({
  text: String(row["text"]),
  count: Number(row["count"]),
});

/** Whole numbers of a small range are labels in their order: scores of 1 to 5. */
async function profileNumbers(engine: Engine, part: Part): Promise<AnswerProfile> {
  const [row = {}] = await engine.rows(`
    SELECT count(value) AS count, count(*) - count(value) AS empty, min(value)::DOUBLE AS min, max(value)::DOUBLE AS max,
      avg(value)::DOUBLE AS mean, approx_quantile(value::DOUBLE, 0.5)::DOUBLE AS median,
      bool_and(value = round(value)) AS whole FROM (${part.values})`);
  const [min, max] = [Number(row["min"] ?? 0), Number(row["max"] ?? 0)];
  const isShort = row["whole"] === true && max - min <= 12 && Number(row["count"]) > 0;
  if (isShort) return profileLabels(engine, part, "value");
  return {
    kind: "numbers",
    name: part.name,
    count: Number(row["count"]),
    emptyCount: Number(row["empty"]),
    bins: await readBins(engine, `SELECT value::DOUBLE AS value FROM (${part.values})`),
    min,
    median: Number(row["median"] ?? 0),
    mean: Number(row["mean"] ?? 0),
    max,
  };
}

async function profileTexts(engine: Engine, { name, values }: Part): Promise<AnswerProfile> {
  const counted = await countFilled(engine, name, values, "length(value)");
  const words = await engine.rows(`
    SELECT word AS text, count(*) AS count FROM (
      SELECT unnest(list_distinct(regexp_extract_all(lower(value), '[\\p{L}\\p{N}][\\p{L}\\p{N}''’-]*'))) AS word
      FROM (SELECT value FROM (${values}) WHERE value IS NOT NULL LIMIT ${wordRows})
    ) WHERE length(word) > 2 AND NOT list_contains(${quoteList(commonWords)}, word)
    GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${shownWords}`);
  return { kind: "texts", ...counted, words: words.map(toCounted) };
}

async function profileLists(engine: Engine, { name, values }: Part): Promise<AnswerProfile> {
  return { kind: "lists", ...(await countFilled(engine, name, values, "len(value)")) };
}

interface Measured {
  readonly name: string;
  readonly count: number;
  readonly emptyCount: number;
  readonly lengths: readonly Bin[];
  readonly medianLength: number;
}

async function countFilled(engine: Engine, name: string, values: string, length: string): Promise<Measured> {
  const [row = {}] = await engine.rows(
    `SELECT count(value) AS count, count(*) - count(value) AS empty, approx_quantile(${length}, 0.5)::DOUBLE AS median FROM (${values})`,
  );
  return {
    name,
    count: Number(row["count"]),
    emptyCount: Number(row["empty"]),
    lengths: await readBins(engine, `SELECT (${length})::DOUBLE AS value FROM (${values})`),
    medianLength: Number(row["median"] ?? 0),
  };
}

async function profileVectors(engine: Engine, { name, values }: Part): Promise<AnswerProfile> {
  const [row = {}] = await engine.rows(
    `SELECT count(value) AS count, count(*) - count(value) AS empty, max(len(value)) AS dimensions FROM (${values})`,
  );
  const filled = { name, count: Number(row["count"]), emptyCount: Number(row["empty"]) };
  return { kind: "vectors", ...filled, dimensions: Number(row["dimensions"] ?? 0) };
}

/**
 * Counts numbers by their size, in at most twenty bins whose ends are round.
 * @param values a query with one column `value` of DOUBLE
 */
export async function readBins(engine: Engine, values: string): Promise<Bin[]> {
  const [range = {}] = await engine.rows(
    `SELECT min(value) AS min, max(value) AS max, coalesce(bool_and(value = round(value)), false) AS whole FROM (${values}) WHERE isfinite(value)`,
  );
  if (range["min"] === null || range["min"] === undefined) return [];
  const [min, max] = [Number(range["min"]), Number(range["max"])];
  const step = Math.max(roundUp((max - min) / binCount), range["whole"] === true ? 1 : 0) || 1;
  const start = Math.floor(min / step) * step;
  // Of single whole numbers each has a bin of its own; else the largest value belongs to the bin that it ends.
  const isSingle = range["whole"] === true && step === 1;
  const last = isSingle ? max - start : Math.max(0, Math.ceil((max - start) / step - 1e-9) - 1);
  const rows = await engine.rows(
    `SELECT least(floor((value - ${start}) / ${step}), ${last}) AS bin, count(*) AS count FROM (${values}) WHERE isfinite(value) GROUP BY 1`,
  );
  const counts = new Map(rows.map((row) => [Number(row["bin"]), Number(row["count"])]));
  return Array.from({ length: last + 1 }, (_, bin) => ({
    from: tidy(start + bin * step),
    to: tidy(start + (bin + 1) * step),
    count: counts.get(bin) ?? 0,
  }));
}

/** The next of 1, 2, 5, 10, 20 … */
function roundUp(step: number): number {
  if (!(step > 0)) return 0;
  const power = 10 ** Math.floor(Math.log10(step));
  return ([1, 2, 5, 10].find((each) => each * power >= step * (1 - 1e-9)) ?? 10) * power;
}

/** Without the last digits that binary fractions bring. */
const tidy = (value: number): number => Number(value.toPrecision(12));

/** English words that say nothing of what a text is about. */
const commonWords =
  "the and for are was were with that this from have has had not but you your they their them she her his him its our will would can could should there here what when which who how all any been being more some than then also into about over such only other one two may might must does did very just out get got".split(
    " ",
  );
