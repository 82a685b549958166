import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeFolder, writeFile } from "../support/folder.ts";
import { makeCsv } from "../support/records.ts";
import { cleanEnv, cliPath, runCli } from "../support/run-cli.ts";

const words = async (folder: string, ...line: string[]): Promise<string[]> => {
  const { stdout, code } = await runCli(["__complete", ...line], folder);
  expect(code).toBe(0);
  return stdout
    .split("\n")
    .filter((each) => each !== "")
    .map((each) => each.split("\t")[0] ?? "");
};

const isThere = (shell: string): boolean => spawnSync(shell, ["--version"]).status === 0;

const define = `"${process.execPath}" "${cliPath}"`;

/** How a shell is asked what comes after `halfprice eval reviews --gold `: each where the machine has it. */
const drivers: Readonly<Record<string, (source: string) => string>> = {
  zsh: (source) => `halfprice() { ${define} "$@" }
compdef() { : }
compadd() { print -rl -- "\${found[@]}" }
${source}
words=(halfprice eval reviews --gold "")
CURRENT=5
_halfprice`,
  fish: (source) => `function halfprice; ${define} $argv; end
${source}
complete -C'halfprice eval reviews --gold '`,
};

describe("completions", () => {
  it("have commands, options, recipes, models and ways of matching", async () => {
    const folder = makeFolder();
    expect((await words(folder, "e")).sort()).toEqual(["eval", "explain", "export"]);
    expect(await words(folder, "ev")).toEqual(["eval"]);
    expect(await words(folder, "eval", "x", "--at")).toEqual(["--at-least"]);
    expect(await words(folder, "init", "cl")).toEqual(["classify"]);
    expect(await words(folder, "eval", "x", "--match", "f")).toEqual(["folded"]);
    expect(await words(folder, "run", "t.csv", "--model", "claude-haiku-4")).toEqual(["claude-haiku-4.5"]);
    expect(await words(folder, "nothing", "")).toEqual([]);
  });

  it("have the runs of the workspace and the columns of tables and of a run, and evaluate none of them", async () => {
    const folder = makeFolder();
    const odd = "$(touch stolen)";
    writeFile(
      folder,
      "t.csv",
      makeCsv(
        ["text", "my label", odd],
        Array.from({ length: 120 }, (_, index) => [`text ${index}`, "x", "y"]),
      ),
    );
    const made = await runCli(
      [
        "run",
        "t.csv",
        "--prompt",
        "Repeat: {{text}}",
        "--model",
        "claude-haiku-4.5",
        "--name",
        "reviews",
        "--local",
        "--yes",
      ],
      folder,
    );
    expect(made.code, made.stderr).toBe(0);
    const runs = await words(folder, "show", "");
    expect(runs).toEqual(["reviews", expect.stringMatching(/^\d{8}-\d{6}-[0-9a-z]{5}$/)]);
    expect(await words(folder, "eval", "reviews", "--gold", "")).toEqual(["text", "my label", odd, "answer"]);
    expect(await words(folder, "run", "t.csv", "--select", "m")).toEqual(["my label"]);

    const script = (await runCli(["completions", "bash"], folder)).stdout;
    const bash = `halfprice() { "${process.execPath}" "${cliPath}" "$@"; }
${script}
COMP_WORDS=(halfprice eval reviews --gold "")
COMP_CWORD=4
_halfprice
printf '%s\\n' "\${COMPREPLY[@]}"`;
    const done = spawnSync("bash", ["-c", bash], { cwd: folder, encoding: "utf8", env: cleanEnv() });
    expect(done.stdout.trim().split("\n")).toEqual(["text", "my\\ label", "\\$\\(touch\\ stolen\\)", "answer"]);
    for (const [shell, driver] of Object.entries(drivers)) {
      if (!isThere(shell)) continue;
      const source = (await runCli(["completions", shell], folder)).stdout;
      const { stdout, stderr } = spawnSync(shell, ["-c", driver(source)], {
        cwd: folder,
        encoding: "utf8",
        env: { ...cleanEnv(), HOME: folder },
      });
      const found = stdout.split("\n").map((line) => line.split("\t")[0]);
      expect([shell, ...found], stderr).toEqual(expect.arrayContaining([shell, "text", "my label", odd, "answer"]));
    }
    expect(spawnSync("ls", [join(folder, "stolen")]).status).not.toBe(0);
  });

  it.skipIf(!isThere("zsh"))("insert in zsh what its own completion would", async () => {
    const folder = makeFolder();
    const source = (await runCli(["completions", "zsh"], folder)).stdout;
    writeFile(
      folder,
      ".zshrc",
      `unsetopt zle_bracketed_paste; PS1=; autoload -U compinit; compinit -u -D
halfprice() { if [[ $1 = __complete ]]; then ${define} "$@"; else print -r -- "ran:$*:"; fi }
${source}`,
    );
    // A terminal of its own, in which the tab key is pressed after `halfprice ev`.
    const script = `zmodload zsh/zpty; zpty shell zsh -i
zpty -w -n shell $'halfprice ev\\t latest\\n'
zpty -r -m shell found $'*ran:*:*'; print -r -- "$found"; zpty -d shell`;
    const { stdout } = spawnSync("zsh", ["-f", "-c", script], {
      cwd: folder,
      encoding: "utf8",
      env: { ...cleanEnv(), HOME: folder, ZDOTDIR: folder, TERM: "dumb" },
      timeout: 60_000,
    });
    expect(stdout).toContain("ran:eval latest:");
  });

  it("are there for bash, zsh and fish, and for no other shell", async () => {
    for (const shell of ["bash", "zsh", "fish"]) {
      const { stdout, code } = await runCli(["completions", shell], makeFolder());
      expect([code, stdout]).toEqual([0, expect.stringContaining("halfprice __complete")]);
    }
    const wrong = await runCli(["completions", "fisch"], makeFolder());
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("nearest is fish")]);
  });
});
