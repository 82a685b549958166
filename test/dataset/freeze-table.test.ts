import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { freezeTable, type TableInput } from "../../src/dataset/freeze-table.ts";
import type { Cell } from "../../src/engine/engine.ts";
import { openTestEngine } from "../support/engine.ts";
import { findFailure } from "../support/failure.ts";
import { makeFolder, writeFile } from "../support/folder.ts";

async function read(name: string, content: string | Uint8Array, limit?: number): Promise<Record<string, Cell>[]> {
  const folder = makeFolder();
  const engine = await openTestEngine(folder);
  const path = writeFile(folder, name, content);
  mkdirSync(join(folder, "run"));
  const { table } = await freezeTable(engine, limit === undefined ? { path } : { path, limit }, join(folder, "run"));
  return engine.rows(`SELECT * FROM ${table.relation}`);
}

async function refuse(name: string, content: string | Uint8Array): Promise<Awaited<ReturnType<typeof findFailure>>> {
  return findFailure(() => read(name, content));
}

describe("a table that is read", () => {
  it("keeps the text of CSV cells as it is: no number, date or NULL is made of it", async () => {
    const rows = await read("t.csv", "a,b,c\n1e5,007,NULL\n2024-01-01,nan,true\n");
    expect(rows).toEqual([
      { a: "1e5", b: "007", c: "NULL" },
      { a: "2024-01-01", b: "nan", c: "true" },
    ]);
  });

  it("keeps line breaks, quotes and delimiters inside quoted cells", async () => {
    expect(await read("t.csv", 'text,n\n"a ""b"", c\nd",1\n')).toEqual([{ text: 'a "b", c\nd', n: "1" }]);
  });

  it.each([
    ["a byte order mark", "\uFEFFtext,n\nx,1\n"],
    ["CRLF", "text,n\r\nx,1\r\n"],
    ["CRLF and LF", "text,n\nx,1\r\n"],
    ["LF and CRLF", "text,n\r\nx,1\n"],
    ["semicolons", "text;n\nx;1\n"],
    ["no line break at its end", "text,n\nx,1"],
  ])("may have %s", async (_what, content) => {
    expect(await read("t.csv", content)).toEqual([{ text: "x", n: "1" }]);
  });

  it("may end its rows in CRLF and in LF, wherever a megabyte ends, and keeps both inside of cells", async () => {
    for (const offset of [-2, -1, 0, 1]) {
      const filler = "y".repeat((1 << 20) - 'text,n\n"","1"'.length + offset);
      const rows = await read("t.csv", `text,n\n"${filler}","1"\r\n"a\r\nb\nc\r",2\nz,3\r\n`);
      expect(rows.map(({ text }) => (text === filler ? "filler" : text))).toEqual(["filler", "a\r\nb\nc\r", "z"]);
      expect(rows.map(({ n }) => n)).toEqual(["1", "2", "3"]);
    }
  });

  it("may be UTF-16 with a byte order mark", async () => {
    const text = "text,n\nGrüße 😀,1\n";
    expect(await read("t.csv", Buffer.from(`\uFEFF${text}`, "utf16le"))).toEqual([{ text: "Grüße 😀", n: "1" }]);
    const bigEndian = Buffer.from(`\uFEFF${text}`, "utf16le").swap16();
    expect(await read("t.csv", bigEndian)).toEqual([{ text: "Grüße 😀", n: "1" }]);
  });

  it("may hold NUL bytes, U+2028 and U+0085", async () => {
    expect(await read("t.csv", "text,n\na\0b\u2028c\u0085d,1\n")).toEqual([{ text: "a\0b\u2028c\u0085d", n: "1" }]);
  });

  it("may have rows of a megabyte, and of several", async () => {
    const rows = await read("t.csv", `text,n\n${"x".repeat(1 << 20)},1\n${"y".repeat(5 << 20)},2\n`);
    expect(rows.map(({ text }) => String(text).length)).toEqual([1 << 20, 5 << 20]);
  });

  it("may have odd column names, and one without a name", async () => {
    expect(await read("t.csv", ',a b,"q""x",😀\n0,1,2,3\n')).toEqual([
      { column_1: "0", "a b": "1", 'q"x': "2", "😀": "3" },
    ]);
  });

  it("may be TSV, JSONL with types, or Parquet", async () => {
    expect(await read("t.tsv", "a\tb\n1\tx,y\n")).toEqual([{ a: "1", b: "x,y" }]);
    const lines = '{"a":1,"t":"2024-01-01"}\n{"a":2,"t":"x","late":[1,2]}\n';
    expect(await read("t.jsonl", lines)).toEqual([
      { a: 1, t: "2024-01-01", late: null },
      { a: 2, t: "x", late: [1, 2] },
    ]);
  });

  it("may be a glob of files, in the order of their names, or its first rows", async () => {
    const folder = makeFolder();
    const engine = await openTestEngine(folder);
    writeFile(folder, "b.csv", "n\n3\n");
    writeFile(folder, "a.csv", "n\n1\n2\n");
    mkdirSync(join(folder, "run"));
    const glob = { path: join(folder, "*.csv") };
    const { table, file } = await freezeTable(engine, glob, join(folder, "run"));
    expect(await engine.rows(`SELECT * FROM ${table.relation}`)).toEqual([{ n: "1" }, { n: "2" }, { n: "3" }]);
    expect(readdirSync(join(folder, "run"))).toEqual(["rows.parquet"]);
    expect(file).toBe(join(folder, "run", "rows.parquet"));
    expect(await read("t.csv", "n\n1\n2\n3\n", 2)).toEqual([{ n: "1" }, { n: "2" }]);
  });

  it("has a fingerprint of its content, not of its time", async () => {
    const folder = makeFolder();
    const engine = await openTestEngine(folder);
    const fingerprintOf = async (content: string, run: string): Promise<string> => {
      const path = writeFile(folder, "t.csv", content);
      mkdirSync(join(folder, run));
      return (await freezeTable(engine, { path }, join(folder, run))).fingerprint;
    };
    const first = await fingerprintOf("n\n1\n", "a");
    expect(await fingerprintOf("n\n1\n", "b")).toBe(first);
    expect(await fingerprintOf("n\n2\n", "c")).not.toBe(first);
    expect(readFileSync(join(folder, "a", "rows.csv"), "utf8")).toBe("n\n1\n");
  });
});

describe("a table that cannot be read", () => {
  it("is refused where there is no such file, with the nearest name", async () => {
    const folder = makeFolder();
    const engine = await openTestEngine(folder);
    writeFile(folder, "reviews.csv", "a\n1\n");
    const error = await findFailure(() => freezeTable(engine, { path: join(folder, "review.csv") }, folder));
    expect(error.code).toBe("NO_SUCH_FILE");
    expect(error.message).toContain("reviews.csv");
    expect((await findFailure(() => freezeTable(engine, { path: join(folder, "*.tsv") }, folder))).code).toBe(
      "NO_SUCH_FILE",
    );
    expect((await findFailure(() => freezeTable(engine, { path: folder }, folder))).code).toBe("IS_A_DIRECTORY");
  });

  it.each([
    ["is empty", "t.csv", "", "EMPTY_TABLE"],
    ["has a header only", "t.csv", "a,b\n", "EMPTY_TABLE"],
    ["is an empty JSONL", "t.jsonl", "", "EMPTY_TABLE"],
    ["has two columns of one name", "t.csv", "a,b,a\n1,2,3\n", "BAD_COLUMN_NAMES"],
    ["is no table", "t.docx", "a", "UNKNOWN_FORMAT"],
    ["is no whole Parquet file", "t.parquet", "PAR1 and then nothing", "BROKEN_TABLE"],
  ])("is refused where it %s", async (_what, name, content, code) => {
    expect((await refuse(name, content)).code).toBe(code);
  });

  it.each([
    ["a row with a cell too many", "a,b\n1,2\n3,4,5\n", 3, "3 cells", "2"],
    ["a row with a cell too few", "a,b\n1,2\n3\n", 3, "1 cell", "2"],
    ["an open quote", 'a,b\n1,2\n"3,4\n5,6\n', 3, "never closed", '"'],
  ])("is refused for %s, with the line and what was expected", async (_what, content, line, problem, expected) => {
    const error = await refuse("t.csv", content);
    expect(error.code).toBe("BROKEN_TABLE");
    expect(error.message).toContain(`line ${line}`);
    expect(error.message).toContain(problem);
    expect(error.message).toContain(expected);
    expect(error.message).toContain("t.csv");
    expect(error.message).not.toContain("rows.csv");
  });

  it.each([
    ["is torn", '{"a":1}\n{"a":\n{"a":3}\n', 2],
    ["is no object", '{"a":1}\n{"a":2}\n[3]\n', 3],
    ["holds half a surrogate pair", '{"a":"x"}\n{"a":"\\ud83d"}\n', 2],
  ])("is refused for a JSON line that %s, with the line", async (_what, content, line) => {
    const error = await refuse("t.jsonl", content);
    expect(error.code).toBe("BROKEN_TABLE");
    expect(error.details).toMatchObject({ line });
  });

  it("is refused for bytes that are no UTF-8, with line and byte", async () => {
    const error = await refuse(
      "t.csv",
      Buffer.concat([Buffer.from("a,b\n1,2\n3,caf"), Buffer.from([0xe9]), Buffer.from("\n")]),
    );
    expect(error.code).toBe("BAD_ENCODING");
    expect(error.details).toMatchObject({ line: 3, byteOffset: 13 });
  });

  it("is refused for a letter that is cut off at its end", async () => {
    const whole = Buffer.from("a\nü");
    expect((await refuse("t.csv", whole.subarray(0, whole.length - 1))).code).toBe("BAD_ENCODING");
  });

  it("names the one of several files that is broken", async () => {
    const folder = makeFolder();
    const engine = await openTestEngine(folder);
    writeFile(folder, "a.csv", "n,m\n1,2\n");
    writeFile(folder, "b.csv", "n,m\n1,2,3\n");
    mkdirSync(join(folder, "run"));
    const error = await findFailure(() => freezeTable(engine, { path: join(folder, "*.csv") }, join(folder, "run")));
    expect(error.code).toBe("BROKEN_TABLE");
    expect(error.message).toContain(join(folder, "b.csv"));
  });

  it("is refused where files of a glob differ in their columns or formats", async () => {
    const folder = makeFolder();
    const engine = await openTestEngine(folder);
    writeFile(folder, "a.csv", "n\n1\n");
    writeFile(folder, "b.csv", "m\n1\n");
    mkdirSync(join(folder, "run"));
    const columns = await findFailure(() => freezeTable(engine, { path: join(folder, "*.csv") }, join(folder, "run")));
    expect(columns.code).toBe("DIFFERENT_COLUMNS");
    writeFile(folder, "c.jsonl", '{"n":1}\n');
    const formats = await findFailure(() => freezeTable(engine, { path: join(folder, "*.*") }, join(folder, "run")));
    expect(formats.code).toBe("MIXED_FORMATS");
  });
});

describe("a part of a table", () => {
  async function part(more: Omit<TableInput, "path">, content = rows): Promise<Record<string, Cell>[]> {
    const folder = makeFolder();
    const engine = await openTestEngine(folder);
    const path = writeFile(folder, "t.csv", content);
    mkdirSync(join(folder, "run"));
    const { table } = await freezeTable(engine, { path, ...more }, join(folder, "run"));
    return engine.rows(`SELECT * FROM ${table.relation}`);
  }
  const rows = `n,text,more\n${Array.from({ length: 200 }, (_, index) => `${index},"t ${index}\nx",m\n`).join("")}`;

  it("is some columns, a query's rows, or the first of them", async () => {
    expect((await part({ select: ["more", "n"], limit: 1 }))[0]).toEqual({ more: "m", n: "0" });
    const found = await part({ sql: "SELECT n::INT AS n, text FROM input WHERE n::INT % 50 = 0", limit: 3 });
    expect(found).toEqual([0, 50, 100].map((n) => ({ n, text: `t ${n}\nx` })));
  });

  it("is a sample in the table's order, the same for the same seed", async () => {
    const numbers = async (seed: number): Promise<number[]> =>
      (await part({ sample: { count: 20, seed } })).map(({ n }) => Number(n));
    const first = await numbers(1);
    expect(first).toHaveLength(20);
    expect(first).toEqual([...first].sort((a, b) => a - b));
    expect(first).not.toEqual(Array.from({ length: 20 }, (_, index) => index));
    expect(await numbers(1)).toEqual(first);
    expect(await numbers(2)).not.toEqual(first);
  });

  it("is refused for a column or a query that cannot be, with the nearest", async () => {
    const column = await findFailure(() => part({ select: ["txt"] }), "UNKNOWN_COLUMN");
    expect(column.details.nearest).toBe("text");
    const query = await findFailure(() => part({ sql: "SELECT nothing FROM input" }));
    expect([query.code, query.message]).toEqual(["BAD_SQL", expect.stringContaining("nothing")]);
  });

  it("that is packed and was cut off is refused", async () => {
    const error = await refuse("t.csv.gz", gzipSync(rows).subarray(0, 200));
    expect([error.code, error.message]).toEqual(["BROKEN_TABLE", expect.stringContaining("gzip")]);
  });

  it("and a whole one may be packed with gzip", async () => {
    const folder = makeFolder();
    const engine = await openTestEngine(folder);
    const path = writeFile(folder, "t.csv.gz", gzipSync(rows));
    mkdirSync(join(folder, "run"));
    const { table, file } = await freezeTable(engine, { path }, join(folder, "run"));
    expect(file).toBe(join(folder, "run", "rows.csv"));
    expect(await engine.rows(`SELECT count(*) AS rows, max(length(text)) AS longest FROM ${table.relation}`)).toEqual([
      { rows: 200, longest: 7 },
    ]);
  });
});
