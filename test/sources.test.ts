import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const page = readFileSync(`${root}docs/sources.md`, "utf8");
const sections = page
  .split(/^## /m)
  .slice(1)
  .map((text) => ({ name: text.split("\n")[0] ?? "", text }));
const names = new Set(sections.map(({ name }) => name));

const files = ["src", "test", "scripts", "bench"].flatMap((folder) =>
  readdirSync(`${root}${folder}`, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(ts|mjs)$/.test(name) && !name.endsWith("sources.test.ts"))
    .map((name) => ({ path: `${folder}/${name}`, text: readFileSync(`${root}${folder}/${name}`, "utf8") })),
);

/** Citations of sections that are not there, and of pages that no clone has. */
function findDangling(path: string, text: string): string[] {
  const cited = [...text.matchAll(/sources(?:\.md)?#([\w-]+)/g)].flatMap(([, name = ""]) =>
    names.has(name) ? [] : [`${path}: sources#${name}`],
  );
  const gone = [...text.matchAll(/\b(failure-modes|bedrock-facts|real-answers)\b/g)].map(
    ([, name]) => `${path}: ${name}`,
  );
  return [...cited, ...gone];
}

describe("docs/sources.md", () => {
  it("has every section that a comment cites", () => {
    expect(files.length).toBeGreaterThan(800);
    expect(files.flatMap(({ path, text }) => findDangling(path, text))).toEqual([]);
  });

  it("is cited, section by section", () => {
    const all = files.map(({ text }) => text).join("\n");
    const isCited = (name: string): boolean => new RegExp(`sources(\\.md)?#${name}\\b(?!-)`).test(all);
    expect([...names].filter((name) => !isCited(name))).toEqual([]);
  });

  it("says of each fact where it was read, when, and how sure it is", () => {
    for (const { name, text } of sections) {
      expect(text, name).toMatch(/Read: <https:\/\/\S+>.*\(\d{4}-\d\d-\d\d\)\. How sure: \w/s);
    }
    expect(names.size).toBe(sections.length);
  });

  it("is found wanting where a citation leads nowhere", () => {
    expect(findDangling("a.ts", "// see sources#no-such-section, and failure-modes P1")).toEqual([
      "a.ts: sources#no-such-section",
      "a.ts: failure-modes",
    ]);
  });
});
