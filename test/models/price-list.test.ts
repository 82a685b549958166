import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { catalogue } from "../../src/models/catalogue.ts";
import { parsePriceList } from "../../src/models/price-list/price-list.ts";
import { findPricedModel } from "../../src/models/price-list/price-list-names.ts";
import { makeRoutePrices } from "../../src/models/route-prices.ts";
import { first, makeProduct, marketplace, oddRows, otherRows, type PriceRow, tokenRows } from "./price-list-rows.ts";

const nowMs = Date.parse("2026-11-21T12:00:00Z");
const parse = (rows: readonly PriceRow[]) => parsePriceList(rows.map(makeProduct), "us-east-1", nowMs);

describe("a price list", () => {
  it("gives dollars for a million tokens, by model, route, way and direction, whatever the unit", () => {
    const { prices, unmatched, otherCount } = parse(tokenRows);
    expect(unmatched).toEqual([]);
    expect(otherCount).toBe(0);
    expect(prices).toHaveLength(tokenRows.length);
    const { byModel, halves } = makeRoutePrices(prices);
    expect(halves).toEqual([]);
    const effectiveOn = "2026-11-01";
    expect(byModel).toEqual({
      "anthropic.claude-haiku-4-5-20251001-v1:0": {
        geo: {
          onDemand: { inputUsd: 1.2, outputUsd: 6 },
          batch: { inputUsd: 0.6, outputUsd: 3 },
          effectiveOn,
        },
        global: { onDemand: { inputUsd: 1, outputUsd: 5 }, batch: { inputUsd: 0.5, outputUsd: 2.5 }, effectiveOn },
      },
      "anthropic.claude-opus-5": {
        geo: {
          onDemand: { inputUsd: 5.5, outputUsd: 27.5 },
          batch: { inputUsd: 2.75, outputUsd: 13.75 },
          effectiveOn,
        },
        global: { onDemand: { inputUsd: 5, outputUsd: 25 }, batch: { inputUsd: 2.5, outputUsd: 12.5 }, effectiveOn },
      },
      "qwen.qwen3-32b-v1:0": {
        geo: {
          onDemand: { inputUsd: 0.16, outputUsd: 0.64 },
          batch: { inputUsd: 0.08, outputUsd: 0.32 },
          effectiveOn,
        },
      },
      "amazon.nova-2-lite-v1:0": {
        geo: { onDemand: { inputUsd: 0.33, outputUsd: 2.75 }, effectiveOn },
        global: {
          onDemand: { inputUsd: 0.3, outputUsd: 2.5 },
          batch: { inputUsd: 0.15, outputUsd: 1.25 },
          effectiveOn,
        },
      },
      "amazon.titan-embed-text-v2:0": {
        geo: { onDemand: { inputUsd: 0.02, outputUsd: 0 }, batch: { inputUsd: 0.01, outputUsd: 0 }, effectiveOn },
      },
      "openai.gpt-oss-20b-1:0": { geo: { onDemand: { inputUsd: 0.07, outputUsd: 0.3 }, effectiveOn } },
    });
  });

  it.each(otherRows.map((row) => [row.attributes["usagetype"], row] as const))(
    "%s is no price of ours",
    (_type, row) => {
      const before = parse(tokenRows);
      const { prices, unmatched, otherCount } = parse([...tokenRows, row]);
      expect(unmatched).toEqual([]);
      expect(otherCount).toBe(1);
      expect(prices).toEqual(before.prices);
    },
  );

  it("hands back what it cannot match, with the reason, and takes nothing of it", () => {
    const { prices, unmatched } = parse(oddRows.map(([, row]) => row));
    expect(prices).toEqual([]);
    const expected = oddRows.map(([reason, row]) => `${reason}: ${row.attributes["usagetype"]}`);
    expect(unmatched.map(({ reason, usageType }) => `${reason}: ${usageType}`)).toEqual(expected);
  });

  it("counts every row once, however rows are broken", () => {
    const good = [...tokenRows, ...otherRows, ...oddRows.map(([, row]) => row)].map(makeProduct);
    const broken = fc.oneof(
      fc.json(),
      fc.string(),
      fc.constantFrom(...good).map((text) => text.slice(0, -3)),
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...good), broken), { maxLength: 60 }), (rows) => {
        const { prices, unmatched, otherCount } = parsePriceList(rows, "us-east-1", nowMs);
        expect(prices.length + unmatched.length + otherCount).toBe(rows.length);
        for (const { usd } of prices) expect(usd).toBeGreaterThan(0);
      }),
    );
  });

  it("takes the latest term that has begun, and the price for the first token on", () => {
    const product = JSON.parse(makeProduct(first("USE1-NovaLite-input-tokens", "0.0001", { model: "Nova Lite" }))) as {
      terms: { OnDemand: Record<string, object> };
    };
    const term = (effectiveDate: string, usd: string) => ({
      effectiveDate,
      priceDimensions: {
        later: { unit: "1K tokens", beginRange: "1000", pricePerUnit: { USD: "0.9" } },
        first: { unit: "1K tokens", beginRange: "0", pricePerUnit: { USD: usd } },
      },
    });
    product.terms.OnDemand = {
      old: term("2026-01-01T00:00:00Z", "0.0003"),
      now: term("2026-11-21T00:00:00Z", "0.0002"),
      next: term("2026-12-01T00:00:00Z", "0.0001"),
    };
    const { prices } = parsePriceList([JSON.stringify(product)], "us-east-1", nowMs);
    expect(prices).toMatchObject([{ usd: 0.2, effectiveOn: "2026-11-21" }]);
  });

  it("leaves out the rows of another region, and a half of a price", () => {
    const elsewhere = first("EUC1-NovaLite-input-tokens", "0.0001", { model: "Nova Lite", regionCode: "eu-central-1" });
    const half = marketplace("Claude Opus 5", "input_tokens_batch", "2.75");
    const { prices, otherCount } = parse([elsewhere, half]);
    expect(otherCount).toBe(1);
    const { byModel, halves } = makeRoutePrices(prices);
    expect(byModel).toEqual({});
    expect(halves).toMatchObject([{ name: "anthropic.claude-opus-5", reason: "half" }]);
  });
});

describe("a name of the Price List", () => {
  it("stands for the model whose label, alias, id or short id it is", () => {
    for (const model of catalogue) {
      for (const name of [model.label, model.alias, model.id]) expect(findPricedModel(name)?.id, name).toBe(model.id);
      expect(findPricedModel(`${model.label} (Amazon Bedrock Edition)`)?.id).toBe(model.id);
    }
  });

  it.each([
    ["Llama 4 Scout 17B", "meta.llama4-scout-17b-instruct-v1:0"],
    ["Llama 3.2 11B", "meta.llama3-2-11b-instruct-v1:0"],
    ["Qwen3 Coder 30B A3B", "qwen.qwen3-coder-30b-a3b-v1:0"],
    ["GPT OSS Safeguard 120B", "openai.gpt-oss-safeguard-120b"],
    ["Mistral-Large-3-675b-Instruct", "mistral.mistral-large-3-675b-instruct"],
    ["Ministral 14B 3.0", "mistral.ministral-3-14b-instruct"],
    ["NovaMultiModalEmbeddings", "amazon.nova-2-multimodal-embeddings-v1:0"],
    ["moonshotai.kimi-k2.5", "moonshotai.kimi-k2.5"],
    ["Claude 3.5 Sonnet", "anthropic.claude-3-5-sonnet-20240620-v1:0"],
    ["Claude 3.5 Sonnet v2", "anthropic.claude-3-5-sonnet-20241022-v2:0"],
  ])("%s is %s", (name, id) => {
    expect(findPricedModel(name)?.id).toBe(id);
  });

  it.each(["Nova", "Claude", "Llama 3 8B", "Mistral Large", "", "Nova Pro Latency Optimized"])("%s is none", (name) => {
    expect(findPricedModel(name)).toBeUndefined();
  });
});
