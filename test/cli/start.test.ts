import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { makeFolder, writeFile } from "../support/folder.ts";
import { makeCsv } from "../support/records.ts";
import { cleanEnv, cliPath } from "../support/run-cli.ts";

const hook =
  "import { writeSync } from 'node:fs'; export const load = (url, context, next) => (writeSync(2, `${url}\\n`), next(url, context));";
const toUrl = (source: string): string => `data:text/javascript,${encodeURIComponent(source)}`;
/** What is imported is told as it comes; what is required, at the end. */
const listing = toUrl(`
  import Module, { register } from "node:module";
  import { writeSync } from "node:fs";
  register(${JSON.stringify(toUrl(hook))});
  process.on("exit", () => Object.keys(Module._cache).forEach((path) => writeSync(2, "file://" + path + "\\n")));
`);

/** The packages and own files that a command loads. */
async function listLoaded(args: readonly string[], cwd: string): Promise<string[]> {
  const { stderr } = await promisify(execFile)(process.execPath, ["--import", listing, cliPath, ...args], {
    cwd,
    env: cleanEnv(),
  });
  return stderr
    .split("\n")
    .filter((line) => line.startsWith("file:"))
    .map((url) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? url.replace(/^.*\/dist\//, ""));
}

const packagesOf = (loaded: readonly string[]): string[] =>
  [...new Set(loaded.filter((name) => !name.endsWith(".js")))].sort();

/** A command is a chunk with its own name; what several share is in chunks without one. */
const commandsOf = (loaded: readonly string[]): string[] =>
  loaded.flatMap((name) => /^chunks\/(?!chunk-)(.+)-[A-Z0-9]+\.js$/.exec(name)?.[1] ?? []);

/** What tables on a terminal are laid out with, and what run files are parsed with: small, and without files of their own. */
const small = ["fast-string-truncated-width", "fast-string-width", "fast-wrap-ansi", "valibot"];

describe("what is loaded to say something", () => {
  it.each(["--help", "--version"])("is no command's module, no SDK, no engine, no ledger for %s", async (option) => {
    const loaded = await listLoaded([option], makeFolder());
    expect(packagesOf(loaded)).toEqual(["commander", "picocolors"]);
    expect(commandsOf(loaded)).toEqual([]);
    expect(loaded).toContain("cli/main.js");
  });

  it("is no ledger where no run is, and none is made", async () => {
    const folder = makeFolder();
    const loaded = await listLoaded(["runs"], folder);
    expect(packagesOf(loaded)).toEqual(["commander", ...small, "picocolors"].sort());
    expect(commandsOf(loaded)).toEqual(["runs"]);
    expect(existsSync(join(folder, ".halfprice"))).toBe(false);
  });

  it("is the ledger, and neither SDK nor engine, for the list of runs and for one of them", async () => {
    const folder = makeFolder();
    const rows = Array.from({ length: 100 }, (_, index) => [String(index), `text ${index}`]);
    writeFile(folder, "rows.csv", makeCsv(["id", "text"], rows));
    const prompt = ["--prompt", "Say {{text}}", "--model", "claude-haiku-4.5", "--max-tokens", "100"];
    const call = promisify(execFile);
    const options = { cwd: folder, env: cleanEnv() };
    await call(process.execPath, [cliPath, "run", "rows.csv", ...prompt, "--local", "--yes", "--quiet"], options);
    const { stdout } = await call(process.execPath, [cliPath, "runs", "--json"], options);
    const { id } = (JSON.parse(stdout) as { runs: { id: string }[] }).runs[0] ?? { id: "" };
    for (const args of [["runs"], ["show", id]]) {
      const loaded = packagesOf(await listLoaded(args, folder));
      const expected = ["@photostructure/sqlite", "commander", "node-gyp-build", "picocolors", ...small];
      expect(loaded).toEqual(expected.sort());
    }
  });
});
