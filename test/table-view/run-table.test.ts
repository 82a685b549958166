import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BatchRun, defineBatch, rows, runBatch } from "../../src/index.ts";
import type { RunTable } from "../../src/table-view/run-table.ts";
import { findFailure } from "../support/failure.ts";

const output = {
  type: "object",
  properties: {
    label: { enum: ["good", "bad"] },
    score: { type: "number" },
    tags: { type: "array", items: { type: "string" } },
  },
  required: ["label", "score", "tags"],
} as const;

/** Texts of which one in fifty is long, and some are Greek: a letter of two cases that is not ASCII. */
const input = Array.from({ length: 400 }, (_, index) => ({
  id: index,
  text: index % 50 === 7 ? `ΣΊΣΥΦΟΣ ${"long ".repeat(200)}${index}` : `text ${index}`,
  group: index % 3 === 0 ? null : `g${index % 3}`,
}));

describe("the table of a run, in windows", () => {
  let run: BatchRun;
  let table: RunTable;

  const folder = mkdtempSync(join(tmpdir(), "halfprice-test-"));

  beforeAll(async () => {
    const batch = defineBatch({
      input: rows(input),
      model: "nova-lite",
      output,
      prompt: (row) => `Judge: ${row.text}`,
    });
    run = await runBatch(batch, { local: true, workspace: join(folder, "w") });
    table = await run.table();
  });

  afterAll(async () => {
    await table.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const numbersOf = async (filter: Parameters<RunTable["matches"]>[0]): Promise<readonly number[]> => {
    const matches = await table.matches(filter);
    // A window says the same as the list.
    const { rows: shown, matchCount, isComplete } = await table.window({ filter, from: 0, count: 500 });
    expect([shown.map(({ row }) => row), matchCount, isComplete]).toEqual([[...matches], matches.length, true]);
    return matches;
  };

  it("has every row in order, columns by what they are of, and cuts what is long", async () => {
    expect(table.rowCount).toBe(400);
    expect(table.columns.filter(({ of }) => of === "input").map(({ name }) => name)).toEqual(["id", "text", "group"]);
    expect(table.columns.filter(({ of }) => of === "answer").map(({ name }) => name)).toEqual([
      "label",
      "score",
      "tags",
    ]);
    const { rows: shown, matchCount } = await table.window({ from: 5, count: 3, columns: ["id", "text", "tags"] });
    expect([matchCount, shown.map(({ row }) => row)]).toEqual([400, [6, 7, 8]]);
    expect(shown.map(({ cells }) => Number(cells[0]))).toEqual([5, 6, 7]);
    expect(String(shown[2]?.cells[1])).toHaveLength(300);
    expect(JSON.parse(String(shown[0]?.cells[2]))).toBeInstanceOf(Array);
    expect((await table.window({ from: 398, count: 50 })).rows.map(({ row }) => row)).toEqual([399, 400]);
    expect((await table.window({ from: 4000, count: 50 })).rows).toEqual([]);
  });

  it("finds rows by outcome, value, range, text and condition, alone and together", async () => {
    expect(await numbersOf({ outcomes: ["answered"] })).toHaveLength(400);
    expect(await numbersOf({ outcomes: ["refused", "invalid"] })).toEqual([]);
    expect(await numbersOf({ equals: { group: null } })).toEqual(
      input.flatMap(({ group }, index) => (group === null ? [index + 1] : [])),
    );
    expect(await numbersOf({ ranges: { id: [10, 12] } })).toEqual([11, 12, 13]);
    // The letter sigma has two small forms; the search folds both to those of the text.
    expect(await numbersOf({ text: "ΊΣΥΦ" })).toEqual([8, 58, 108, 158, 208, 258, 308, 358]);
    expect(await numbersOf({ text: "text 39", where: "id % 2 = 0" })).toEqual([391, 393, 395, 397, 399]);
    expect(await numbersOf({ where: "length(text) > 500", equals: { group: "g1" } })).toEqual(
      input.flatMap(({ text, group }, index) => (text.length > 500 && group === "g1" ? [index + 1] : [])),
    );
    expect(await run.query(table.sqlOf({ ranges: { id: [10, 12] } }))).toHaveLength(3);
  });

  it("has a row whole, with the prompt as it was sent", async () => {
    const { cells, prompt, request } = await table.row(8);
    expect(cells["text"]).toBe(input[7]?.text);
    expect(prompt).toContain(`Judge: ${input[7]?.text}`);
    expect(JSON.parse(request ?? "")).toHaveProperty("messages");
    expect((await findFailure(() => table.row(401))).message).toContain("1 to 400");
  });

  it("counts what a column has, in all rows or those that match", async () => {
    const group = await table.chart("group");
    expect(group).toMatchObject({ kind: "values", distinctCount: 3, rowCount: 400 });
    expect(group).toMatchObject({
      values: [
        { value: null, count: 134 },
        { value: "g1", count: 133 },
        { value: "g2", count: 133 },
      ],
    });
    const score = await table.chart("score", { ranges: { id: [0, 99] } });
    if (score.kind !== "numbers") throw new Error("a number is not charted as one");
    expect(score.bins.reduce((sum, { count }) => sum + count, 0)).toBe(100);
    expect(await table.chart("id", { ranges: { id: [5, 5] } })).toMatchObject({
      bins: [{ low: 5, high: 5, count: 1 }],
    });
  });

  it("names a column that there is not, and a condition that is none", async () => {
    const { code, message } = await findFailure(() =>
      table.window({ from: 0, count: 1, filter: { equals: { lable: "good" } } }),
    );
    expect([code, message]).toEqual(["UNKNOWN_COLUMN", expect.stringContaining("label")]);
    expect((await findFailure(() => table.matches({ where: "nonsense(" }))).code).toBe("BAD_QUERY");
    expect((await findFailure(() => table.chart("text", { where: "no_such = 1" }))).code).toBe("BAD_QUERY");
  });
});
