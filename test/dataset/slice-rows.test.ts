import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { freezeTable } from "../../src/dataset/freeze-table.ts";
import { sliceRows } from "../../src/dataset/slice-rows.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { openTestEngine } from "../support/engine.ts";
import { makeFolder, writeFile } from "../support/folder.ts";
import { makeCsv } from "../support/records.ts";

/** Freezes a table, cuts it before the given rows, and gives the whole and the slices. */
async function cut(engine: Engine, path: string, fromRows: readonly number[]) {
  const folder = makeFolder();
  const { table } = await freezeTable(engine, { path }, folder);
  const whole = await engine.rows(`SELECT * FROM ${table.relation}`);
  const slices = await sliceRows(table, fromRows, whole.length, folder);
  const cells = [];
  for (const index of fromRows.keys()) cells.push(await engine.rows(`SELECT * FROM ${(await slices(index)).relation}`));
  return { whole, slices: cells };
}

const halves = (rowCount: number): number[] => (rowCount < 2 ? [0] : [0, Math.floor(rowCount / 2)]);

describe("slices of a table", () => {
  it("are its rows: cells with line breaks, quotes, blank cells and other alphabets, in one column or two", async () => {
    const engine = await openTestEngine(makeFolder());
    const cell = fc.string({
      unit: fc.constantFrom("a", "", " ", '"', "\n", "\r\n", ",", "é", "漢", "😀"),
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 2 }),
        fc.array(fc.tuple(cell, cell), { minLength: 2, maxLength: 30 }),
        fc.boolean(),
        async (columnCount, rows, hasEnd) => {
          const names = ["a", "b"].slice(0, columnCount);
          const text = makeCsv(
            names,
            rows.map((row) => row.slice(0, columnCount)),
          );
          const path = writeFile(makeFolder(), "t.csv", hasEnd ? text : text.replace(/\n$/, ""));
          const { whole, slices } = await cut(engine, path, halves(rows.length));
          expect(slices.flat()).toEqual(whole);
        },
      ),
      { numRuns: 40 },
    );
  });

  it.each([
    ["blank lines between rows", "t.csv", "a,b\n1,2\n\n3,4\n\n\n5,6\n7,8\n"],
    ["a blank line that is an empty cell", "t.csv", "a\n1\n\n3\n4\n"],
    ["lines that end in a carriage return alone", "t.csv", "a,b\r1,2\r3,4\r5,6\r7,8\r"],
    ["blank lines of JSON", "t.jsonl", '{"a":1}\n\n{"a":2}\n   \n{"a":3}\n{"b":[1]}'],
    ["tabs", "t.tsv", "a\tb\n1\t2\n3\t4\n5\t6\n7\t8\n"],
  ])("keep to the engine's count of rows: %s", async (_, name, text) => {
    const engine = await openTestEngine(makeFolder());
    const path = writeFile(makeFolder(), name, text);
    const { whole } = await cut(engine, path, [0]);
    const { slices } = await cut(engine, path, [0, 1, whole.length - 1]);
    expect(slices.map(({ length }) => length)).toEqual([1, whole.length - 2, 1]);
    expect(slices.flat()).toEqual(whole);
  });

  it("are taken from Parquet by row number, also where a column is called like it", async () => {
    const engine = await openTestEngine(makeFolder());
    for (const column of ["n", "file_row_number"]) {
      const path = join(makeFolder(), "t.parquet");
      await engine.run(
        `COPY (SELECT range AS ${column}, 'x' || range AS t FROM range(5000)) TO '${path}' (FORMAT parquet)`,
      );
      const { whole, slices } = await cut(engine, path, [0, 1000, 4999]);
      expect(slices.map(({ length }) => length)).toEqual([1000, 3999, 1]);
      expect(slices.flat()).toEqual(whole);
    }
  });
});
