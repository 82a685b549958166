import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { readXlsx } from "hucre/xlsx";
import { describe, expect, it, onTestFinished } from "vitest";
import { startLocal } from "../../src/local/index.ts";
import { localArgs } from "../support/case-files.ts";
import { makeFolder, writeFile } from "../support/folder.ts";
import { placeOn } from "../support/local-place.ts";
import { cleanEnv, cliPath, runCli } from "../support/run-cli.ts";

const run = (folder: string, output: string, ...more: string[]): ReturnType<typeof runCli> =>
  runCli(["run", "t.csv", "--prompt", "Say: {{text}}", ...localArgs, "-o", output, "--name", "r", ...more], folder);

function makeTable(): string {
  const folder = makeFolder();
  writeFile(folder, "t.csv", "id,text\n1,a\n2,=1+1\n");
  return folder;
}

describe("an output that cannot be written is refused before anything is paid", () => {
  it.each([
    ["a name that is too long", `${"n".repeat(300)}.csv`, /its name has 304 bytes; a file's name may have 255/],
    ["a folder", "folder.csv", /it is a folder/],
    ["a folder that takes no files", "/proc/halfprice-test.csv", /BAD_OUTPUT/],
    ["a folder that is not there", "none/o.csv", /there is no folder none/],
  ])("%s", async (_name, output, words) => {
    const folder = makeTable();
    writeFile(folder, "folder.csv/x", "");
    const { code, stderr } = await run(folder, output);
    expect([code, stderr]).toEqual([2, expect.stringMatching(words)]);
    expect(stderr).toContain("error BAD_OUTPUT");
    expect(JSON.parse((await runCli(["runs", "--json"], folder)).stdout)).toMatchObject({ runs: [] });
  });
});

describe("a name with a star in it", () => {
  it("is the file of that name, for table and output", async () => {
    const folder = makeFolder();
    writeFile(folder, "a*b[1].csv", "id,text\n1,right\n");
    writeFile(folder, "axb1.csv", "id,text\n1,wrong\n");
    const args = ["run", "a*b[1].csv", "--prompt", "Say: {{text}}", ...localArgs, "-o", "o*[x].csv"];
    expect((await runCli(args, folder)).code).toBe(0);
    expect(parse(readFileSync(join(folder, "o*[x].csv")), { columns: true })).toMatchObject([{ text: "right" }]);
  });

  it("that is too long for a table is told as what it is", async () => {
    const folder = makeTable();
    const { code, stderr } = await runCli(
      ["plan", `${"n".repeat(300)}.csv`, "--prompt", "{{a}}", ...localArgs],
      folder,
    );
    expect([code, stderr]).toEqual([2, expect.stringMatching(/error UNREADABLE_FILE/)]);
  });
});

describe("an Excel workbook as the output", () => {
  it("has every row, texts that are no formulas, and numbers", async () => {
    const folder = makeTable();
    expect((await run(folder, "o.xlsx")).code).toBe(0);
    const { sheets } = await readXlsx(readFileSync(join(folder, "o.xlsx")));
    const [head = [], ...rows] = sheets[0]?.rows ?? [];
    const at = (name: string): number => head.indexOf(name);
    expect(
      rows.map((row) => [
        row[at("id")],
        row[at("text")],
        row[at("_halfprice_outcome")],
        typeof row[at("_halfprice_input_tokens")],
      ]),
    ).toEqual([
      ["1", "a", "answered", "number"],
      ["2", "=1+1", "answered", "number"],
    ]);
    writeFile(folder, "long.csv", `id,text\n1,${"x".repeat(40_000)}\n`);
    const long = await runCli(["run", "long.csv", "--prompt", "{{text}}", ...localArgs, "-o", "l.xlsx"], folder);
    expect([long.code, long.stderr]).toEqual([
      2,
      expect.stringMatching(/BAD_OUTPUT[\s\S]*column text has 40,000 letters/),
    ]);
  });
});

describe("an object of S3 as the output", () => {
  it("is written by run and export, and read again as a table", async () => {
    const folder = makeTable();
    const server = await startLocal({ speed: 6000, seed: 1 });
    onTestFinished(() => server.close());
    await placeOn(server);
    const call = (...args: string[]): ReturnType<typeof runCli> => runCli(args, folder, { ...server.env });
    const asked = ["--prompt", "Say: {{text}}", "--model", "claude-haiku-4.5", "--below-minimum", "on-demand", "--yes"];
    const ran = await call("run", "t.csv", ...asked, "--name", "r", "-o", "s3://my-bucket/out/o.csv");
    expect([ran.code, ran.stderr]).toEqual([0, expect.any(String)]);
    expect((await call("export", "r", "-o", "s3://my-bucket/out/o.parquet")).code).toBe(0);
    const response = await fetch(`${server.url}/my-bucket/out/o.csv`);
    expect([response.headers.get("content-type"), await response.text()]).toEqual([
      "text/csv; charset=utf-8",
      expect.stringMatching(/^id,text,answer/),
    ]);
    expect(
      (await call("plan", "s3://my-bucket/out/o.parquet", ...asked.slice(0, -1), "--answer-prefix", "b_")).code,
    ).toBe(0);
    const gone = await call("export", "r", "-o", "s3://no-such-bucket/o.csv");
    expect([gone.code, gone.stderr]).toEqual([3, expect.stringMatching(/NoSuchBucket/)]);
  });
});

describe("a table on standard input", () => {
  const pipe = (
    text: string,
    args: readonly string[],
    folder: string,
  ): Promise<{ code: number | null; stdout: string }> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [cliPath, ...args], {
        cwd: folder,
        env: cleanEnv(),
        stdio: ["pipe", "pipe", "ignore"],
      });
      let stdout = "";
      child.stdout.setEncoding("utf8").on("data", (piece: string) => (stdout += piece));
      child.on("close", (code) => resolve({ code, stdout }));
      child.stdin.end(text);
    });

  it.each([
    ["CSV", "id,text\n1,a\n"],
    ["JSON Lines", '{"id":1,"text":"a"}\n'],
  ])("is read as what it is: %s", async (_name, text) => {
    const args = ["run", "-", "--prompt", "Say: {{text}}", ...localArgs, "-o", "o.csv", "--json"];
    const folder = makeFolder();
    const { code, stdout } = await pipe(text, args, folder);
    expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ rowCount: 1 })]);
    expect(readFileSync(join(folder, "o.csv"), "utf8")).toContain("1,a,");
  });

  it("that is empty is an empty table", async () => {
    const { code, stdout } = await pipe(
      "",
      ["plan", "-", "--prompt", "{{text}}", ...localArgs, "--json"],
      makeFolder(),
    );
    expect([code, JSON.parse(stdout)]).toMatchObject([2, { error: { code: "EMPTY_TABLE" } }]);
  });
});
