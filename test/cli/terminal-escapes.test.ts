import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeColors, toWritten } from "../../src/cli/display/colors.ts";
import { showJson, showText } from "../../src/cli/show-text.ts";
import { localArgs, openCase } from "../support/case-files.ts";
import { makeFolder, writeFile } from "../support/folder.ts";
import { type CliResult, runCli } from "../support/run-cli.ts";

const builtColors = new URL("../../build/cli/display/colors.js", import.meta.url).href;

/** What a terminal would obey; tab and line feed are text. */
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
const escape = "\u001b";

async function call(args: readonly string[], folder: string): Promise<CliResult> {
  const result = await runCli(args, folder);
  expect(control.test(result.stdout + result.stderr), `${args[0]}: ${result.stdout}${result.stderr}`).toBe(false);
  return result;
}

describe("control characters of data reach no terminal", () => {
  it("in plan, try, run, show, runs and export, with the table of the report", async () => {
    const folder = openCase("terminal-escapes");
    const prompt = ["--prompt", "Say: {{text}}", ...localArgs];
    expect((await call(["plan", "t.csv", ...prompt], folder)).stdout).toContain("\\x1b[2J");
    expect((await call(["try", "t.csv", ...prompt.slice(0, 5)], folder)).stdout).toContain("\\x1b[2J");
    const name = `${escape}[31mred\u009b0m\u202e`;
    expect((await call(["run", "t.csv", ...prompt, "--name", name, "-o", "o.csv"], folder)).code).toBe(0);
    expect((await call(["runs"], folder)).stdout).toContain("\\x1b[31mred\\x9b0m\\u202e");
    const shown = await call(
      ["show", name, "--query", "SELECT text, 'a' || chr(155) AS \"b\u001b[5m\" FROM results"],
      folder,
    );
    expect(shown.stdout).toContain("\\x1b[2J");
    expect(shown.stdout).toContain("b\\x1b[5m");
    await call(["show", name], folder);
    await call(["export", name, "-o", `${escape}c.csv`], folder);
    const json = await call(["show", name, "--query", "SELECT text, chr(155) AS c FROM results", "--json"], folder);
    expect(JSON.parse(json.stdout)[0]).toMatchObject({ c: "\u009b", text: expect.stringContaining(escape) });
  });

  it("in errors: names of columns, files and runs, and messages of the service", async () => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", `id,te${escape}]0;title\u0007xt\n1,a\n`);
    const failed = await call(["plan", "t.csv", "--prompt", "{{text}}", ...localArgs], folder);
    expect(failed.stderr).toContain("te\\x1b]0;title\\x07xt");
    for (const args of [
      ["plan", `no${escape}[2Jsuch.csv`, "--prompt", "{{text}}", ...localArgs],
      ["show", `x${escape}[2J`],
      ["explain", `what is ${escape}]52;c;AAAA\u0007`],
      [`ru${escape}n`],
    ])
      expect((await call(args, folder)).stderr).toContain("\\x1b");
  });

  it("but are written as they are where that is asked for", async () => {
    const folder = openCase("terminal-escapes");
    const prompt = ["--prompt", "Say: {{text}}", ...localArgs];
    expect((await runCli(["plan", "t.csv", ...prompt, "--raw-output"], folder)).stdout).toContain(`${escape}[2J`);
    await runCli(["run", "t.csv", ...prompt, "--name", "r"], folder);
    const query = ["show", "r", "--query", "SELECT text FROM results"];
    expect((await runCli([...query, "--raw"], folder)).stdout).toContain(`${escape}[2J`);
  });
});

describe("on a terminal", () => {
  it("colours are halfprice's own and none of the data's", () => {
    const { bold, dim, red } = makeColors(true);
    expect(toWritten(`${red("a\u001b[5mb")} \u001b[32mc`)).toBe("\u001b[31ma\\x1b[5mb\u001b[39m \\x1b[32mc");
    expect(toWritten(bold(dim("x")))).toMatch(/^\u001b\[1m\u001b\[2mx\u001b\[22m/);
    expect(makeColors(false).red("a")).toBe("a");
  });

  it.each([
    [true, "\u001b[31ma\u001b[39m"],
    [false, "a"],
  ])("there are colours, and elsewhere none whatever the environment wants: %s", (isTTY, written) => {
    const script = `process.stdout.isTTY = ${isTTY};
      const { colors, toWritten } = await import(${JSON.stringify(builtColors)});
      process.stdout.write(toWritten(colors.red("a")));`;
    const env = { PATH: process.env["PATH"], FORCE_COLOR: "1" };
    expect(execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8", env })).toBe(
      written,
    );
  });
});

describe("a text is shown", () => {
  it.each([
    ["a\r\nb", "a\nb"],
    ["a\rb", "a\\rb".replace("\\r", "\\x0d")],
    ["tab\tand\nline", "tab\tand\nline"],
    ["é 漢 😀 עברית \u200f", "é 漢 😀 עברית \u200f"],
    ["\u0000\u007f\u0085", "\\x00\\x7f\\x85"],
  ])("%j as %j", (text, shown) => expect(showText(text)).toBe(shown));

  it("and JSON stays the same document", () => {
    const value = { "a\u009b": "b\u007f\u202e\u001b" };
    const json = showJson(JSON.stringify(value));
    expect([control.test(json), JSON.parse(json)]).toEqual([false, value]);
  });
});

describe("--safe-csv", () => {
  const cells = ["=1+1", "+1 (0) 2", "-5", "-2+3", "@SUM(A1)", "plain", " =1", "1=1", "＝1", "-1.5e3", "'=x"];
  const safe = ["'=1+1", "'+1 (0) 2", "-5", "'-2+3", "'@SUM(A1)", "plain", "' =1", "1=1", "'＝1", "-1.5e3", "'=x"];

  it("puts an apostrophe before cells and names that a spreadsheet would compute; other formats stay as they are", async () => {
    const folder = makeFolder();
    writeFileSync(
      join(folder, "t.csv"),
      `id,text,=cmd\n${cells.map((cell, row) => `${row},"${cell}",x`).join("\n")}\n`,
    );
    const args = ["run", "t.csv", "--prompt", "Say: {{text}}", ...localArgs, "--name", "r"];
    expect((await runCli([...args, "--safe-csv", "-o", "o.csv"], folder)).code).toBe(0);
    const read = async (file: string, column: string): Promise<unknown[]> => {
      const { parse } = await import("csv-parse/sync");
      const { readFileSync } = await import("node:fs");
      const rows: Record<string, string>[] = parse(readFileSync(join(folder, file)), { columns: true });
      return rows.map((row) => row[column]);
    };
    expect(await read("o.csv", "text")).toEqual(safe);
    expect(await read("o.csv", "'=cmd")).toHaveLength(cells.length);
    await runCli(["export", "r", "-o", "again.csv", "--safe-csv"], folder);
    expect(await read("again.csv", "text")).toEqual(safe);
    await runCli(["run", "t.csv", "--prompt", "Tell: {{text}}", ...localArgs, "-o", "plain.csv"], folder);
    expect(await read("plain.csv", "text")).toEqual(cells);
    await runCli(["export", "r", "-o", "o.jsonl", "--safe-csv"], folder);
    const { readFileSync } = await import("node:fs");
    expect(readFileSync(join(folder, "o.jsonl"), "utf8")).toContain('"=cmd":');
  });
});
