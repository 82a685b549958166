import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { quoteWord as quoteOfConsole } from "../../src/console/shell-word.ts";
import { quoteWord } from "../../src/foundation/shell-word.ts";

const words = [
  "answers.csv",
  "s3://bucket/key=1",
  "two words",
  "",
  "it's",
  `SELECT "a" FROM results WHERE b = '$(echo taken)' AND c = '\`echo taken\`'`,
  "$HOME; echo taken | cat",
  "line\nbreak",
  "*",
  "größe",
];

describe.each([
  ["the command", quoteWord],
  ["the console", quoteOfConsole],
])("a word of a command that %s shows", (_of, quote) => {
  it.each(words)("is that word to a shell, and nothing that it runs: %j", (word) => {
    expect(execFileSync("sh", ["-c", `printf %s ${quote(word)}`], { encoding: "utf8" })).toBe(word);
  });

  it("has no quotes where a shell reads nothing in it", () => {
    expect(quote("s3://bucket/key=1")).toBe("s3://bucket/key=1");
  });
});
