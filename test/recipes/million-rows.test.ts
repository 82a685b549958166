import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { makeFolder } from "../support/folder.ts";
import { runCli } from "../support/run-cli.ts";

const guide = readFileSync(new URL("../../docs/million-rows.md", import.meta.url), "utf8");

/** The commands of the guide, in their order. */
function readCommands(): string[] {
  // What is printed stands in blocks of `text`; what is typed stands in others.
  const blocks = [...guide.matchAll(/```([a-z]*)\n([\s\S]*?)```/g)];
  return blocks.flatMap(([, language, block = ""]) =>
    language === "text" ? [] : block.split("\n").filter((line) => /^(halfprice|cd|export) /.test(line)),
  );
}

/** Figures of the guide that its commands have to give again: each stands in it word for word. */
const promised: readonly (readonly [command: string, words: RegExp])[] = [
  ["plan", /\$1\.06 {2}\(\$0\.67 to \$2\.11\)/],
  ["plan", /about \$0\.29 {2}up to 25 rows in a request: --pack auto/],
  ["compare-models", /nova-lite[\s\S]*?90\.3 %[\s\S]*?\$17\.47/],
  ["compare-models", /nova-lite, batch, classify\.md/],
  ["run", /100 requests of up to 15 rows, as many as the canary shows to be no worse/],
  ["run", /Up to 16 rows may share a request: the most that was shown to be within 2 points of single answers/],
  ["show", /2700 +2414 +4\.\d\d/],
];

it("every command of the guide runs, and gives what the guide says", { timeout: 180_000 }, async () => {
  expect(guide).toContain("Its answers are simulated.");
  let folder = makeFolder();
  const env: Record<string, string> = {};
  const said = new Map<string, string>();
  for (const line of readCommands()) {
    const [program, ...words] = line.split(/\s+/);
    if (program === "cd") folder = join(folder, words[0] ?? "");
    else if (program === "export") {
      const [name = "", value = ""] = (words[0] ?? "").split("=");
      env[name] = value;
    } else {
      const done = await runCli(words, folder, env);
      expect(done.code, `${line}\n${done.stderr}`).toBe(0);
      said.set(words[0] ?? "", done.stdout + done.stderr);
    }
  }
  expect([...said.keys()]).toEqual(["init", "plan", "compare-models", "run", "eval", "show"]);
  for (const [command, words] of promised) {
    expect(said.get(command), `${command}: ${words.source}`).toMatch(words);
    expect(guide, words.source).toMatch(words);
  }
});
