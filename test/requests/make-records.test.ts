import { createHash } from "node:crypto";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { numberedRows } from "../../src/engine/sql.ts";
import { recordFiles } from "../../src/requests/record-files.ts";
import { findFailure } from "../support/failure.ts";
import { makeFolder, writeFile } from "../support/folder.ts";
import { functionOf, makeCsv, makeTestRecords, templateOf } from "../support/records.ts";

interface Line {
  readonly recordId: string;
  readonly modelInput: { readonly messages: readonly [{ readonly content: readonly [{ readonly text: string }] }] };
}
const textOf = (line: Line): string => line.modelInput.messages[0].content[0].text;
const linesOf = (files: readonly string[]): Line[] =>
  files.flatMap((file) => file.split("\n").slice(0, -1)).map((line) => JSON.parse(line) as Line);

const table = (content: string, name = "t.csv"): string => writeFile(makeFolder(), name, content);

/** Text as tables have it: letters of many alphabets, controls, quotes, line breaks, separators. */
const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      "a",
      " ",
      '"',
      "\\",
      "\n",
      "\t",
      "\u0001",
      "\u001f",
      "\u007f",
      "\u0085",
      "\u2028",
      "\u2029",
      "é",
      "漢",
      "😀",
      "{{",
      "}}",
      "'",
      "\0",
    ),
    fc.string({ unit: "binary", minLength: 1, maxLength: 3 }),
  ),
  maxLength: 40,
});

describe("the records of a table", () => {
  it("are the lines of Bedrock: a record id and the family's body, the text as it was", async () => {
    const { files, summary } = await makeTestRecords(table("text,n\nhello,1\n"), templateOf("Say: {{text}} ({{n}})"));
    expect(files[0]).toMatch(
      /^\{"recordId":"[0-9a-f]{32}","modelInput":\{"anthropic_version":"bedrock-2023-05-31","max_tokens":50,"messages":/,
    );
    expect(linesOf(files).map(textOf)).toEqual(["Say: hello (1)"]);
    expect(summary).toMatchObject({ rowCount: 1, recordCount: 1, duplicateCount: 0, skippedCount: 0 });
  });

  it("are named by base model, invocation type and the exact bytes of the body", async () => {
    const { files } = await makeTestRecords(table("text\nhello\n"), templateOf("{{text}}"));
    const line = files[0]?.trim() ?? "";
    const body = line.slice('{"recordId":"","modelInput":'.length + 32, -1);
    const named = createHash("md5")
      .update(`anthropic.claude-haiku-4-5-20251001-v1:0\nInvokeModel\n${body}`)
      .digest("hex");
    expect(linesOf(files)[0]?.recordId).toBe(named);
  });

  it("give the same bytes for a template and for a function with the same text, and what an independent reader reads back", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(anyText, anyText), { minLength: 1, maxLength: 30 }), async (rows) => {
        const path = table(makeCsv(["a", "b"], rows));
        const template = await makeTestRecords(path, templateOf("A: {{a}}\nB: {{b}}"));
        const fromFunction = await makeTestRecords(
          path,
          functionOf((row) => `A: ${row["a"]}\nB: ${row["b"]}`),
        );
        expect(fromFunction.files).toEqual(template.files);
        const texts = [...new Set(rows.map(([a, b]) => `A: ${a}\nB: ${b}`))];
        expect(linesOf(template.files).map(textOf)).toEqual(texts);
      }),
      { numRuns: 25 },
    );
  });

  it("are distinct, in the order of their first rows, and cut at any place", async () => {
    const texts = ["a", "b", "a", "c", "", "b", "d", "e", "a", " \t", "f", "g"];
    const { files, summary, shards } = await makeTestRecords(
      table(
        makeCsv(
          ["t"],
          texts.map((text) => [text]),
        ),
      ),
      templateOf("{{t}}"),
      { maxRecordsPerJob: 3 },
    );
    expect(summary).toMatchObject({
      rowCount: 12,
      recordCount: 7,
      skippedCount: 2,
      duplicateCount: 3,
      emptyCells: { t: 1 },
    });
    expect(files.map((file) => linesOf([file]).map(textOf))).toEqual([
      ["a", "b"],
      ["c", "d"],
      ["e", "f", "g"],
    ]);
    expect(shards.map(({ fromRow, toRow }) => [fromRow, toRow])).toEqual([
      [0, 3],
      [3, 7],
      [7, 12],
    ]);
    expect(files.map((file) => Buffer.byteLength(file))).toEqual(shards.map(({ sizeBytes }) => sizeBytes));
  });

  it("are written the same whatever way a stream is cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom("", "a", "b", "c", "x".repeat(70_000), "y".repeat(300)), {
          minLength: 1,
          maxLength: 60,
        }),
        fc.integer({ min: 1, max: 5 }),
        async (texts, maxRecordsPerJob) => {
          fc.pre(texts.some((text) => text !== ""));
          const path = table(
            makeCsv(
              ["t"],
              texts.map((text) => [text]),
            ),
          );
          const { files } = await makeTestRecords(path, templateOf("{{t}}"), { maxRecordsPerJob });
          expect(linesOf(files).map(textOf)).toEqual([...new Set(texts)].filter((text) => text !== ""));
        },
      ),
      { numRuns: 20 },
    );
  });

  it("keep rows, lines and blocks together in a table of many pieces, which the engine reads and writes with several threads", async () => {
    const rowCount = 24_000;
    // Every seventh row has no text, every eleventh repeats an earlier one; what is left is long enough for four pieces.
    const texts = Array.from({ length: rowCount }, (_, row) =>
      row % 7 === 3 ? "" : `${row % 11 === 10 ? row - 10 : row}\n${"é".repeat(row % 900)}`,
    );
    const path = table(
      makeCsv(
        ["t"],
        texts.map((text) => [text]),
      ),
    );
    const { source, summary, files } = await makeTestRecords(path, templateOf("{{t}}"));
    const lines = linesOf(files);
    expect(lines.map(textOf)).toEqual([...new Set(texts)].filter((text) => text !== ""));
    const idOf = new Map(lines.map((line) => [textOf(line), line.recordId]));
    const records = await source.engine.rows(
      `SELECT record_id, size_bytes FROM ${numberedRows(join(source.directory, recordFiles.records))} ORDER BY row`,
    );
    expect(records.map(({ record_id: id }) => id)).toEqual(texts.map((text) => idOf.get(text) ?? null));
    expect(summary.recordCount).toBe(lines.length);
    expect(summary.blocks.reduce((sum, block) => sum + block.sizeBytes, 0)).toBe(summary.sizeBytes);
    expect(summary.sizeBytes).toBe(Buffer.byteLength(files.join("")));
    expect(summary.blocks.every(({ fromRow }) => texts[fromRow] !== "")).toBe(true);
  });

  it("render NULL as the empty text and never empty the rest of a record", async () => {
    const { files, summary } = await makeTestRecords(
      table('{"a":"x","b":null}\n{"a":null,"b":"y"}\n', "t.jsonl"),
      templateOf("{{a}}|{{b}}"),
    );
    expect(linesOf(files).map(textOf)).toEqual(["x|", "|y"]);
    expect(summary.emptyCells).toEqual({ a: 1, b: 1 });
    const fromFunction = await makeTestRecords(
      table("a,b\nx,\n"),
      functionOf((row) => `${row["a"]}|${row["b"]}`),
    );
    expect(linesOf(fromFunction.files).map(textOf)).toEqual(["x|"]);
  });

  it("render cells that are not text in the engine's text form, lists and structs as JSON, on both paths", async () => {
    const path = table('{"n":1.50,"i":7,"b":true,"l":[1,"x"],"s":{"k":"v"},"d":"2024-01-01"}\n', "t.jsonl");
    const names = ["n", "i", "b", "l", "s", "d"];
    const template = await makeTestRecords(path, templateOf(names.map((name) => `{{${name}}}`).join("|")));
    const fromFunction = await makeTestRecords(
      path,
      functionOf((row) => names.map((name) => row[name]).join("|")),
    );
    expect(linesOf(template.files).map(textOf)).toEqual(
      ['1.5|7|true|["1","x"]|{"k":"v"}|2024-01-01'].map((text) => text.replace('["1","x"]', '[1,"x"]')),
    );
    expect(fromFunction.files).toEqual(template.files);
  });

  it("render the whole row as JSON for {{row}}", async () => {
    const { files } = await makeTestRecords(table("a,odd name\nx,\n"), templateOf("{{row}}"));
    expect(linesOf(files).map(textOf)).toEqual(['{"a":"x","odd name":null}']);
  });

  it("replace half a surrogate pair that a function returns, as every writer of UTF-8 does", async () => {
    const { files } = await makeTestRecords(
      table("a\nx\n"),
      functionOf(() => "a\ud83db"),
    );
    expect(linesOf(files).map(textOf)).toEqual(["a\ufffdb"]);
  });

  it("call a prompt function once a row, in order", async () => {
    const seen: string[] = [];
    const texts = Array.from({ length: 5000 }, (_, index) => String(index));
    await makeTestRecords(
      table(
        makeCsv(
          ["t"],
          texts.map((text) => [text]),
        ),
      ),
      functionOf((row) => {
        seen.push(row["t"] ?? "");
        return `row ${row["t"]}`;
      }),
    );
    expect(seen.sort((a, b) => Number(a) - Number(b))).toEqual(texts);
  });

  it.each([
    [
      "throws",
      () => {
        throw new TypeError("no x");
      },
      /TypeError: no x/,
    ],
    ["returns a promise", async () => "x", /promise/],
    ["returns a number", () => 5, /number, not text/],
    ["returns nothing", () => undefined, /undefined, not text/],
  ])("are refused where the prompt function %s", async (_what, render, words) => {
    const error = await findFailure(() => makeTestRecords(table("a\nx\n"), functionOf(render)));
    expect(error.code).toBe("PROMPT_FAILED");
    expect(error.message).toMatch(words);
  });

  it("are refused for a column that is not there, with the nearest", async () => {
    const error = await findFailure(() => makeTestRecords(table("Context,Response\nx,y\n"), templateOf("{{Contxt}}")));
    expect(error.code).toBe("UNKNOWN_COLUMN");
    expect(error.details).toMatchObject({ nearest: "Context" });
    expect(error.fix).toContain("{{Context}}");
  });

  it("are refused where no row has any text", async () => {
    const error = await findFailure(() => makeTestRecords(table('a,b\n"",1\n"  ",2\n'), templateOf("{{a}}")));
    expect(error.code).toBe("ALL_EMPTY");
  });
});
