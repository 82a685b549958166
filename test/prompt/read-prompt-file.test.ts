import { describe, expect, it } from "vitest";
import { readPromptFile } from "../../src/prompt/read-prompt-file.ts";
import { findFailure } from "../support/failure.ts";
import { makeFolder, writeFile } from "../support/folder.ts";

const read = (content: string) => readPromptFile(writeFile(makeFolder(), "p.md", content));

describe("a prompt file", () => {
  it("has its settings in the front matter and its prompt below", () => {
    const prompt = read(
      "---\nmodel: claude-sonnet-4.6\nmax_tokens: 2000\ntemperature: 0\nstop: [END]\nsystem: Be brief.\noutput:\n  type: object\n  properties: { a: { type: string } }\n---\n\nContext: {{Context}}\n",
    );
    expect(prompt.settings).toEqual({
      model: "claude-sonnet-4.6",
      maxTokens: 2000,
      temperature: 0,
      stopSequences: ["END"],
      system: "Be brief.",
      output: { type: "object", properties: { a: { type: "string" } } },
    });
    expect(prompt.text).toBe("Context: {{Context}}");
    expect(prompt.parts.at(-1)).toEqual({ kind: "column", name: "Context", line: 12 });
  });

  it("may have no front matter, CRLF, a byte order mark, and rules of --- below", () => {
    expect(read("Hello {{x}}").settings).toEqual({});
    expect(read("\uFEFF---\r\nmodel: m.x\r\n---\r\nHello\r\n").settings).toEqual({ model: "m.x" });
    expect(read("Hello\n---\n{{x}}").text).toBe("Hello\n---\n{{x}}");
  });

  it("may name a schema by its path, relative to itself", () => {
    const folder = makeFolder();
    writeFile(folder, "s.json", '{"type":"object","properties":{"a":{"type":"string"}}}');
    const prompt = readPromptFile(writeFile(folder, "p.md", "---\noutput: s.json\n---\nx"));
    expect(prompt.settings.output).toMatchObject({ type: "object" });
  });

  it.each([
    ["---\nmodel: a.b\nmax_token: 5\n---\nx", 3, /max_tokens/],
    ["---\nmax_tokens: many\n---\nx", 2, /whole number/],
    ["---\ntemperature: 2\n---\nx", 2, /0 to 1/],
    ["---\nmodel: [\n---\nx", 3, /YAML/],
    ["---\nmodel: a\nmodel: b\n---\nx", 3, /unique|YAML/i],
    ["---\nmodel: a\nx", 1, /never closed/],
    ["---\nmodel: a.b\n---\n\n", undefined, /no prompt/],
    ["---\nsystem: Hi {{name}}\n---\nx", undefined, /same for every row/],
    ["---\njust text\n---\nx", 2, /key: value/],
  ])("%j is refused with its line", async (content, line, words) => {
    const error = await findFailure(() => read(content), "BAD_PROMPT");
    expect(error.details.line).toBe(line);
    expect(error.message).toMatch(words);
  });

  it.each([
    ["output: 5", /not an object/],
    ["output: [1]", /a list/],
    ["output: { type: array }", /one JSON object/],
    ["output: { type: object }", /no properties/],
  ])("with %j is refused for its schema", async (line, words) => {
    const error = await findFailure(() => read(`---\n${line}\n---\nx`));
    expect(error.code).toBe("BAD_SCHEMA");
    expect(error.message).toMatch(words);
  });
});
