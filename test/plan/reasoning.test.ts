import { describe, expect, it } from "vitest";
import { priceTokens } from "../../src/foundation/money.ts";
import type { ModelChoice, RecordSummary } from "../../src/foundation/types/index.ts";
import { catalogue } from "../../src/models/catalogue.ts";
import { resolveModel } from "../../src/models/resolve-model.ts";
import { findReasoningRule } from "../../src/models/rules/reasoning-rules.ts";
import { estimateOutput } from "../../src/plan/estimate-output.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import { findReasoningWarnings } from "../../src/plan/reasoning-warnings.ts";

const nowMs = Date.parse("2026-11-30T12:00:00Z");
const resolve = (model: string): ModelChoice =>
  resolveModel({ model, region: "us-east-1", nowMs, isOnDemandAllowed: true });
const schema = { type: "object", properties: { label: { type: "string" } }, required: ["label"] };

describe("a limit of tokens for a model that thinks first", () => {
  it.each([
    ["gpt-oss-20b", 60, 1100],
    ["gpt-oss-120b", 999, 2000],
    ["us.anthropic.claude-opus-5", 1024, 3100],
    ["claude-haiku-5.5", 500, 2600],
    ["kimi-k2-thinking", 1024, 5100],
    ["kimi-k2.5", 100, 3100],
    ["deepseek-v3.2", 300, 2300],
    ["global.moonshotai.kimi-k3", 100, 3100],
    ["arn:aws:bedrock:us-east-1::foundation-model/openai.gpt-oss-20b-1:0", 60, 1100],
  ])("%s at %i is warned of, with a limit that is not: %i", (name, maxTokens, enough) => {
    const model = resolve(name);
    const [warning, ...rest] = findReasoningWarnings(model, maxTokens);
    expect(rest).toEqual([]);
    expect(warning).toContain(model.label);
    expect(warning).toContain(`--max-tokens ${enough}`);
    expect(findReasoningWarnings(model, enough)).toEqual([]);
  });

  it("is not spoken of where the model does not think by itself, or where it is high enough, or for vectors", () => {
    const quiet = catalogue.filter(({ reasons }) => reasons !== true);
    expect(quiet.map(({ alias }) => alias)).toEqual(
      expect.arrayContaining(["claude-haiku-4.5", "claude-sonnet-4.6", "nova-2-lite", "nova-micro", "llama-3.3-70b"]),
    );
    for (const { label, id } of quiet) expect(findReasoningWarnings({ label, baseId: id }, 1), label).toEqual([]);
    expect(findReasoningWarnings(resolve("gpt-oss-20b"), 1000)).toEqual([]);
    expect(findReasoningWarnings({ label: "x", baseId: "x.y", reasons: true }, 0)).toEqual([]);
  });

  it("is warned of in every family with such a model, and never with more than the model gives", () => {
    const thinking = catalogue.filter(({ reasons }) => reasons === true);
    expect(new Set(thinking.map(({ family }) => family))).toEqual(new Set(["openai-chat", "anthropic-messages"]));
    for (const { label, id } of thinking)
      expect(findReasoningWarnings({ label, baseId: id, reasons: true }, 60), label).toHaveLength(1);
    const small = { label: "x", baseId: "openai.gpt-oss-x", reasons: true as const, maxOutputTokens: 700 };
    expect(findReasoningWarnings(small, 60)[0]).toContain("--max-tokens 700");
  });
});

describe("the estimate", () => {
  const summary: RecordSummary = {
    ...{ rowCount: 1000, recordCount: 1000, skippedCount: 0, duplicateCount: 0, emptyCells: {} },
    ...{ sizeBytes: 400_000, maxLineBytes: 400, inputTokens: 90_000, samples: [] },
    blocks: [{ fromRow: 0, recordCount: 1000, sizeBytes: 400_000 }],
  };
  const limits = { ...{ minRecordsPerJob: 100, maxRecordsPerJob: 50_000, maxRecordsPerFile: 50_000 } };
  const plan = (model: ModelChoice, maxTokens = 4000) =>
    makePlan({
      ...{ summary, model, belowMinimum: "fail", maxTokens, output: schema },
      limits: {
        ...limits,
        ...{ maxBytesPerFile: 1e9, maxBytesPerJob: 5e9, maxJobsInFlight: 20, maxRecordBytes: 25e6, source: "known" },
      } as never,
    });

  it("has the reasoning in its expected tokens and price, and never more than the limits allow", () => {
    for (const name of ["gpt-oss-20b", "us.anthropic.claude-opus-5", "kimi-k2-thinking", "deepseek-v3.2"]) {
      const model = resolve(name);
      const { reasons: _, ...unthinking } = model;
      const [with_, without] = [plan(model), plan(unthinking)];
      const thought = findReasoningRule(model)?.tokens;
      if (thought === undefined) throw new Error(`${name} has no rule`);
      expect(with_.outputTokens).toEqual({
        low: without.outputTokens.low + 1000 * thought.low,
        expected: without.outputTokens.expected + 1000 * thought.expected,
        high: 1000 * 4000,
      });
      const price = model.prices?.batch;
      if (price === undefined) throw new Error(`${name} has no price`);
      const more = priceTokens(price, { inputTokens: 0, outputTokens: 1000 * thought.expected });
      expect((with_.costUsd?.expected ?? 0) - (without.costUsd?.expected ?? 0)).toBeCloseTo(more, 8);
      expect(with_.costUsd?.high).toBe(without.costUsd?.high);
    }
  });

  it("of a limit that thinking eats is the limit", () => {
    expect(estimateOutput(10, 60, undefined, { tokens: { low: 20, expected: 150, high: 1000 } })).toEqual({
      ...{ low: 250, expected: 600, high: 600 },
    });
    expect(estimateOutput(10, 10, undefined, { tokens: { low: 20, expected: 150, high: 1000 } })).toEqual({
      ...{ low: 100, expected: 100, high: 100 },
    });
  });
});
