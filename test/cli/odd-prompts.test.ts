import { readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { previewTexts } from "../../src/cli/print-plan.ts";
import { localArgs, openCase } from "../support/case-files.ts";
import { makeFolder, writeFile } from "../support/folder.ts";
import { type CliResult, runCli } from "../support/run-cli.ts";

const plan = (folder: string, prompt: string, ...more: string[]): Promise<CliResult> =>
  runCli(["plan", "t.csv", "--prompt", prompt, ...localArgs, ...more], folder);
const tryIt = (folder: string, prompt: string, ...more: string[]): Promise<CliResult> =>
  runCli(["try", "t.csv", "--prompt", prompt, "--model", "claude-haiku-4.5", "--local", ...more], folder);

describe("a prompt that uses no column", () => {
  it("is told in plan, try and run, with the columns and how one is written", async () => {
    const folder = openCase("prompt-without-column");
    const words =
      /uses no column of the table[\s\S]*\{text\} is text; write \{\{text\}\}\. Columns: \{\{id\}\}, \{\{text\}\}/;
    expect((await plan(folder, "Classify {text}")).stdout).toMatch(words);
    expect((await tryIt(folder, "Classify {text}")).stdout).toMatch(words);
    const ran = await runCli(["run", "t.csv", "--prompt", "Classify {text}", ...localArgs, "-o", "o.csv"], folder);
    expect([ran.code, ran.stdout + ran.stderr]).toEqual([0, expect.stringMatching(words)]);
    expect((await plan(folder, "Classify {{text}}")).stdout).not.toContain("uses no column");
    expect((await plan(folder, "Classify {{row}}")).stdout).not.toContain("uses no column");
  });

  it("may be a function that gives every row the same", async () => {
    const folder = openCase("prompt-without-column");
    const spec = (prompt: string): string =>
      `import { csv, defineBatch } from "halfprice";\nexport default defineBatch({ input: csv("t.csv"), model: "claude-haiku-4.5", prompt: ${prompt} });\n`;
    writeFile(folder, "a.batch.ts", spec('() => "the same"'));
    writeFile(folder, "b.batch.ts", spec("(row) => row.text"));
    const args = ["--local", "--below-minimum", "on-demand"];
    expect((await runCli(["plan", "a.batch.ts", ...args], folder)).stdout).toContain(
      "gives the same text for every row",
    );
    expect((await runCli(["plan", "b.batch.ts", ...args], folder)).stdout).not.toContain("gives the same text");
  });
});

describe("a spec that misspells a column", () => {
  it("is told which column was meant", async () => {
    const folder = openCase("spec-misspelt-column");
    // Under its own name the type checker would look at it.
    renameSync(join(folder, "reviews.batch.txt"), join(folder, "reviews.batch.ts"));
    const { code, stderr } = await runCli(
      ["plan", "reviews.batch.ts", "--local", "--below-minimum", "on-demand"],
      folder,
    );
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/UNKNOWN_COLUMN[\s\S]*nearest is author[\s\S]*write row\.author/),
    ]);
  });
});

describe("braces that are no column", () => {
  it("are told how they are written", async () => {
    const folder = openCase("braces-in-prompts");
    const prompts = readFileSync(join(folder, "prompts.txt"), "utf8").trim().split("\n");
    const said = [];
    for (const prompt of prompts) {
      const { stdout, stderr } = await plan(folder, prompt);
      said.push(`${stdout}${stderr}`);
    }
    for (const words of said.slice(0, 3)) expect(words).toMatch(/fix .*\\\{\{/);
    expect(said[3]).toMatch(/uses no column[\s\S]*In front of \{\{ a backslash makes it text: write \\\\\{\{/);
    expect((await plan(folder, "Read C:\\\\{{text}}", "--json")).stdout).toMatch(/"text": "Read C:\\\\[^{]+"/);
  });

  it("of an odd name are given as they have to be written", async () => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", 'id,"my ""odd"", name",row\n1,a,b\n');
    const { stderr } = await plan(folder, '{{ "my odd, name" }}');
    const [, fix = ""] = /fix {3}write (.*)/.exec(stderr) ?? [];
    expect(fix).toBe('{{ "my \\"odd\\", name" }}');
    expect((await plan(folder, fix, "--json")).stdout).toContain('"text": "a"');
    expect((await plan(folder, "my odd, name, {x}")).stdout).toContain(
      '{{id}}, {{ "my \\"odd\\", name" }}, {{ "row" }}',
    );
  });
});

describe("--skip-empty", () => {
  const table = "id,text,lang\n1,a,en\n2,,en\n3,c,\n4,  ,de\n5,e,fr\n";
  const outcomes = (folder: string): (string | undefined)[] =>
    parse<Record<string, string>>(readFileSync(join(folder, "o.csv")), { columns: true }).map(
      (row) => row["_halfprice_outcome"],
    );

  it("leaves rows alone with an empty cell where the prompt names one", async () => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", table);
    const run = (prompt: string, ...more: string[]): Promise<CliResult> =>
      runCli(["run", "t.csv", "--prompt", prompt, ...localArgs, "-o", "o.csv", "--full-refresh", ...more], folder);
    await run("Say: {{text}}");
    expect(outcomes(folder)).toEqual(Array(5).fill("answered"));
    await run("Say: {{text}}", "--skip-empty");
    expect(outcomes(folder)).toEqual(["answered", "skipped", "answered", "skipped", "answered"]);
    await run("Say: {{text}} in {{lang}}", "--skip-empty");
    expect(outcomes(folder)).toEqual(["answered", "skipped", "skipped", "skipped", "answered"]);
    await run("Say: {{row}}", "--skip-empty");
    expect(outcomes(folder)).toEqual(Array(5).fill("answered"));
  });

  it("works beside line breaks in cells, which are marks in the frozen table", async () => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", 'id,text\n1,"a\nb"\n2,"\n"\n3,c\n');
    const { stdout } = await plan(folder, "Say: {{text}}", "--skip-empty", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ skippedCount: 1, recordCount: 2, samples: [{ row: 0 }, { row: 2 }] });
  });
});

describe("--on-prompt-error skip", () => {
  it("skips rows at which a function fails, and says how many, which and why", async () => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", "id,text\n1,a\n2,\n3,c\n4,\n");
    writeFile(
      folder,
      "s.batch.ts",
      'import { csv, defineBatch } from "halfprice";\nexport default defineBatch({ input: csv("t.csv"), model: "claude-haiku-4.5", prompt: (row) => { if (row.text === "") throw new Error("no text"); return row.text; } });\n',
    );
    const args = ["--local", "--below-minimum", "on-demand"];
    const failed = await runCli(["plan", "s.batch.ts", ...args], folder);
    expect([failed.code, failed.stderr]).toEqual([
      2,
      expect.stringMatching(/PROMPT_FAILED[\s\S]*failed at row 2: Error: no text[\s\S]*--on-prompt-error skip/),
    ]);
    const planned = await runCli(["plan", "s.batch.ts", ...args, "--on-prompt-error", "skip"], folder);
    expect(planned.stdout).toContain("failed at 2 rows, which are skipped; the first is row 2: Error: no text.");
    const ran = await runCli(["run", "s.batch.ts", ...args, "--on-prompt-error", "skip", "-o", "o.csv"], folder);
    expect(ran.code).toBe(0);
    const rows = parse(readFileSync(join(folder, "o.csv")), { columns: true }) as Record<string, string>[];
    expect(rows.map((row) => row["_halfprice_outcome"])).toEqual(["answered", "skipped", "answered", "skipped"]);
  });
});

describe("try", () => {
  it("takes rows whose requests differ, with their numbers, and counts the tokens of just those", async () => {
    const folder = makeFolder();
    writeFile(
      folder,
      "t.csv",
      `id,text\n${["a", "a", "a", "b", "", "c", "d"].map((text, at) => `${at},${text}`).join("\n")}\n`,
    );
    const { stdout } = await tryIt(folder, "Say: {{text}}", "--skip-empty", "--json");
    const tried = JSON.parse(stdout) as {
      rowNumbers: number[];
      rows: { text: string; _halfprice_input_tokens: number; _halfprice_cost_usd: number }[];
      inputTokens: number;
      costUsd: number;
    };
    expect(tried.rowNumbers).toEqual([1, 4, 6]);
    expect(tried.rows.map(({ text }) => text)).toEqual(["a", "b", "c"]);
    expect(tried.inputTokens).toBe(tried.rows.reduce((sum, row) => sum + row._halfprice_input_tokens, 0));
    expect(tried.rows.every((row) => row._halfprice_cost_usd > 0)).toBe(true);
    expect((await tryIt(folder, "Say: {{text}}", "--limit", "2")).stdout).toMatch(/row 1 [\s\S]*row 4 /);
  });
});

describe("previews of prompts", () => {
  const long = "the same words ".repeat(30);
  it("show where they differ", () => {
    const shown = previewTexts([`${long}one`, `${long}two`, `${long}three`]);
    expect(shown.map((text) => text.slice(-4))).toEqual([" one", " two", "hree"]);
    expect(shown.every((text) => text.startsWith("…") && [...text].length < 170)).toBe(true);
  });
  it.each([
    [
      ["short a", "short b"],
      ["short a", "short b"],
    ],
    [[`${long}x`], [`${`${long}x`.slice(0, 159)}…`]],
    [
      [long, long],
      [`${long.slice(0, 159)}…`, `${long.slice(0, 159)}…`],
    ],
    [["a\n\nb"], ["a b"]],
    [[], []],
  ])("and begin with the beginning where that is enough", (texts, shown) => expect(previewTexts(texts)).toEqual(shown));
});

describe("a row that is too long", () => {
  it("is named by its number, from 1", async () => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", `id,text\n1,a\n2,${"x".repeat(1_300_000)}\n3,c\n`);
    expect((await plan(folder, "Say: {{text}}")).stdout).toMatch(/The longest request \(row 2\) has/);
  });
});

describe("a prompt file with a YAML alias", () => {
  it.each([
    ["alias.md", /alias\.md, line 3: the front matter.*alias/],
    ["nest.md", /nest\.md.*alias/i],
  ])("is BAD_PROMPT, with the line: %s", async (file, words) => {
    const folder = openCase("prompt-file-yaml-alias");
    const { code, stderr } = await runCli(["plan", "t.csv", file, "--local", "--below-minimum", "on-demand"], folder);
    expect([code, stderr]).toEqual([2, expect.stringMatching(words)]);
    expect(stderr).toContain("error BAD_PROMPT");
  });

  it.each([
    ["a list nested 100,000 deep", `---\nmodel: claude-haiku-4.5\nsystem: ${"[".repeat(100_000)}\n---\n{{text}}\n`],
    ["a key that is no text", "---\n? [a, b]\n: c\n---\n{{text}}\n"],
    ["a tag", "---\nmodel: !!binary x\n---\n{{text}}\n"],
    ["an anchor that is used", "---\nmodel: &m claude-haiku-4.5\nsystem: *m\nstop: *n\n---\n{{text}}\n"],
  ])("and its relatives too: %s", async (_name, text) => {
    const folder = openCase("prompt-file-yaml-alias");
    writeFile(folder, "p.md", text);
    const { code, stderr } = await runCli(["plan", "t.csv", "p.md", "--local", "--below-minimum", "on-demand"], folder);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/error BAD_PROMPT/)]);
  });
});
