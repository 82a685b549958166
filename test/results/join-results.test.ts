import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sliceRows } from "../../src/dataset/slice-rows.ts";
import type { Cell } from "../../src/engine/engine.ts";
import type { JsonSchema } from "../../src/foundation/types/index.ts";
import { families } from "../../src/models/families/index.ts";
import { recordFiles } from "../../src/requests/record-files.ts";
import { makeAnswerCheck } from "../../src/results/check-answer.ts";
import type { PartLimits } from "../../src/results/cut-parts.ts";
import { joinResults } from "../../src/results/join-results.ts";
import type { CountedLines } from "../../src/results/resent-answers.ts";
import { makeResultColumns } from "../../src/results/result-columns.ts";
import { summariseResults } from "../../src/results/summarise-results.ts";
import { makeFolder, writeFile } from "../support/folder.ts";
import { type MadeRecords, makeCsv, makeTestRecords, templateOf } from "../support/records.ts";

interface Joined {
  readonly rows: Record<string, Cell>[];
  readonly lines: CountedLines[];
  readonly summary: Awaited<ReturnType<typeof summariseResults>>;
}

/** A line of output as the service writes it for Claude (sources#output-lines of 2024 to 2026). */
function answer(recordId: string, text: string, more: object = {}): string {
  const modelOutput = {
    model: "claude-haiku-4-5-20251001",
    id: "msg_bdrk_01",
    type: "message",
    role: "assistant",
    content: [{ type: "text", text }],
    stop_reason: "end_turn",
    stop_sequence: null,
    usage: { input_tokens: 10, output_tokens: 4 },
    ...more,
  };
  return `${JSON.stringify({ modelInput: { messages: [] }, modelOutput, recordId })}\n`;
}

/** Makes records of texts, lets a test write each shard's output, and joins. */
async function joinTexts(
  texts: readonly string[],
  write: (ids: ReadonlyMap<string, string>, shard: number) => string | undefined,
  options: {
    output?: JsonSchema;
    maxRecordsPerJob?: number;
    memoryLimit?: string;
    limits?: PartLimits;
  } = {},
): Promise<Joined> {
  const path = writeFile(
    makeFolder(),
    "t.csv",
    makeCsv(
      ["t"],
      texts.map((text) => [text]),
    ),
  );
  const made: MadeRecords = await makeTestRecords(path, templateOf("{{t}}"), {
    maxRecordsPerJob: options.maxRecordsPerJob ?? 1000,
  });
  const { source, shards, files } = made;
  const folder = makeFolder();
  const withFiles = shards.map((shard, index) => {
    const ids = new Map(
      (files[index] ?? "")
        .split("\n")
        .slice(0, -1)
        .map((line) => {
          const { recordId, modelInput } = JSON.parse(line) as {
            recordId: string;
            modelInput: { messages: [{ content: [{ text: string }] }] };
          };
          return [modelInput.messages[0].content[0].text, recordId] as const;
        }),
    );
    const content = write(ids, index);
    const price = { inputUsd: 1, outputUsd: 5 };
    return { shard, price, files: content === undefined ? [] : [writeFile(folder, `${index}.jsonl.out`, content)] };
  });
  const shape = families.get("anthropic-messages")?.answer;
  if (shape === undefined) throw new Error("no such family");
  const columns = makeResultColumns(options.output, "");
  const check = options.output === undefined ? undefined : makeAnswerCheck(options.output, "p.md");
  if (options.memoryLimit !== undefined) await source.engine.run(`SET memory_limit = '${options.memoryLimit}'`);
  const target = join(folder, "results.parquet");
  const lines = await joinResults({
    reader: { engine: source.engine, shape, fields: columns.fields, check },
    columns,
    table: source.table,
    cutRows: (fromRows) => sliceRows(source.table, fromRows, texts.length, join(folder, "work")),
    recordsFile: join(source.directory, recordFiles.records),
    duplicatesFile: join(source.directory, recordFiles.duplicates),
    shards: withFiles,
    invocation: "InvokeModel",
    resent: [],
    earlierFiles: [],
    target,
    workDirectory: join(folder, "work"),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  });
  const rows = await source.engine.rows(`SELECT * FROM read_parquet('${target}')`);
  return { rows, lines, summary: await summariseResults(source.engine, target, columns) };
}

const outcomesOf = ({ rows }: Joined): Cell[] => rows.map((row) => row["_halfprice_outcome"] ?? null);
const usageOf = ({ lines }: Joined): number[] =>
  (["inputTokens", "outputTokens"] as const).map((name) => lines.reduce((sum, { usage }) => sum + usage[name], 0));
const get = (ids: ReadonlyMap<string, string>, text: string): string => ids.get(text) ?? "";

describe("the joined table", () => {
  it("has every row once, in the input's order, though the output is in another", async () => {
    const texts = Array.from({ length: 500 }, (_, index) => `text ${index}`);
    const joined = await joinTexts(
      texts,
      (ids) =>
        [...ids]
          .reverse()
          .map(([text, id]) => answer(id, `re ${text}`))
          .join(""),
      { maxRecordsPerJob: 120 },
    );
    expect(joined.rows.map(({ t, answer: a }) => [t, a])).toEqual(texts.map((text) => [text, `re ${text}`]));
    expect(joined.summary.outcomeCounts).toMatchObject({ answered: 500 });
    expect(usageOf(joined)).toEqual([5000, 2000]);
  });

  it("gives rows with one request one answer, in whatever shard each lies, and the cost to the first", async () => {
    const texts = ["a", "b", "a", "c", "d", "b", "a", "e"];
    const joined = await joinTexts(
      texts,
      (ids) => [...ids].map(([text, id]) => answer(id, text.toUpperCase())).join(""),
      { maxRecordsPerJob: 2 },
    );
    expect(joined.rows.map(({ answer: a }) => a)).toEqual(texts.map((text) => text.toUpperCase()));
    const cost = (10 * 1 + 4 * 5) / 1e6;
    expect(joined.rows.map((row) => row["_halfprice_cost_usd"])).toEqual([cost, cost, 0, cost, cost, 0, 0, cost]);
    expect(usageOf(joined)).toEqual([50, 20]);
  });

  it("is made with more memory where a shard's answers do not fit into the usual", async () => {
    const texts = Array.from({ length: 12_000 }, (_, index) => `text ${index}`);
    const { rows } = await joinTexts(
      texts,
      (ids) => [...ids].map(([text, id]) => answer(id, `${text} ${"long ".repeat(1200)}`)).join(""),
      {
        maxRecordsPerJob: 20_000,
        memoryLimit: "60MiB",
        limits: { sizeBytes: Number.POSITIVE_INFINITY, answerBytes: Number.POSITIVE_INFINITY },
      },
    );
    expect(rows.map((row) => String(row["answer"]).slice(0, 12).trim())).toEqual(
      texts.map((text) => `${text} long`.slice(0, 12).trim()),
    );
  });

  it("is the same, with the same counts, when its shards are joined in parts", async () => {
    const texts = Array.from({ length: 300 }, (_, index) => (index % 7 === 3 ? `again ${index % 4}` : `text ${index}`));
    const write = (ids: ReadonlyMap<string, string>): string => {
      const lines = [...ids].reverse().map(([text, id], index) => {
        if (index % 11 === 5) return "";
        if (index % 11 === 6)
          return `${JSON.stringify({ error: { errorCode: 500, errorMessage: "x" }, recordId: id })}\n`;
        return answer(id, text.toUpperCase()) + (index % 11 === 7 ? answer(id, "twice") : "");
      });
      return `${lines.join("")}not json\n${answer("somebody-elses", "X")}`;
    };
    const whole = await joinTexts(texts, write, { maxRecordsPerJob: 130 });
    for (const sizeBytes of [2000, 20_000]) {
      const parts = await joinTexts(texts, write, {
        maxRecordsPerJob: 130,
        limits: { sizeBytes, answerBytes: 1_000_000 },
      });
      expect(parts.rows).toEqual(whole.rows);
      expect(parts.lines).toEqual(whole.lines);
      expect(parts.summary).toEqual(whole.summary);
    }
  });

  it("tells every outcome apart", async () => {
    const joined = await joinTexts(["ok", "cut", "no", "blank", "bad", "gone", " "], (ids) =>
      [
        answer(get(ids, "ok"), "fine"),
        answer(get(ids, "cut"), "half an ans", { stop_reason: "max_tokens" }),
        answer(get(ids, "no"), "I would rather not", { stop_reason: "refusal" }),
        answer(get(ids, "blank"), ""),
        `${JSON.stringify({ modelInput: {}, error: { errorCode: 400, errorMessage: "anthropic_version: Field required" }, recordId: get(ids, "bad") })}\n`,
      ].join(""),
    );
    expect(outcomesOf(joined)).toEqual(["answered", "truncated", "refused", "invalid", "error", "missing", "skipped"]);
    expect(joined.rows.map(({ answer: a }) => a)).toEqual(["fine", null, null, null, null, null, null]);
    expect(joined.rows[1]?.["_halfprice_raw"]).toBe("half an ans");
    expect(joined.rows[4]?.["_halfprice_error"]).toBe("anthropic_version: Field required (400)");
    expect(joined.summary.causes.map(({ outcome, count }) => [outcome, count])).toHaveLength(5);
  });

  it("keeps raw U+2028, U+2029 and U+0085 in answers: lines end at line feeds only", async () => {
    const text = "a\u2028b\u2029c\u0085d";
    const joined = await joinTexts(["x", "y"], (ids) => [...ids].map(([, id]) => answer(id, text)).join(""));
    expect(joined.rows.map(({ answer: a }) => a)).toEqual([text, text]);
  });

  it("loses no other record to a torn line, a line that is no JSON, an empty line, or a last line that is cut off", async () => {
    const joined = await joinTexts(["a", "b", "c", "d", "e"], (ids) => {
      const whole = answer(get(ids, "e"), "E");
      const torn = answer(get(ids, "d"), "D")
        .replace(/^\{"modelInput"/, '{"recordId":"' + get(ids, "d") + '","modelInput"')
        .slice(0, 90);
      return `${answer(get(ids, "a"), "A")}\nnot json at all\n${torn}\n[1,2]\n${answer(get(ids, "b"), "B")}${whole}${answer(get(ids, "c"), "C").slice(0, 60)}`;
    });
    expect(outcomesOf(joined)).toEqual(["answered", "answered", "missing", "error", "answered"]);
    expect(String(joined.rows[3]?.["_halfprice_raw"])).toContain('"modelInput"');
    expect(joined.lines[0]).toMatchObject({ brokenCount: 3 });
  });

  it("takes the better of two lines with one record id, and says that there were two", async () => {
    const joined = await joinTexts(["a", "b"], (ids) =>
      [
        `${JSON.stringify({ error: { errorCode: 500, errorMessage: "internal" }, recordId: get(ids, "a") })}\n`,
        answer(get(ids, "a"), "A"),
        answer(get(ids, "b"), "first"),
        answer(get(ids, "b"), "second"),
      ].join(""),
    );
    expect(joined.rows.map(({ answer: a }) => a)).toEqual(["A", "first"]);
    expect(joined.lines[0]).toMatchObject({ lineCount: 4, repeatedCount: 2 });
  });

  it("takes an error of null beside an answer for none, and keeps an answer of another type in its error", async () => {
    const joined = await joinTexts(["a", "b"], (ids) =>
      [
        answer(get(ids, "a"), "A").replace("{", '{"error":null,'),
        `${JSON.stringify({ modelOutput: "what is this", recordId: get(ids, "b") })}\n`,
      ].join(""),
    );
    expect(outcomesOf(joined)).toEqual(["answered", "error"]);
    expect(joined.rows[1]).toMatchObject({
      _halfprice_error: "the answer is of another shape than the answers of this model",
      _halfprice_raw: '"what is this"',
    });
  });

  it("takes nothing for an answer but what ends as a whole one is known to end, each reason by its own words", async () => {
    const reasons: Record<string, [outcome: string, words: RegExp | null]> = {
      end_turn: ["answered", null],
      stop_sequence: ["answered", null],
      max_tokens: ["truncated", /cut off at max_tokens/],
      model_context_window_exceeded: ["truncated", /context window of the model was full/],
      refusal: ["refused", /declined \(refusal\)/],
      malformed_model_output: ["error", /broke off with an error of its own \(malformed_model_output\)/],
      malformed_tool_use: ["error", /broke off .*\(malformed_tool_use\)/],
      error: ["error", /broke off .*\(error\)/],
      pause_turn: ["error", /paused its turn/],
      something_new: ["error", /not known to end a whole one \(something_new\)/],
      none: ["error", /has no stop reason/],
    };
    const names = Object.keys(reasons);
    const joined = await joinTexts(names, (ids) =>
      names
        .map((name) => answer(get(ids, name), `text of ${name}`, { stop_reason: name === "none" ? null : name }))
        .join(""),
    );
    for (const [at, name] of names.entries()) {
      const [outcome, words] = reasons[name] ?? ["", null];
      const row = joined.rows[at];
      expect([name, row?.["_halfprice_outcome"]]).toEqual([name, outcome]);
      if (words === null) expect(row?.["answer"]).toBe(`text of ${name}`);
      else {
        expect(row?.["_halfprice_error"]).toMatch(words);
        expect(row?.["_halfprice_raw"]).toBe(`text of ${name}`);
      }
    }
    // All of them were paid for, and each reason is counted apart.
    expect(joined.lines[0]).toMatchObject({ answerCount: names.length });
    expect(usageOf(joined)).toEqual([10 * names.length, 4 * names.length]);
    expect(joined.summary.causes).toHaveLength(9);
  });

  it("keeps what a tool was to be called with: as the answer, or beside the text", async () => {
    const call = {
      type: "tool_use",
      id: "t1",
      name: "label",
      input: { mood: "good", id: 9007199254740993n.toString() },
    };
    const joined = await joinTexts(["alone", "with text"], (ids) =>
      [
        answer(get(ids, "alone"), "", { content: [call], stop_reason: "tool_use" }),
        answer(get(ids, "with text"), "", { content: [{ type: "text", text: "So:" }, call], stop_reason: "tool_use" }),
      ].join(""),
    );
    expect(outcomesOf(joined)).toEqual(["answered", "answered"]);
    const written = JSON.stringify([{ name: "label", input: call.input }]);
    expect(joined.rows.map((row) => [row["answer"], row["_halfprice_raw"]])).toEqual([
      [written, null],
      ["So:", written],
    ]);
  });

  it("takes an error of any shape for one, with its words, and costs no other row anything", async () => {
    const errors: Record<string, unknown> = {
      "a string": "it went wrong",
      "a number": 500,
      nested: { error: { message: "deep" } },
      "other members": { Message: "as S3 writes it" },
      "a list": ["one", "two"],
    };
    const names = Object.keys(errors);
    const joined = await joinTexts([...names, "empty text", "empty object", "sound"], (ids) =>
      [
        ...names.map((name) => `${JSON.stringify({ error: errors[name], recordId: get(ids, name) })}\n`),
        answer(get(ids, "empty text"), "A").replace("{", '{"error":"",'),
        answer(get(ids, "empty object"), "B").replace("{", '{"error":{},'),
        answer(get(ids, "sound"), "C"),
      ].join(""),
    );
    expect(joined.rows.map((row) => row["_halfprice_error"])).toEqual([
      "it went wrong",
      "500",
      '{"error":{"message":"deep"}}',
      "as S3 writes it",
      '["one","two"]',
      ...[null, null, null],
    ]);
    expect(joined.rows.slice(-3).map((row) => row["answer"])).toEqual(["A", "B", "C"]);
  });

  it("ignores lines of records that were not asked", async () => {
    const joined = await joinTexts(["a"], (ids) => answer("somebody-elses", "X") + answer(get(ids, "a"), "A"));
    expect(joined.rows).toHaveLength(1);
    expect(outcomesOf(joined)).toEqual(["answered"]);
  });

  it("has rows without an answer where a shard left no output at all", async () => {
    const joined = await joinTexts(
      ["a", "b", "c", "d"],
      (ids, shard) => (shard === 0 ? [...ids].map(([, id]) => answer(id, "x")).join("") : undefined),
      { maxRecordsPerJob: 2 },
    );
    expect(outcomesOf(joined)).toEqual(["answered", "answered", "missing", "missing"]);
  });
});

describe("typed answers", () => {
  const output: JsonSchema = {
    type: "object",
    properties: {
      label: { type: "string", enum: ["good", "bad"] },
      score: { type: "number" },
      count: { type: "integer" },
      sure: { type: "boolean" },
      tags: { type: "array", items: { type: "string" } },
      at: { type: "object", properties: { from: { type: "integer" }, to: { type: "integer" } } },
    },
    required: ["label"],
  };

  it("are a column a field, nested values nested", async () => {
    const value = { label: "good", score: 0.5, count: 3, sure: true, tags: ["x", "y"], at: { from: 1, to: 2 } };
    const joined = await joinTexts(
      ["a", "b"],
      (ids) =>
        [...ids].map(([, id], index) => answer(id, JSON.stringify(index === 0 ? value : { label: "bad" }))).join(""),
      { output },
    );
    const [first, second] = joined.rows;
    expect(first).toMatchObject(value);
    expect(second).toMatchObject({ label: "bad", score: null, tags: null });
  });

  it.each([
    ["a code fence", '```json\n{"label":"good"}\n```'],
    ["prose around it", 'Sure! {"label":"good"} I hope that helps.'],
  ])("are read through %s", async (_what, text) => {
    const joined = await joinTexts(["a"], (ids) => answer(get(ids, "a"), text), { output });
    expect(joined.rows[0]).toMatchObject({ label: "good", _halfprice_outcome: "answered" });
  });

  it.each([
    ['{"label":"other"}', /\/label must be equal to one of/],
    ["{}", /required property 'label'/],
    ['{"label":"good"', /not JSON/],
    ['["good"]', /the answer must be object/],
  ])("that are %s are invalid, with the reason and the raw text", async (text, reason) => {
    const joined = await joinTexts(["a"], (ids) => answer(get(ids, "a"), text), { output });
    expect(joined.rows[0]).toMatchObject({ label: null, _halfprice_outcome: "invalid", _halfprice_raw: text });
    expect(String(joined.rows[0]?.["_halfprice_error"])).toMatch(reason);
  });

  it("are looked at for their stop reason before they are parsed", async () => {
    const joined = await joinTexts(
      ["a"],
      (ids) => answer(get(ids, "a"), '{"label":"go', { stop_reason: "max_tokens" }),
      { output },
    );
    expect(outcomesOf(joined)).toEqual(["truncated"]);
  });

  it("may have members that are called like what is known about an answer", async () => {
    const names = ["outcome", "error", "n", "raw", "record_id", "broken"];
    const output: JsonSchema = {
      type: "object",
      properties: Object.fromEntries(names.map((name) => [name, { type: "string" }])),
    };
    const value = Object.fromEntries(names.map((name) => [name, `own ${name}`]));
    const joined = await joinTexts(
      ["a", "b", "a"],
      (ids) => [...ids].map(([, id]) => answer(id, JSON.stringify(value))).join(""),
      { output, maxRecordsPerJob: 1 },
    );
    for (const row of joined.rows)
      expect(row).toMatchObject({ ...value, _halfprice_outcome: "answered", _halfprice_error: null });
  });
});
