import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGzip } from "node:zlib";
import { parse } from "csv-parse/sync";
import { writeXlsx } from "hucre/xlsx";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LocalServer, startLocal } from "../../src/local/index.ts";
import type { Session } from "../../src/workspace/session.ts";
import { localArgs, openCase } from "../support/case-files.ts";
import { makeFolder, writeFile } from "../support/folder.ts";
import { sessionOn } from "../support/local-run.ts";
import { planHere } from "../support/plan-here.ts";
import { type CliResult, runCli } from "../support/run-cli.ts";

// One local service and one workspace for all: what is tested is how tables are read, and not the command line.
const home = mkdtempSync(join(tmpdir(), "halfprice-test-"));
let session: Session;
let server: LocalServer;
beforeAll(async () => {
  server = await startLocal({ seed: 1 });
  session = await sessionOn(server, home);
});
afterAll(async () => {
  await server.close();
  rmSync(home, { recursive: true, force: true });
});

const plan = (folder: string, table: string, prompt: string, ...more: string[]): Promise<CliResult> =>
  planHere(session, folder, table, ["--prompt", prompt, ...localArgs, ...more]);

/** The prompts of a table's first rows, as the plan has them. */
async function promptsOf(folder: string, table: string, prompt: string, ...more: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await plan(folder, table, prompt, "--json", ...more);
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  const { samples } = JSON.parse(stdout) as { samples: { text: string }[] };
  return samples.map(({ text }) => text);
}

const warningsOf = (stdout: string): string[] =>
  (JSON.parse(stdout) as { model: { warnings?: string[] } }).model.warnings ?? [];

describe("a lone carriage return in a CSV", () => {
  it.each([
    ["cell.csv", 2],
    ["ends.csv", 4],
  ])("is named with its line: %s", async (table, line) => {
    const { code, stderr } = await plan(openCase("csv-lone-carriage-return"), table, "[{{text}}]");
    expect(code).toBe(2);
    expect(stderr).toContain("error BROKEN_TABLE");
    expect(stderr).toMatch(/line \d: a carriage return stands alone/);
    expect(stderr).toContain(`line ${line}`);
  });
});

describe("JSON Lines", () => {
  it("with many sparse keys have each as a column", async () => {
    const folder = openCase("jsonl-sparse-keys");
    expect((await promptsOf(folder, "t.jsonl", "Say: {{text}}"))[0]).toMatch(/^Say: ./);
    const { code } = await runCli(
      ["run", "t.jsonl", "--prompt", "Say: {{text}}", ...localArgs, "--limit", "40", "-o", "o.csv"],
      folder,
    );
    expect(code).toBe(0);
    const [row] = parse(readFileSync(join(folder, "o.csv")), { columns: true }) as Record<string, string>[];
    const given = JSON.parse(readFileSync(join(folder, "t.jsonl"), "utf8").split("\n")[0] ?? "") as object;
    for (const [name, value] of Object.entries(given)) expect(row?.[name]).toBe(String(value));
    expect(Object.keys(row ?? {}).length).toBeGreaterThan(32);
  });

  it("with more keys than any table has are refused in words", async () => {
    const rows = Array.from({ length: 6000 }, (_, id) => JSON.stringify({ id, [`key_${id}`]: 1 }));
    const folder = makeFolder();
    writeFile(folder, "t.jsonl", `${rows.join("\n")}\n`);
    const { code, stderr } = await plan(folder, "t.jsonl", "{{id}}");
    expect(code).toBe(2);
    expect(stderr).toMatch(/BROKEN_TABLE[\s\S]*6,001 different keys[\s\S]*at most 5,000[\s\S]*fields/);
  });

  it.each([
    ["lists", "[".repeat(100_000) + "]".repeat(100_000)],
    ["objects", `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`],
    ["both", `${'[{"a":'.repeat(50_000)}1${"}]".repeat(50_000)}`],
  ])("nested 100,000 deep are refused with the line: %s", async (_name, value) => {
    const folder = makeFolder();
    writeFile(folder, "t.jsonl", `{"id":1,"text":"a"}\n{"id":2,"text":"b","d":${value}}\n`);
    const { code, stderr } = await plan(folder, "t.jsonl", "Say: {{text}}");
    expect(code).toBe(2);
    expect(stderr).toMatch(/BROKEN_TABLE\n {2}t\.jsonl, line 2: its values are nested more than 5,000 deep/);
  });

  it.each([
    ["brackets in a text", JSON.stringify("[".repeat(100_000))],
    ["a value nested a thousand deep", "[".repeat(1000) + "]".repeat(1000)],
    ["a long flat list", `[${Array(50_000).fill("[]").join(",")}]`],
  ])("are read with %s", async (_name, value) => {
    const folder = makeFolder();
    writeFile(folder, "t.jsonl", `{"id":1,"text":"a","d":${value}}\n`);
    expect(await promptsOf(folder, "t.jsonl", "Say: {{text}}")).toEqual(["Say: a"]);
  });

  it("keep in a cell what the row has, and give what is inside by its path", async () => {
    const folder = openCase("table-shapes");
    expect(await promptsOf(folder, "nested.jsonl", "{{meta}}")).toEqual(['{"lang":"en"}', '{"n":5}']);
    expect(await promptsOf(folder, "nested.jsonl", "[{{meta.lang}}|{{meta.n}}]")).toEqual(["[en|]", "[|5]"]);
    writeFile(folder, "deep.jsonl", '{"a":{"b":[{"c":"x"},{"c":"y"}]},"a.b":"flat","tags":["t0","t1"]}\n');
    expect(await promptsOf(folder, "deep.jsonl", "{{a.b}} {{ a.b.1.c }}")).toEqual(["flat y"]);
    expect(await promptsOf(folder, "deep.jsonl", "{{tags.1}} {{row}}")).toEqual([
      't1 {"a":{"b":[{"c":"x"},{"c":"y"}]},"a.b":"flat","tags":["t0","t1"]}',
    ]);
  });

  it("refuse a path that no row has, and name those that there are", async () => {
    const { code, stderr } = await plan(openCase("table-shapes"), "nested.jsonl", "{{meta.langs}}");
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/UNKNOWN_COLUMN[\s\S]*nearest is meta\.lang\.[\s\S]*write {{meta\.lang}}/),
    ]);
    const text = await plan(openCase("table-shapes"), "nested.jsonl", "{{text.lang}}");
    expect(text.stderr).toMatch(/text is a text[\s\S]*--sql "SELECT/);
  });

  it("tell columns apart that differ in case only, in prompt and results", async () => {
    const folder = openCase("table-shapes");
    expect(await promptsOf(folder, "case.jsonl", "{{Text}} {{text}}")).toEqual(["a b"]);
    const { stdout } = await plan(folder, "case.jsonl", "{{text}}", "--json");
    expect(warningsOf(stdout).join()).toMatch(/"text" differs from another in case only.*called text_1/);
    await runCli(["run", "case.jsonl", "--prompt", "{{text}}", ...localArgs, "-o", "o.csv"], folder);
    expect(parse(readFileSync(join(folder, "o.csv")), { columns: true })).toMatchObject([{ Text: "a", text_1: "b" }]);
    writeFile(folder, "t.csv", "ID,id,Id_1\n1,2,3\n");
    expect(await promptsOf(folder, "t.csv", "{{ID}} {{id}} {{Id_1}}")).toEqual(["1 2 3"]);
    expect(await promptsOf(folder, "t.csv", "{{ID}} {{id}} {{Id_1}}", "--limit", "1")).toEqual(["1 2 3"]);
  });

  it("are what a JSON array has to become, and the error says how", async () => {
    const { code, stderr } = await plan(openCase("table-shapes"), "array.json", "{{text}}");
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/UNKNOWN_FORMAT[\s\S]*jq -c '\.\[\]' array\.json > array\.jsonl/),
    ]);
  });
});

describe("the dialect of a CSV", () => {
  it("is read off Excel's own first line", async () => {
    expect(await promptsOf(openCase("table-shapes"), "sep.csv", "{{id}} {{text}}")).toEqual(["1 a", "2 b"]);
  });

  it("has lines before its names, which the error tells how to skip", async () => {
    const folder = openCase("table-shapes");
    const { code, stderr } = await plan(folder, "title.csv", "{{text}}");
    expect([code, stderr]).toEqual([2, expect.stringMatching(/--skip-rows/)]);
    expect(await promptsOf(folder, "title.csv", "{{text}}", "--skip-rows", "2")).toEqual(["a"]);
  });

  it.each<[string, string | Buffer, string[], string]>([
    ["a delimiter", "id^text\n1^a,b\n", ["--delimiter", "^"], "1 a,b"],
    ["tabs", "id\ttext\n1\ta,b\n", ["--delimiter", "tab"], "1 a,b"],
    ["another quote", "id,text\n1,'a,\n''b'\n", ["--quote", "'"], "1 a,\n'b"],
    ["no quotes", 'id;text\n1;5" disk\n', ["--quote", "none"], '1 5" disk'],
    ["an encoding", Buffer.from("id,text\n1,caf\xe9 \x80\n", "latin1"), ["--encoding", "windows-1252"], "1 café €"],
    ["UTF-16 without a mark", Buffer.from("id,text\n1,é\n", "utf16le"), ["--encoding", "utf-16le"], "1 é"],
    ["lines to skip", "a title\n\nid,text\n1,a\n", ["--skip-rows", "2"], "1 a"],
    [
      "a byte order mark, CR LF and a part",
      "\ufeffx\r\nid;text\r\n1;a\r\n2;b\r\n",
      ["--skip-rows", "1", "--limit", "1"],
      "1 a",
    ],
  ])("may be told: %s", async (_name, content, options, text) => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", content);
    expect(await promptsOf(folder, "t.csv", "{{id}} {{text}}", ...options)).toEqual([text]);
  });

  it("may have no names, in a run and its table too", async () => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", "1;a\n2;b\n");
    const options = ["--no-header", "--delimiter", ";"];
    expect(await promptsOf(folder, "t.csv", "{{column_1}} {{column_2}}", ...options)).toEqual(["1 a", "2 b"]);
    await runCli(["run", "t.csv", "--prompt", "{{column_2}}", ...localArgs, ...options, "-o", "o.csv"], folder);
    expect(parse(readFileSync(join(folder, "o.csv")), { columns: true })).toMatchObject([
      { column_1: "1", column_2: "a" },
      { column_1: "2", column_2: "b" },
    ]);
  });

  it("gives errors the line of the file", async () => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", "title\nid,text\n1,a\n2,b,c\n");
    expect((await plan(folder, "t.csv", "{{text}}", "--skip-rows", "1")).stderr).toContain(
      "t.csv, line 4: the row has 3 cells",
    );
    writeFile(folder, "n.csv", "1,a\n2,b,c\n");
    expect((await plan(folder, "n.csv", "{{column_1}}", "--no-header")).stderr).toContain(
      "n.csv, line 2: the row has 3 cells",
    );
  });

  it.each([
    [["--delimiter", "ab"], /--delimiter is "ab"/],
    [["--encoding", "klingon"], /--encoding is "klingon"/],
    [["--skip-rows", "-1"], /--skip-rows is "-1"/],
    [["--quote", ";", "--delimiter", ";"], /the same character/],
    [["--sheet", "Data"], /--sheet is for Excel workbooks/],
  ])("is refused where it cannot be: %j", async (options, words) => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", "id,text\n1,a\n");
    const { code, stderr } = await plan(folder, "t.csv", "{{text}}", ...options);
    expect([code, stderr]).toEqual([2, expect.stringMatching(words)]);
  });

  it("of another encoding is told, with the way", async () => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", Buffer.from("id,text\n1,caf\xe9\n", "latin1"));
    expect((await plan(folder, "t.csv", "{{text}}")).stderr).toMatch(/BAD_ENCODING[\s\S]*--encoding windows-1252/);
    expect((await plan(folder, "t.csv", "{{text}}", "--encoding", "gbk")).stderr).toMatch(/not valid gbk/);
  });
});

describe("a workbook", () => {
  it("with a cover has its sheets named, and the one that is wanted is read", async () => {
    const folder = openCase("workbook-cover-sheet");
    const { code, stderr } = await plan(folder, "cover.xlsx", "{{text}}");
    expect(code).toBe(2);
    expect(stderr).toMatch(/The sheet "Cover" is read; the workbook also has "Data": --sheet reads another/);
    for (const sheet of ["Data", "2"])
      expect(await promptsOf(folder, "cover.xlsx", "{{text}}", "--sheet", sheet)).toEqual(["a"]);
    const wrong = await plan(folder, "cover.xlsx", "{{text}}", "--sheet", "Dat");
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringMatching(/has "Cover", "Data"; the nearest is Data/)]);
  });

  it("whose first sheet is hidden gives the first that is seen, and says so", async () => {
    const folder = openCase("workbook-cover-sheet");
    const { code, stdout } = await plan(folder, "hidden.xlsx", "{{text}}", "--json");
    expect(code).toBe(0);
    expect(warningsOf(stdout).join()).toMatch(/The sheet "Data" is read; the workbook also has "Hidden" \(hidden\)/);
  });

  it("with merged cells says that only the first has the text", async () => {
    const folder = makeFolder();
    const rows = [
      ["id", "text"],
      [1, "a"],
      [2, null],
    ];
    const merges = [{ startRow: 1, startCol: 1, endRow: 2, endCol: 1 }];
    writeFileSync(join(folder, "t.xlsx"), await writeXlsx({ sheets: [{ name: "S", rows, merges }] }));
    const { stdout } = await plan(folder, "t.xlsx", "Say: {{text}}", "--json");
    expect(warningsOf(stdout).join()).toMatch(/The sheet "S" has 1 merged range: only the first cell/);
  });
});

describe("a bomb is stopped in words", () => {
  const size = 300 * 1024 * 1024;
  let packed: Buffer;
  beforeAll(async () => {
    const gzip = createGzip({ level: 9 });
    const pieces: Buffer[] = [];
    gzip.on("data", (piece: Buffer) => pieces.push(piece));
    gzip.write("id,text\n");
    const block = Buffer.alloc(1024 * 1024, "1,aaaaaaaaaaaaa\n");
    for (let sent = 0; sent < size; sent += block.length)
      if (!gzip.write(block)) await new Promise((resolve) => gzip.once("drain", resolve));
    gzip.end();
    await new Promise((resolve) => gzip.once("end", resolve));
    packed = Buffer.concat(pieces);
  }, 60_000);

  it("as a gzip file", async () => {
    const folder = makeFolder();
    writeFile(folder, "t.csv.gz", packed);
    const { code, stderr } = await plan(folder, "t.csv.gz", "{{text}}");
    expect([code, stderr]).toEqual([2, expect.stringMatching(/BROKEN_TABLE[\s\S]*unpacks to more than 200 times/)]);
  });

  it("as a workbook: its texts, and its sheet", async () => {
    const folder = makeFolder();
    const deflated = packed.subarray(10, packed.length - 8);
    for (const name of ["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"]) {
      const whole = makeZip(
        { name, deflated, size },
        await writeXlsx({ sheets: [{ name: "S", rows: [["id", "text"]] }] }),
      );
      writeFile(folder, "t.xlsx", whole);
      const { code, stderr } = await plan(folder, "t.xlsx", "{{text}}");
      expect([name, code, stderr]).toEqual([name, 2, expect.stringMatching(/BROKEN_TABLE[\s\S]*unpacks to more than/)]);
    }
  });
});

/** A ZIP archive with its entries as they are, but one that is put in their place. */
function makeZip(bomb: { name: string; deflated: Buffer; size: number }, zip: Uint8Array): Buffer {
  const from = Buffer.from(zip);
  const entries: { name: string; method: number; data: Buffer; size: number }[] = [];
  let at = from.lastIndexOf(Buffer.from("PK\u0005\u0006"));
  at = from.readUInt32LE(at + 16);
  while (from.readUInt32LE(at) === 0x02014b50) {
    const name = from.toString("utf8", at + 46, at + 46 + from.readUInt16LE(at + 28));
    const offset = from.readUInt32LE(at + 42);
    const start = offset + 30 + from.readUInt16LE(offset + 26) + from.readUInt16LE(offset + 28);
    const data = from.subarray(start, start + from.readUInt32LE(at + 20));
    if (name !== bomb.name)
      entries.push({ name, method: from.readUInt16LE(at + 10), data, size: from.readUInt32LE(at + 24) });
    at += 46 + from.readUInt16LE(at + 28) + from.readUInt16LE(at + 30) + from.readUInt16LE(at + 32);
  }
  entries.push({ name: bomb.name, method: 8, data: bomb.deflated, size: bomb.size });
  const out: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, method, data, size } of entries) {
    const head = Buffer.alloc(30 + name.length);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(20, 4);
    head.writeUInt16LE(method, 8);
    head.writeUInt32LE(data.length, 18);
    head.writeUInt32LE(size, 22);
    head.writeUInt16LE(name.length, 26);
    head.write(name, 30);
    const entry = Buffer.alloc(46 + name.length);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(data.length, 20);
    entry.writeUInt32LE(size, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    entry.write(name, 46);
    out.push(head, data);
    directory.push(entry);
    offset += head.length + data.length;
  }
  const listing = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(listing.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...out, listing, end]);
}
