import { describe, expect, it } from "vitest";
import type { Effort, ModelParameters, Thinking } from "../../src/foundation/types/index.ts";
import { catalogue } from "../../src/models/catalogue.ts";
import { converse } from "../../src/models/families/converse.ts";
import { families } from "../../src/models/families/index.ts";
import { findThinkingProblems, findThinkingRule, willThink } from "../../src/models/rules/thinking-rules.ts";
import { makeFolder, writeFile } from "../support/folder.ts";
import { makeCsv } from "../support/records.ts";
import { runCli } from "../support/run-cli.ts";

const idOf = (alias: string): string => {
  const found = catalogue.find((each) => each.alias === alias);
  if (found === undefined) throw new Error(`no ${alias}`);
  return found.id;
};
const bodyOf = (alias: string, parameters: Partial<ModelParameters>, isConverse = false): Record<string, unknown> => {
  const model = catalogue.find((each) => each.alias === alias);
  const family = isConverse ? converse : families.get(model?.family ?? "");
  if (family === undefined) throw new Error(`no ${alias}`);
  const request = { baseId: idOf(alias), parameters: { maxTokens: 4000, ...parameters }, output: undefined };
  return family.makeBody("x", { ...request, structured: "prompt" }) as Record<string, unknown>;
};

describe("thinking and effort in a request", () => {
  it.each([
    ["claude-opus-5", { thinking: "off" }, { thinking: { type: "disabled" } }],
    [
      "claude-opus-5",
      { thinking: "on", effort: "xhigh" },
      { thinking: { type: "adaptive" }, output_config: { effort: "xhigh" } },
    ],
    ["claude-haiku-5.5", { effort: "low" }, { output_config: { effort: "low" } }],
    ["claude-haiku-4.5", { thinking: 2000 }, { thinking: { type: "enabled", budget_tokens: 2000 } }],
    ["claude-haiku-4.5", { thinking: "on" }, { thinking: { type: "enabled", budget_tokens: 2000 } }],
    ["claude-sonnet-4.6", { thinking: "on" }, { thinking: { type: "adaptive" } }],
    ["claude-sonnet-4.6", { thinking: 1500 }, { thinking: { type: "enabled", budget_tokens: 1500 } }],
    ["gpt-oss-20b", { effort: "low" }, { reasoning_effort: "low" }],
  ] as const)("of %s with %j has %j", (alias, parameters, members) => {
    expect(bodyOf(alias, parameters)).toMatchObject(members);
  });

  it("of Nova 2 has its own config, which takes no limit with the highest effort", () => {
    expect(bodyOf("nova-2-lite", { thinking: "on", effort: "low" })["inferenceConfig"]).toEqual({
      maxTokens: 4000,
      reasoningConfig: { type: "enabled", maxReasoningEffort: "low" },
    });
    expect(bodyOf("nova-2-lite", { effort: "high" })["inferenceConfig"]).toEqual({
      reasoningConfig: { type: "enabled", maxReasoningEffort: "high" },
    });
    expect(bodyOf("nova-2-lite", { thinking: "off" })["inferenceConfig"]).toMatchObject({
      reasoningConfig: { type: "disabled" },
    });
  });

  it("of Converse stands in additionalModelRequestFields", () => {
    expect(bodyOf("claude-opus-5", { thinking: "off", effort: "low" }, true)).toMatchObject({
      additionalModelRequestFields: { thinking: { type: "disabled" }, output_config: { effort: "low" } },
    });
    expect(bodyOf("nova-2-lite", { thinking: "on" }, true)).toMatchObject({
      additionalModelRequestFields: { reasoningConfig: { type: "enabled", maxReasoningEffort: "medium" } },
    });
    expect(bodyOf("gpt-oss-20b", { effort: "high" }, true)).toMatchObject({
      additionalModelRequestFields: { reasoning_effort: "high" },
    });
    expect(bodyOf("claude-opus-5", {}, true)).not.toHaveProperty("additionalModelRequestFields");
  });

  it("is nowhere where nothing is said", () => {
    for (const { alias, family } of catalogue) {
      if (families.get(family)?.kind !== "text") continue;
      const text = JSON.stringify(bodyOf(alias, {}));
      expect(text, alias).not.toMatch(/thinking|effort|reasoning/);
    }
  });
});

const problemsOf = (
  alias: string,
  {
    thinking,
    effort,
    maxTokens = 4000,
    hasSampling = false,
  }: {
    thinking?: Thinking;
    effort?: Effort;
    maxTokens?: number;
    hasSampling?: boolean;
  },
): string[] =>
  findThinkingProblems({
    ...{ baseId: idOf(alias), label: alias, reasons: catalogue.find((each) => each.alias === alias)?.reasons === true },
    ...{ thinking, effort, maxTokens, hasSampling },
  });

describe("what a model does not take of it", () => {
  it.each([
    ["claude-opus-5.5", { thinking: "off" }, /cannot be switched off; `effort: low` is the least/],
    ["claude-sonnet-5.5", { thinking: "off" }, /cannot be switched off/],
    ["claude-fable-5.1", { thinking: "off" }, /cannot be switched off/],
    ["claude-opus-5", { thinking: 2000 }, /no number of tokens, but an `effort`: low, medium, high, xhigh, max/],
    ["claude-opus-4.7", { thinking: 2000 }, /no number of tokens/],
    ["claude-haiku-5.5", { thinking: "off", effort: "max" }, /with thinking off claude-haiku-5\.5 takes at most high/],
    ["claude-opus-5", { thinking: "off", effort: "xhigh" }, /at most high/],
    ["claude-sonnet-4.6", { effort: "xhigh" }, /takes low, medium, high, max/],
    ["claude-haiku-4.5", { effort: "low" }, /takes none; .* `thinking: 2000`/],
    ["claude-haiku-4.5", { thinking: 500 }, /least number of tokens .* is 1024/],
    ["claude-haiku-4.5", { thinking: 4000 }, /has to be below max_tokens, which is 4000/],
    ["claude-haiku-4.5", { thinking: "on", maxTokens: 1000 }, /set max_tokens to 2048 or more/],
    ["claude-sonnet-4.6", { thinking: "on", hasSampling: true }, /temperature, top_p and top_k cannot be set/],
    ["nova-2-lite", { thinking: 2000 }, /no number of tokens/],
    ["nova-2-lite", { effort: "max" }, /takes low, medium, high/],
    ["nova-2-lite", { thinking: "on", effort: "high", hasSampling: true }, /takes no temperature/],
    ["nova-micro", { thinking: "on" }, /does not think before it answers/],
    ["nova-micro", { effort: "low" }, /not known to take one/],
    ["gpt-oss-20b", { thinking: "off" }, /cannot be switched off/],
    ["kimi-k2-thinking", { thinking: "off" }, /no way to control it is known/],
    ["llama-3.3-70b", { thinking: 2000 }, /does not think/],
  ] as const)("%s with %j is refused in words", (alias, asked, words) => {
    expect(problemsOf(alias, asked).join("; ")).toMatch(words);
  });

  it("is nothing where it takes it, and thinking off is nothing to a model that does not think", () => {
    expect(problemsOf("claude-haiku-5.5", { thinking: "off", effort: "high" })).toEqual([]);
    expect(problemsOf("claude-opus-5", { thinking: "on", effort: "max" })).toEqual([]);
    expect(problemsOf("nova-micro", { thinking: "off" })).toEqual([]);
    expect(problemsOf("gpt-oss-120b", { thinking: "on", effort: "high" })).toEqual([]);
  });

  it.each(["claude-opus-5", "claude-haiku-5.5"])("%s thinks by itself, and can be told not to", (alias) => {
    const reasons = catalogue.find((each) => each.alias === alias)?.reasons === true;
    expect(willThink({ baseId: idOf(alias), reasons, thinking: undefined })).toBe(true);
    expect(willThink({ baseId: idOf(alias), reasons, thinking: "off" })).toBe(false);
    expect(problemsOf(alias, { thinking: "off" })).toEqual([]);
    expect(bodyOf(alias, { thinking: "off" })).toMatchObject({ thinking: { type: "disabled" } });
  });

  it("agrees with the catalogue about who thinks by itself", () => {
    for (const { id, alias, reasons } of catalogue) {
      const rule = findThinkingRule(id);
      if (rule === undefined) continue;
      expect(rule.isOnByDefault, alias).toBe(reasons === true);
      expect(willThink({ baseId: id, reasons: reasons === true, thinking: "off" })).toBe(false);
    }
  });
});

describe("in a prompt file, a spec and on the line", () => {
  const table = makeCsv(
    ["text"],
    Array.from({ length: 110 }, (_, index) => [`text ${index}`]),
  );
  const lineOf = async (args: readonly string[], folder: string): Promise<string> => {
    const { code, stdout, stderr } = await runCli(["plan", ...args, "--local", "--json"], folder);
    return code === 0 ? stdout : `${code} ${stderr}`;
  };

  it("the plan counts no reasoning where thinking is off, and it stands in what is sent", async () => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", table);
    const file = (more: string): string => `---\nmodel: claude-opus-5\nmax_tokens: 4000\n${more}---\nSay: {{text}}\n`;
    writeFile(folder, "off.md", file("thinking: off\n"));
    writeFile(folder, "by-itself.md", file(""));
    writeFile(folder, "wrong.md", file("thinking: loud\n"));
    const off = JSON.parse(await lineOf(["t.csv", "off.md"], folder));
    const byItself = JSON.parse(await lineOf(["t.csv", "by-itself.md"], folder));
    expect(off.model.reasons).toBeUndefined();
    expect(off.model.asked).toEqual({ thinking: "off" });
    expect(byItself.model.reasons).toBe(true);
    expect(byItself.outputTokens.expected - off.outputTokens.expected).toBeGreaterThan(110 * 100);
    expect(await lineOf(["t.csv", "wrong.md"], folder)).toMatch(/^2 error BAD_PROMPT[\s\S]*on, off, or a whole number/);
    writeFile(
      folder,
      "s.mjs",
      `export default { input: { path: "t.csv" }, model: "claude-opus-5", maxTokens: 4000, thinking: "off", effort: "low", prompt: (row) => row.text };\n`,
    );
    expect(JSON.parse(await lineOf(["s.mjs"], folder)).model.asked).toEqual({ thinking: "off", effort: "low" });
    const refused = await lineOf(["t.csv", "off.md", "--model", "claude-haiku-4.5", "--effort", "low"], folder);
    expect(refused).toMatch(/^2 error REFUSED_PARAMETER[\s\S]*`effort`/);
    expect(await lineOf(["t.csv", "off.md", "--effort", "huge"], folder)).toMatch(
      /^2 error BAD_OPTIONS[\s\S]*--effort/,
    );
  });
});
