import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { catalogue } from "../../src/models/catalogue.ts";
import { tokenFigures } from "../../src/models/rules/token-figures.ts";
import { estimateInput, findTokenRule } from "../../src/models/rules/token-rules.ts";

describe("the estimate of tokens", () => {
  it.each(tokenFigures.map((each) => [each.model, each.kind, each.letters, each.tokens, each] as const))(
    "of %s holds a reported %s of %i letters and %i tokens",
    (model, kind, letters, tokens) => {
      const rule = findTokenRule(model);
      const noFrame = { low: 0, expected: 0, high: 0 };
      const frameTokens = kind === "request" ? rule.frameTokens : noFrame;
      const { low, high } = estimateInput({ ...rule, frameTokens }, 1, letters / rule.lettersPerToken);
      expect(tokens).toBeGreaterThanOrEqual(low);
      expect(tokens).toBeLessThanOrEqual(high);
    },
  );

  it("is within a quarter of what was reported for prose, whoever made the model", () => {
    const errors = tokenFigures
      .filter(({ text, kind }) => kind === "answer" && text !== "json")
      .map(({ model, letters, tokens }) => Math.abs(letters / findTokenRule(model).lettersPerToken / tokens - 1));
    expect(errors.length).toBeGreaterThan(8);
    expect(Math.max(...errors)).toBeLessThan(0.25);
  });

  it("says that it is measured only of those whose reported counts were compared with it", () => {
    const seen = tokenFigures.map(({ model }) => model.split(".")[0]);
    for (const { id } of catalogue) {
      if (findTokenRule(id).isMeasured) expect(seen, id).toContain(id.split(".")[0]);
    }
    expect(findTokenRule("moonshotai.kimi-k2.5").isMeasured).toBe(false);
    expect(findTokenRule("amazon.titan-embed-text-v2:0").isMeasured).toBe(false);
  });

  it("has its error in the docs, maker by maker", () => {
    const page = readFileSync(new URL("../../docs/money.md", import.meta.url), "utf8");
    const script = fileURLToPath(new URL("../../bench/tokens.mjs", import.meta.url));
    const table = execFileSync(process.execPath, [script], { encoding: "utf8" });
    expect(table.split("\n").length).toBeGreaterThan(10);
    expect(page).toContain(table.trim());
  });
});
