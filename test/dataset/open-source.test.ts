import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeXlsx } from "hucre/xlsx";
import { describe, expect, it } from "vitest";
import { freezeTable } from "../../src/dataset/freeze-table.ts";
import { openSource } from "../../src/dataset/open-source.ts";
import { openTestEngine } from "../support/engine.ts";
import { findFailure } from "../support/failure.ts";
import { makeFolder } from "../support/folder.ts";

const rowsOf = async (path: string) => {
  const engine = await openTestEngine(makeFolder());
  const { table } = await freezeTable(engine, { path }, makeFolder());
  return await engine.rows(`SELECT * FROM ${table.relation}`);
};

describe("a table packed with Zstandard", () => {
  it("is unpacked, also where it has several frames and comes in many pieces", async () => {
    const engine = await openTestEngine(makeFolder());
    const path = join(makeFolder(), "t.csv.zst");
    const text = "repeat(md5(range::VARCHAR), 40) AS text";
    await engine.run(`COPY (SELECT range AS n, ${text} FROM range(20000)) TO '${path}' (FORMAT csv, COMPRESSION zstd)`);
    const rows = await rowsOf(path);
    expect(rows).toHaveLength(20_000);
    expect(rows[19_999]?.["n"]).toBe("19999");
    const twice = join(makeFolder(), "t.csv.zstd");
    const part = join(makeFolder(), "p.csv.zst");
    await engine.run(`COPY (SELECT 1 AS n) TO '${part}' (FORMAT csv, COMPRESSION zstd)`);
    const more = join(makeFolder(), "m.csv.zst");
    await engine.run(`COPY (SELECT 2 AS n) TO '${more}' (FORMAT csv, HEADER false, COMPRESSION zstd)`);
    writeFileSync(twice, Buffer.concat([readFileSync(part), readFileSync(more)]));
    expect(await rowsOf(twice)).toEqual([{ n: "1" }, { n: "2" }]);
  });

  it("is refused where it is none", async () => {
    const path = join(makeFolder(), "t.csv.zst");
    writeFileSync(path, "a,b\n1,2\n");
    expect((await findFailure(() => rowsOf(path))).message).toMatch(/t\.csv\.zst.*cannot be unpacked/);
  });

  it("is refused where its end is missing", async () => {
    const engine = await openTestEngine(makeFolder());
    const path = join(makeFolder(), "t.csv.zst");
    await engine.run(
      `COPY (SELECT range AS n, md5(range::VARCHAR) AS t FROM range(20000)) TO '${path}' (FORMAT csv, COMPRESSION zstd)`,
    );
    const whole = readFileSync(path);
    writeFileSync(path, whole.subarray(0, whole.length - 5000));
    expect((await findFailure(() => rowsOf(path))).code).toBe("BROKEN_TABLE");
  });
});

describe("a packed table", () => {
  it.each(["t.csv.gz", "t.csv.zst", "t.xlsx"])(
    "is opened once: where %s is gone, its reader is told and nobody else",
    async (name) => {
      const read = async (): Promise<void> => {
        for await (const bytes of openSource(join(makeFolder(), name))) expect(bytes.length).toBeGreaterThan(0);
      };
      await expect(read()).rejects.toMatchObject({ code: "ENOENT" });
    },
  );
});

describe("a workbook", () => {
  const write = async (rows: (string | number | boolean | Date | null)[][]): Promise<string> => {
    const path = join(makeFolder(), "t.xlsx");
    writeFileSync(
      path,
      await writeXlsx({
        sheets: [
          { name: "First", rows },
          { name: "Second", rows: [["x"], [1]] },
        ],
      }),
    );
    return path;
  };

  it("gives the first sheet: text with quotes, breaks and other alphabets, numbers, truth values, dates, empty cells", async () => {
    const path = await write([
      ["id", "text", "when", "ok"],
      [1, 'she said "no",\nand 漢字 😀', new Date("2026-11-21T00:00:00Z"), true],
      [2.5, null, new Date("2026-11-21T09:30:00Z"), false],
      [null, null, null, null],
      [3, "last", null, null],
    ]);
    expect(await rowsOf(path)).toEqual([
      { id: "1", text: 'she said "no",\nand 漢字 😀', when: "2026-11-21", ok: "true" },
      { id: "2.5", text: null, when: "2026-11-21T09:30:00.000Z", ok: "false" },
      { id: "3", text: "last", when: null, ok: null },
    ]);
  });

  it("is refused where a row has more cells than there are names", async () => {
    const path = await write([["a"], ["1", "2"]]);
    expect((await findFailure(() => rowsOf(path))).code).toBe("BROKEN_TABLE");
  });

  it.each([[1e15], [12_345_678_901_234_500], [-9_007_199_254_740_990], [1e20]])(
    "is refused where a whole number has digits that it does not keep: %d",
    async (id) => {
      const path = await write([["id"], [1], [id]]);
      const failure = await findFailure(() => rowsOf(path), "BROKEN_TABLE");
      expect([failure.details.line, failure.message]).toEqual([3, expect.stringContaining("more than 15 digits")]);
      // As text, and up to fifteen digits, each digit is there.
      const kept = await write([["id"], ["12345678901234567"], [999_999_999_999_999]]);
      expect(await rowsOf(kept)).toEqual([{ id: "12345678901234567" }, { id: "999999999999999" }]);
    },
  );

  it("is refused where it is no workbook", async () => {
    const path = join(makeFolder(), "t.xlsx");
    writeFileSync(path, "a,b\n1,2\n");
    const failure = await findFailure(() => rowsOf(path));
    expect([failure.code, failure.message]).toEqual(["BROKEN_TABLE", expect.stringMatching(/t\.xlsx/)]);
  });
});
