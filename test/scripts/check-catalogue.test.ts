import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { catalogue } from "../../src/models/catalogue.ts";
import { findPrices } from "../../src/models/find-prices.ts";
import { makeFolder, writeFile } from "../support/folder.ts";

const script = fileURLToPath(new URL("../../scripts/check-catalogue.mjs", import.meta.url));
const check = (...args: string[]): Promise<{ code: number; lines: string[]; said: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], (error, stdout, stderr) => {
      const code = typeof error?.code === "number" ? error.code : 0;
      resolve({ code, lines: stdout.split("\n").filter((line) => line !== ""), said: stderr });
    });
  });

/** A file of LiteLLM's form that agrees with the catalogue in all that it says. */
function makeLitellm(): Record<string, Record<string, unknown>> {
  return Object.fromEntries(
    catalogue.flatMap((model) => {
      const price = findPrices(model, "geo")?.onDemand;
      const entry = {
        litellm_provider: "bedrock_converse",
        ...(price && { input_cost_per_token: price.inputUsd / 1e6, output_cost_per_token: price.outputUsd / 1e6 }),
      };
      return [
        [model.id, entry],
        ...Object.keys(model.profiles).map((prefix) => [`${prefix}.${model.id}`, { litellm_provider: "bedrock" }]),
      ] as [string, Record<string, unknown>][];
    }),
  );
}

describe("npm run catalogue:check", () => {
  it("prints nothing where a source agrees, and every difference where it does not", async () => {
    const folder = makeFolder();
    const table = makeLitellm();
    const agreeing = await check("--litellm", writeFile(folder, "same.json", JSON.stringify(table)));
    expect(agreeing.lines).toEqual([]);
    expect(agreeing.code).toBe(0);
    const id = "anthropic.claude-haiku-4-5-20251001-v1:0";
    const changed: Record<string, unknown> = {
      ...table,
      [id]: { ...table[id], input_cost_per_token: 9e-6, max_output_tokens: 1 },
      "anthropic.claude-opus-5-5": {
        ...table["anthropic.claude-opus-5-5"],
        input_cost_per_token_batches: 1e-6,
        output_cost_per_token_batches: 2e-6,
      },
      "jp.anthropic.claude-opus-5": { litellm_provider: "bedrock" },
      "anthropic.claude-novel-9": { litellm_provider: "bedrock" },
      "gpt-4o": { litellm_provider: "openai", input_cost_per_token: 1 },
    };
    delete changed["deepseek.v3.2"];
    const { code, lines, said } = await check("--litellm", writeFile(folder, "other.json", JSON.stringify(changed)));
    expect(code).toBe(1);
    expect(lines).toEqual(
      expect.arrayContaining([
        `LiteLLM: ${id}: on-demand price: catalogue 1.1/5.5, source 9/5.5`,
        `LiteLLM: ${id}: max output tokens: catalogue 64000, source 1`,
        "LiteLLM: anthropic.claude-opus-5-5: batch: catalogue no, source at 1/2",
        "LiteLLM: anthropic.claude-opus-5: profiles: catalogue us-gov au us eu global, source jp as well",
        "LiteLLM: anthropic.claude-novel-9: id: catalogue none, source there",
        "LiteLLM: deepseek.v3.2: id: catalogue there, source none",
      ]),
    );
    expect(lines).toHaveLength(6);
    expect(said).toContain("6 differences; the catalogue was last compared on 2026-11-30");
  });

  it("reads models.dev and AWS's own lists as well", async () => {
    const folder = makeFolder();
    const dev = {
      "amazon-bedrock": {
        models: { "amazon.nova-micro-v1:0": { cost: { input: 1, output: 2 }, limit: { context: 5 } } },
      },
    };
    const found = await check("--models-dev", writeFile(folder, "dev.json", JSON.stringify(dev)));
    expect(found.lines).toContain(
      "models.dev: amazon.nova-micro-v1:0: on-demand price: catalogue 0.035/0.14, source 1/2",
    );
    expect(found.lines).toContain("models.dev: amazon.nova-micro-v1:0: context tokens: catalogue 128000, source 5");
    const row = (direction: string, usd: string) => ({
      product: {
        attributes: {
          servicename: "Claude Opus 5 (Amazon Bedrock Edition)",
          usagetype: `USE1-MP:USE1_${direction}_tokens_batch-Units`,
          regionCode: "us-east-1",
        },
      },
      usd,
    });
    const rows = { a: row("input", "3.00"), b: row("output", "13.75") };
    const offer = {
      products: Object.fromEntries(Object.entries(rows).map(([sku, { product }]) => [sku, product])),
      terms: {
        OnDemand: Object.fromEntries(
          Object.entries(rows).map(([sku, { usd }]) => [
            sku,
            {
              t: {
                effectiveDate: "2026-10-01T00:00:00Z",
                priceDimensions: { d: { unit: "1M tokens", beginRange: "0", pricePerUnit: { USD: usd } } },
              },
            },
          ]),
        ),
      },
    };
    const listed = await check("--price-list", writeFile(folder, "offer.json", JSON.stringify(offer)));
    expect(listed.lines.join("\n")).toMatch(
      /Price List: (anthropic\.claude-opus-5: batch price, geo: catalogue 2\.75\/13\.75, source 3\/13\.75|.*not understood)/,
    );
  });

  it("says how it is used where nothing is named", async () => {
    const { code, said } = await check();
    expect([code, said]).toEqual([2, expect.stringContaining("--litellm FILE")]);
  });
});
