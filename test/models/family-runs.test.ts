import { describe, expect, it } from "vitest";
import { parseRunOptions } from "../../src/foundation/options/run-options.ts";
import { readRequest } from "../../src/run/plan/read-request.ts";
import { tryRows } from "../../src/run/try/try-rows.ts";
import { type LocalRun, openLocalRun, writeTexts } from "../support/local-run.ts";
import { readResults, runToEnd } from "../support/run-to-end.ts";

/** A model of each family, with what its records report. */
const models: readonly {
  model: string;
  family: string;
  region?: string;
  tokens: "records" | "manifests";
  reasons?: boolean;
}[] = [
  { model: "claude-haiku-4.5", family: "anthropic-messages", tokens: "records" },
  { model: "nova-micro", family: "amazon-nova", tokens: "records" },
  { model: "llama-3.3-70b", family: "meta-llama", tokens: "records" },
  { model: "llama-4-scout", family: "meta-llama", tokens: "records" },
  { model: "mistral-large-2", family: "mistral-chat", region: "us-west-2", tokens: "manifests" },
  { model: "gpt-oss-20b", family: "openai-chat", tokens: "records", reasons: true },
  { model: "qwen3-235b", family: "openai-chat", region: "us-west-2", tokens: "records" },
];

const count = 120;

async function open(region: string | undefined): Promise<LocalRun & { table: string }> {
  const opened = await openLocalRun(region === undefined ? {} : { region });
  return { ...opened, table: writeTexts(opened.folder, count) };
}

describe("a run on the local service", () => {
  it.each(models)("of $model ends with answers of $family", async ({ model, family, region, tokens, reasons }) => {
    const { session, table } = await open(region);
    const finished = await runToEnd(session, { first: table, prompt: "Repeat: {{text}}", model, system: "Be brief." });
    expect(finished.run.model.family).toBe(family);
    expect(finished.summary.outcomeCounts.answered).toBe(count);
    const { usage, usageSource, paidUsd } = finished.summary;
    expect(usageSource).toBe(tokens === "records" ? undefined : "manifests");
    expect(usage.inputTokens).toBeGreaterThan(count);
    expect(usage.outputTokens).toBeGreaterThan(count);
    expect(paidUsd === undefined).toBe(finished.plan.model.prices?.batch === undefined);
    const rows = await readResults(finished);
    for (const row of rows) {
      expect(row["answer"]).toMatch(/^This is a simulated answer/);
      expect(row["_halfprice_input_tokens"] === null).toBe(tokens === "manifests");
      if (reasons === true) expect(row["_halfprice_reasoning"]).toBe("Simulated: nothing was reasoned.");
      else expect(row).not.toHaveProperty("_halfprice_reasoning");
    }
  });

  it.each(models.filter(({ model }) => /haiku|gpt-oss|mistral/.test(model)))(
    "of $model ends with the same answers through Converse",
    async ({ model, region, reasons }) => {
      const { session, table } = await open(region);
      const finished = await runToEnd(session, {
        first: table,
        prompt: "Repeat: {{text}}",
        model,
        invocation: "converse",
      });
      expect(finished.run.invocation).toBe("Converse");
      expect(finished.summary.outcomeCounts.answered).toBe(count);
      expect(finished.summary.usageSource).toBeUndefined();
      const [row] = await readResults(finished);
      expect(row?.["answer"]).toMatch(/^This is a simulated answer/);
      if (reasons === true) expect(row?.["_halfprice_reasoning"]).toBe("Simulated: nothing was reasoned.");
    },
  );

  it.each([
    { model: "titan-embed-text-v2", dimensions: 512, tokens: "records" },
    { model: "titan-embed-image", dimensions: 384, tokens: "records" },
    { model: "nova-embed", dimensions: 3072, tokens: "manifests" },
  ])("of $model ends with unit vectors of $dimensions numbers", async ({ model, dimensions, tokens }) => {
    const { session, table } = await open(undefined);
    const finished = await runToEnd(session, {
      first: table,
      prompt: "{{text}}",
      model,
      dimensions: String(dimensions),
    });
    expect(finished.summary.outcomeCounts.answered).toBe(count);
    expect(finished.summary.usageSource).toBe(tokens === "records" ? undefined : "manifests");
    expect(finished.summary.usage.inputTokens).toBeGreaterThan(count);
    expect(finished.summary.usage.outputTokens).toBe(0);
    const [row] = await readResults(
      finished,
      "SELECT *, array_cosine_similarity(v, v) AS same FROM (SELECT *, embedding::FLOAT[" +
        dimensions +
        "] AS v FROM results)",
    );
    expect(row?.["embedding"]).toHaveLength(dimensions);
    expect(row?.["same"]).toBeCloseTo(1, 3);
    expect(row?.["_halfprice_input_tokens"] === null).toBe(tokens === "manifests");
  });

  it("tried on demand says no tokens and no cost where the answer has none", async () => {
    const { session, table } = await open(undefined);
    const request = await readRequest(
      { first: table, prompt: "{{text}}", model: "nova-embed" },
      parseRunOptions({}, "test"),
    );
    const tried = await tryRows(session, request, 2);
    expect([tried.failedCount, tried.inputTokens, tried.costUsd]).toEqual([0, undefined, undefined]);
    const counted = await readRequest(
      { first: table, prompt: "{{text}}", model: "nova-micro" },
      parseRunOptions({}, "test"),
    );
    expect((await tryRows(session, counted, 2)).inputTokens).toBeGreaterThan(2);
  });
});
