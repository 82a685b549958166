import { describe, expect, it } from "vitest";
import { parseTemplate } from "../../src/prompt/template.ts";
import { findFailure } from "../support/failure.ts";

describe("a template", () => {
  it.each([
    [
      "Sentiment of: {{text}}!",
      [
        { kind: "text", text: "Sentiment of: " },
        { kind: "column", name: "text", line: 1 },
        { kind: "text", text: "!" },
      ],
    ],
    ['{{ "odd }} name" }}', [{ kind: "column", name: "odd }} name", line: 1 }]],
    ["{{ my column }}", [{ kind: "column", name: "my column", line: 1 }]],
    ["{{row}}", [{ kind: "row" }]],
    ['{{ "row" }}', [{ kind: "column", name: "row", line: 1 }]],
    ["a \\{{ b", [{ kind: "text", text: "a {{ b" }]],
    [
      "{ {{größe}} }",
      [
        { kind: "text", text: "{ " },
        { kind: "column", name: "größe", line: 1 },
        { kind: "text", text: " }" },
      ],
    ],
    [
      "a\n\n{{b}}",
      [
        { kind: "text", text: "a\n\n" },
        { kind: "column", name: "b", line: 3 },
      ],
    ],
    ["", []],
  ])("%j is taken apart", (template, parts) => {
    expect(parseTemplate(template, "p.md")).toEqual(parts);
  });

  it.each([
    ["a\n{{#if x}}", 2, "TypeScript|\\.ts spec"],
    ["{{/if}}", 1, "\\.ts spec"],
    ["x {{ never", 1, "}}"],
    ["{{a,b}}", 1, '{{ "a,b" }}'],
  ])("%j is refused with its line", async (template, line, fix) => {
    const error = await findFailure(() => parseTemplate(template, "p.md"));
    expect(error.code).toBe("BAD_PROMPT");
    expect(error.details).toMatchObject({ line });
    expect(error.fix).toMatch(new RegExp(fix));
  });
});
