import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { answerEnds, jobEnds } from "../../src/explanations/job-ends.ts";
import { messagePatterns } from "../../src/explanations/patterns.ts";
import { catalogue, type ErrorCode, HalfpriceError } from "../../src/foundation/errors/index.ts";
import { makeFolder } from "../support/folder.ts";
import { runCli } from "../support/run-cli.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const read = (name: string): string => readFileSync(join(root, name), "utf8");

/** Every `halfprice word` in a text. */
const commandsIn = (text: string): string[] =>
  [...text.matchAll(/\bhalfprice (?!\/|·)([a-z]+(?:-[a-z]+)*)\b/g)].map(([, name]) => name ?? "");

/** Details that any error can be made with: a list, a number or a text by what their names say. */
const anything: unknown = new Proxy(
  {},
  {
    get(_target, name) {
      const word = String(name);
      // Texts in most errors, and what is wrong in which row in one.
      if (word === "problems") return ["one", "two"].map((text) => ({ row: 7, problem: text, toString: () => text }));
      if (/^(columns|families|matches|found|failed|recipes|names|lines|changes|jobs|by|reasons)$/.test(word))
        return ["one", "two"];
      return /count|usd|bytes|minimum|^line|^row$|status|port$|pid|missing|allowed|waiting|total/i.test(word)
        ? 7
        : `a-${word}`;
    },
  },
);

async function findCommands(): Promise<string[]> {
  const { stdout } = await runCli(["--help"], makeFolder());
  return [...stdout.matchAll(/^ {2}([a-z]+(?:-[a-z]+)*) {2,}/gm)].map(([, name]) => name ?? "");
}

describe("every error", () => {
  const codes = Object.keys(catalogue) as ErrorCode[];

  it("names only commands that there are, in what it says and in its fix", async () => {
    const known = await findCommands();
    for (const code of codes) {
      const error = new HalfpriceError(code, anything as never);
      expect(error.message.length).toBeGreaterThan(10);
      expect(error.fix.length).toBeGreaterThan(4);
      const named = commandsIn(`${error.message} ${error.fix} ${catalogue[code].about}`);
      expect(
        named.filter(
          (name) => !known.includes(name) && !["has", "reads", "cannot", "can", "to", "does"].includes(name),
        ),
        code,
      ).toEqual([]);
    }
  });

  it("and every explanation of a message names only commands that there are", async () => {
    const known = await findCommands();
    const words = [...messagePatterns, ...Object.values(jobEnds), ...Object.values(answerEnds)];
    for (const { id, cause, fix } of words) {
      const named = commandsIn(`${cause} ${fix}`);
      const prose = ["has", "names", "cuts", "backs", "does", "takes", "by", "prints", "chooses", "checks", "the"];
      expect(
        named.filter((name) => !known.includes(name) && !prose.includes(name)),
        id,
      ).toEqual([]);
    }
  });

  it("has its section in docs/errors.md", () => {
    const page = read("docs/errors.md");
    for (const code of codes) expect(page).toContain(`## ${code.toLowerCase()}\n`);
  });

  it("shows its message and its fix there, as the error itself says them", () => {
    const page = read("docs/errors.md");
    for (const code of codes) {
      const error = new HalfpriceError(code, catalogue[code].example);
      expect(page, code).toContain(`\`\`\`text\n${error.message}\nfix: ${error.fix}\n\`\`\``);
      expect(`${error.message} ${error.fix}`, code).not.toMatch(/undefined|NaN|\[object/);
    }
  });
});

describe("docs/troubleshooting.md", () => {
  it("has every check that doctor makes", () => {
    const page = read("docs/troubleshooting.md");
    const folder = join(root, "src/doctor");
    const sources = readdirSync(folder)
      .filter((name) => /^(check-|doctor|probe|canary)/.test(name))
      .map((name) => readFileSync(join(folder, name), "utf8"));
    const named = sources.flatMap((source) => [
      ...source.matchAll(/(?:check: |add\(\s*|const check = |^ {2}[A-Z_]+: )"([a-z]+(?:-[a-z]+)*)"/gm),
    ]);
    const plan = [...read("src/doctor/checks/plan.ts").matchAll(/^ {4}"?([a-z-]+)"?:\s*(?:pass|$)/gm)];
    const checks = new Set([...named, ...plan].map(([, name]) => name ?? "").filter((name) => name !== "fail"));
    expect(checks.size).toBeGreaterThan(35);
    for (const name of checks) expect(page, name).toContain(`\`${name}\``);
  });
});

describe("the pages", () => {
  const pages = [
    "README.md",
    "ARCHITECTURE.md",
    ...readdirSync(join(root, "docs"))
      .filter((name) => name.endsWith(".md"))
      .map((name) => `docs/${name}`),
  ];

  it("name only commands and options that there are", async () => {
    const known = await findCommands();
    const help = (await Promise.all(known.map((name) => runCli([name, "--help"], makeFolder()))))
      .map(({ stdout }) => stdout)
      .join("");
    for (const page of pages) {
      // What is printed stands in blocks of `text`; what is typed stands in others.
      const blocks = [...read(page).matchAll(/```([a-z]*)\n([\s\S]*?)```/g)]
        .map(([, language, block]) => (language === "text" ? "" : block))
        .join("\n");
      const lines = blocks
        .replace(/\\\n/g, " ")
        .split("\n")
        .filter((line) => /(^|!|\$ )halfprice [a-z]/.test(line));
      for (const line of lines) {
        expect(known, `${page}: ${line}`).toEqual(expect.arrayContaining(commandsIn(line.replace(/#.*/, ""))));
        for (const [option] of line.matchAll(/(?<=\s)--[a-z-]+/g)) expect(help, `${page}: ${line}`).toContain(option);
      }
    }
  });

  it("point only to files that there are", () => {
    for (const page of pages) {
      for (const [, target = ""] of read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
        expect(() => readFileSync(join(root, page, "..", target)), `${page}: ${target}`).not.toThrow();
      }
    }
  });

  it("of the README name every command that there is", async () => {
    const text = read("README.md");
    for (const name of (await findCommands()).filter(
      (each) => !["demo", "collect", "export", "models", "init"].includes(each),
    )) {
      expect(text).toContain(`halfprice ${name}`);
    }
  });
});
