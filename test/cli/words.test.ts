import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { HalfpriceError } from "../../src/foundation/errors/index.ts";
import { localArgs, openCase } from "../support/case-files.ts";
import { makeFolder } from "../support/folder.ts";
import { cleanEnv, runCli } from "../support/run-cli.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const bin = join(
  root,
  (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { bin: { halfprice: string } }).bin.halfprice,
);

describe("an old Node", () => {
  const start = (version: string): ReturnType<typeof spawnSync> => {
    const script = `Object.defineProperty(process.versions, "node", { value: ${JSON.stringify(version)} }); process.argv.push("halfprice", "--version"); await import(${JSON.stringify(pathToFileURL(bin).href)});`;
    return spawnSync(process.execPath, ["--input-type=module", "-e", script], { env: cleanEnv(), encoding: "utf8" });
  };

  it.each(["16.20.2", "18.20.4", "20.18.3"])("is told which version is needed: %s", (version) => {
    const { status, stderr, stdout } = start(version);
    expect([status, stderr, stdout]).toEqual([
      2,
      expect.stringContaining(`needs Node 20.19 or newer; this is ${version}`),
      "",
    ]);
  });

  it.each(["20.19.0", "22.0.0", "100.1.2"])("is not %s", (version) => {
    const { status, stdout } = start(version);
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
  });

  it("is the one that package.json says", () => {
    const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { engines: { node: string } };
    expect(engines.node).toBe(">=20.19");
  });
});

describe("help", () => {
  it("of a command is what --help gives", async () => {
    const folder = makeFolder();
    const [one, other, all, whole] = await Promise.all(
      [["help", "plan"], ["plan", "--help"], ["help"], ["--help"]].map((args) => runCli(args, folder)),
    );
    expect([one?.code, one?.stdout]).toEqual([0, other?.stdout]);
    expect([all?.code, all?.stdout]).toEqual([0, whole?.stdout]);
    expect((await runCli(["help", "plam"], folder)).stderr).toContain("the nearest is plan");
  });
});

describe("a mistyped word has a suggestion", () => {
  it.each([
    [["pln", "t.csv"], /no command pln; the nearest is plan\n {2}fix {3}halfprice plan --help/],
    [["list"], /no command list; the nearest is runs/],
    [["cancel", "r"], /no command cancel; the nearest is stop/],
    [["download", "r"], /the nearest is export/],
    [["plan", "--limt", "3"], /Did you mean --limit/],
    [
      ["plan", "t.csv", "--prompt", "{{text}}", "--model", "claude-hiaku-4.5", "--local"],
      /The nearest is claude-haiku-4\.5/,
    ],
    [["plan", "t.csv", "--prompt", "{{text}}", "--model", "haiku", "--local"], /The nearest is claude-haiku-4\.5/],
  ])("%j", async (args, words) => {
    const { code, stderr } = await runCli(args, openCase("prompt-without-column"));
    expect([code, stderr]).toEqual([2, expect.stringMatching(words)]);
  });
});

describe("one thing is one", () => {
  it("in errors", () => {
    const missing = (count: number): string =>
      new HalfpriceError("MISSING_ANSWERS", { runId: "r", missing: count, allowed: 0 }).message;
    expect([missing(1), missing(2)]).toEqual([
      expect.stringContaining("1 row has no answer"),
      expect.stringContaining("2 rows have no answer"),
    ]);
    expect(new HalfpriceError("ALL_EMPTY", { rowCount: 1, columns: ["text"] }).message).toContain("The only row gives");
  });
});

describe("README.md", () => {
  it("has the columns of a result by their real names", async () => {
    const folder = openCase("prompt-without-column");
    await runCli(["run", "t.csv", "--prompt", "Say: {{text}}", ...localArgs, "-o", "o.csv"], folder);
    const [row = {}] = parse(readFileSync(join(folder, "o.csv")), { columns: true }) as object[];
    const own = Object.keys(row).filter((name) => name.startsWith("_halfprice_"));
    const readme = readFileSync(join(root, "README.md"), "utf8");
    expect(own.length).toBeGreaterThan(6);
    for (const name of own) expect(readme).toContain(`\`${name}\``);
    for (const [, name = ""] of readme.matchAll(/`(_[a-z][a-z_]+)`/g)) expect(own).toContain(name);
  });
});
