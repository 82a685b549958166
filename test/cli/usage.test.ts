import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { catalogue } from "../../src/foundation/errors/index.ts";
import { makeFolder, writeFile } from "../support/folder.ts";
import { makeCsv } from "../support/records.ts";
import { runCli } from "../support/run-cli.ts";

const commands = [
  "demo",
  "init",
  "try",
  "plan",
  "run",
  "runs",
  "show",
  "watch",
  "resume",
  "collect",
  "parts",
  "part",
  "retry",
  "stop",
  "clean",
  "adopt",
  "eval",
  "compare-models",
  "report",
  "export",
  "setup",
  "doctor",
  "deploy",
  "workspace",
  "explain",
  "models",
  "serve",
  "console",
  "completions",
  "local",
];
const common = ["--json", "--workspace", "--region", "--profile", "--endpoint-url", "--local", "--yes", "--quiet"];
const fewRows = makeCsv(
  ["id", "text"],
  Array.from({ length: 60 }, (_, index) => [String(index), `text ${index}`]),
);

describe("halfprice --help", () => {
  it("names every command, with an example, and exits 0", async () => {
    const { code, stdout } = await runCli(["--help"], makeFolder());
    expect(code).toBe(0);
    expect([...stdout.matchAll(/^ {2}([a-z]+(?:-[a-z]+)*) {2,}/gm)].map(([, name]) => name)).toEqual(commands);
    expect(stdout).toContain("Example:");
  });

  it.each([...commands, "workspace copy"])("of %s shows its options and an example", async (command) => {
    const { code, stdout } = await runCli([...command.split(" "), "--help"], makeFolder());
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`Example:\\n  .*halfprice ${command}`));
    const few: Readonly<Record<string, readonly string[]>> = {
      ...{ local: ["--quiet"], serve: ["--workspace", "--local", "--quiet"], demo: ["--quiet"], init: ["--quiet"] },
      console: ["--json", "--workspace", "--local", "--quiet", "--no-open"],
      explain: ["--json"],
      completions: ["--raw-output"],
      workspace: ["copy", "--raw-output"],
    };
    const expected = few[command] ?? common;
    for (const option of expected) expect(stdout).toContain(option);
  });

  it("is shown without any command, and the version for --version", async () => {
    expect((await runCli([], makeFolder())).stdout).toContain("Commands:");
    expect((await runCli(["--version"], makeFolder())).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe("what is printed where there is no terminal", () => {
  it("has no colours, on CI either", async () => {
    const folder = makeFolder();
    const { stdout, stderr } = await runCli(["models"], folder, { CI: "true", NO_COLOR: "" });
    expect(stdout).toContain("claude-haiku-4.5");
    expect(
      `${stdout}${stderr}${(await runCli(["show", "x"], folder, { CI: "true", NO_COLOR: "" })).stderr}`,
    ).not.toContain("\u001b");
  });
});

describe("a command line that is wrong", () => {
  it.each([
    [["modls"], "the nearest is models"],
    [["run", "--limt", "3"], "(Did you mean --limit?)"],
    [["run"], "missing required argument 'table|spec'"],
    [["show"], "missing required argument 'run'"],
    [["export", "x"], "required option '-o, --output <file>'"],
    [["run", "t.csv", "p.md", "--limit", "0"], "whole number from 1"],
    [["run", "t.csv", "p.md", "--timeout-hours", "12"], "from 24 to 168"],
    [["run", "t.csv", "p.md", "--price", "1"], "0.55/2.75"],
    [["run", "t.csv", "p.md", "--tag", "novalue"], "key=value"],
    [["run", "t.csv", "p.md", "-o", "out.docx"], "no format"],
    [["run", "t.csv", "p.md", "-o", "nowhere/out.csv"], "no folder nowhere"],
    [["runs", "--region", "Virginia"], "us-east-1"],
    [["runs", "--endpoint-url", "localhost:1"], "http://127.0.0.1"],
    [["models", "--family", "cohere"], "anthropic-messages"],
    [["local", "--port", "99999"], "from 0 to 65535"],
  ])("%j exits 2 with four lines that say what and how", async (args, words) => {
    const folder = makeFolder();
    const { code, stdout, stderr } = await runCli(args, folder);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain(words);
    expect(stderr).toMatch(
      /^error [A-Z_]+\n {2}.+(\n {2}.+)*\n {2}fix {3}.+\n {2}more {2}halfprice explain [A-Z_]+\n$/,
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it("reports every wrong setting at once", async () => {
    const { stderr } = await runCli(
      ["plan", "t.csv", "p.md", "--limit", "x", "--max-cost", "-1", "--price", "?"],
      makeFolder(),
    );
    for (const option of ["--limit", "--max-cost", "--price"]) expect(stderr).toContain(option);
  });
});

describe("bad input", () => {
  const prompt = ["--prompt", "Say {{text}}", "--model", "claude-haiku-4.5", "--local"];

  it.each<[string, string[], string, string]>([
    ["no such table", ["plan", "missing.csv", ...prompt], "NO_SUCH_FILE", "missing.csv"],
    ["a folder for a table", ["plan", "folder", ...prompt], "IS_A_DIRECTORY", "folder/*.csv"],
    ["an empty table", ["plan", "empty.csv", ...prompt], "EMPTY_TABLE", "empty.csv"],
    ["a broken table", ["plan", "broken.csv", ...prompt], "BROKEN_TABLE", "line 3"],
    [
      "a column that is not there",
      ["plan", "few.csv", "--prompt", "{{txt}}", "--model", "claude-haiku-4.5", "--local"],
      "UNKNOWN_COLUMN",
      "{{text}}",
    ],
    ["too few rows", ["plan", "few.csv", ...prompt], "TOO_FEW_RECORDS", "60 records"],
    [
      "an unknown alias",
      ["plan", "few.csv", "--prompt", "{{text}}", "--model", "claude-haku-4.5", "--local"],
      "UNKNOWN_MODEL",
      "claude-haiku-4.5",
    ],
    [
      "a model without batch",
      ["plan", "few.csv", "--prompt", "{{text}}", "--model", "claude-sonnet-5", "--local"],
      "NO_BATCH",
      "Claude Sonnet 5",
    ],
    ["no model", ["plan", "few.csv", "--prompt", "{{text}}", "--local"], "BAD_OPTIONS", "--model"],
    ["no prompt", ["plan", "few.csv", "--local"], "BAD_OPTIONS", "--prompt"],
    ["a bad front matter", ["plan", "few.csv", "bad.md", "--local"], "BAD_PROMPT", "line 2"],
    ["a spec that is none", ["plan", "none.ts", "--local"], "BAD_SPEC", "defineBatch"],
    [
      "a parameter that the model refuses",
      ["plan", "few.csv", "refused.md", "--local"],
      "REFUSED_PARAMETER",
      "cannot both be specified",
    ],
    ["a result column that is there already", ["plan", "taken.csv", ...prompt], "COLUMN_COLLISION", "--answer-prefix"],
    ["a run that is not there", ["show", "nothing"], "UNKNOWN_RUN", "nothing"],
    ["a cost over the limit", ["plan", "many.csv", ...prompt, "--max-cost", "0.01"], "MAX_COST", "$0.01"],
    [
      "a cost limit without a price",
      ["plan", "many.csv", "--prompt", "{{text}}", "--model", "anthropic.claude-next-1", "--max-cost", "1", "--local"],
      "PRICE_UNKNOWN",
      "--price",
    ],
  ])("%s is refused, and nothing is left behind", async (_what, args, errorCode, words) => {
    const folder = makeFolder();
    writeFile(folder, "few.csv", fewRows);
    writeFile(
      folder,
      "many.csv",
      makeCsv(
        ["text"],
        Array.from({ length: 150 }, (_, index) => [`text ${index}`]),
      ),
    );
    writeFile(folder, "empty.csv", "");
    writeFile(folder, "broken.csv", "id,text\n1,a\n2,b,c\n");
    writeFile(folder, "taken.csv", "text,answer\na,b\n");
    writeFile(folder, "bad.md", "---\nmax_tokens: lots\n---\nSay {{text}}");
    writeFile(folder, "refused.md", "---\nmodel: claude-haiku-4.5\ntemperature: 0.5\ntop_p: 0.9\n---\nSay {{text}}");
    writeFile(folder, "none.ts", "export default 1;");
    mkdirSync(join(folder, "folder"));
    const { code, stderr } = await runCli(args, folder);
    expect(stderr).toContain(`error ${errorCode}`);
    expect(stderr).toContain(words);
    expect(code).toBe(catalogue[errorCode as keyof typeof catalogue].exitCode);
    const runs = join(folder, ".halfprice", "runs");
    // A plan that stops at its price is a draft all the same; anything else leaves no run.
    const isPlanned = /TOO_FEW_RECORDS|MAX_COST|PRICE_UNKNOWN/.test(errorCode);
    expect(existsSync(runs) ? readdirSync(runs) : []).toHaveLength(isPlanned ? 1 : 0);
  });

  it("a port in use is refused", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    const { code, stderr } = await runCli(["local", "--port", String(port)], makeFolder());
    expect(code).toBe(2);
    expect(stderr).toContain("error PORT_IN_USE");
    expect(stderr).toContain("--port 0");
  });
});
