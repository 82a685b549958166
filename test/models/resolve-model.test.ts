import { describe, expect, it } from "vitest";
import { catalogue as localCatalogue } from "../../src/local/models/catalogue.ts";
import { catalogue } from "../../src/models/catalogue.ts";
import { families } from "../../src/models/families/index.ts";
import { listModels } from "../../src/models/list-models.ts";
import { resolveModel } from "../../src/models/resolve-model.ts";
import { findFailure } from "../support/failure.ts";

const haiku = "anthropic.claude-haiku-4-5-20251001-v1:0";
const nowMs = Date.parse("2026-11-21T12:00:00Z");
const resolve = (model: string, region = "us-east-1") => resolveModel({ model, region, nowMs });

describe("a model", () => {
  it.each([
    ["claude-haiku-4.5", "us-east-1", `us.${haiku}`, "geo"],
    ["Claude-Haiku-4.5", "eu-central-1", `eu.${haiku}`, "geo"],
    ["claude-haiku-4.5", "ap-northeast-1", `jp.${haiku}`, "geo"],
    ["claude-haiku-4.5", "ap-southeast-2", `au.${haiku}`, "geo"],
    ["claude-haiku-4.5", "ca-central-1", `us.${haiku}`, "geo"],
    [haiku, "us-west-2", `us.${haiku}`, "geo"],
    [`global.${haiku}`, "us-east-1", `global.${haiku}`, "global"],
    [`us.${haiku}`, "us-east-1", `us.${haiku}`, "geo"],
    [
      `arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.${haiku}`,
      "us-east-1",
      `arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.${haiku}`,
      "geo",
    ],
    [
      `arn:aws:bedrock:us-east-1::foundation-model/${haiku}`,
      "us-east-1",
      `arn:aws:bedrock:us-east-1::foundation-model/${haiku}`,
      "region",
    ],
  ])("%s in %s is invoked as %s", (model, region, invokeId, route) => {
    expect(resolve(model, region)).toMatchObject({ invokeId, route, baseId: haiku, family: "anthropic-messages" });
  });

  it("has the prices of its route, dated, with the global profile's beside the geographic one's", () => {
    const choice = resolve("claude-haiku-4.5");
    expect(choice.prices).toMatchObject({
      batch: { inputUsd: 0.55, outputUsd: 2.75 },
      onDemand: { inputUsd: 1.1, outputUsd: 5.5 },
      asOf: "2026-07-24",
    });
    expect(choice.global).toMatchObject({
      invokeId: `global.${haiku}`,
      prices: { batch: { inputUsd: 0.5, outputUsd: 2.5 } },
    });
    expect(resolve(`global.${haiku}`).prices?.batch?.inputUsd).toBe(0.5);
  });

  it("of an unknown id or ARN goes on as it is, its family from the vendor, its price unknown or as given", () => {
    const unknown = resolve("us.anthropic.claude-new-9-v1:0");
    expect(unknown).toMatchObject({
      invokeId: "us.anthropic.claude-new-9-v1:0",
      baseId: "anthropic.claude-new-9-v1:0",
      route: "given",
    });
    expect(unknown.prices).toBeUndefined();
    const batchPrice = { inputUsd: 1, outputUsd: 2 };
    const profile = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc";
    expect(
      resolveModel({ model: profile, region: "us-east-1", nowMs, family: "anthropic-messages", batchPrice }),
    ).toMatchObject({
      invokeId: profile,
      baseId: profile,
      prices: { batch: batchPrice, asOf: "given" },
    });
  });

  it.each([
    ["claude-haiku-4", "UNKNOWN_MODEL", /claude-haiku-4\.5/],
    [
      "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc",
      "UNKNOWN_FAMILY",
      /anthropic-messages/,
    ],
    ["acme.model-1", "UNKNOWN_FAMILY", /--family|families/i],
    ["claude-sonnet-5", "NO_BATCH", /not supported/],
  ])("%s is refused as %s", async (model, code, words) => {
    const error = await findFailure(() => resolve(model));
    expect(error.code).toBe(code);
    expect(`${error.message} ${error.fix}`).toMatch(words);
  });

  it("without batch in a region is refused with the regions that have it", async () => {
    const error = await findFailure(() => resolve("claude-haiku-4.5", "ap-southeast-7"));
    expect(error.code).toBe("NO_BATCH");
    expect(error.message).toMatch(/it does in ap-northeast-1, .* and 19 more/);
  });
});

describe("a model of another make", () => {
  it.each([
    ["nova-micro", "us-east-1", "us.amazon.nova-micro-v1:0", "geo"],
    ["nova-micro", "eu-west-1", "eu.amazon.nova-micro-v1:0", "geo"],
    ["nova-micro", "ap-northeast-1", "apac.amazon.nova-micro-v1:0", "geo"],
    ["nova-micro", "ap-southeast-2", "apac.amazon.nova-micro-v1:0", "geo"],
    ["nova-micro", "us-gov-west-1", "amazon.nova-micro-v1:0", "region"],
    ["nova-2-lite", "ap-northeast-1", "jp.amazon.nova-2-lite-v1:0", "geo"],
    ["claude-sonnet-4.5", "us-gov-east-1", "us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0", "geo"],
    ["claude-sonnet-4.6", "eu-west-2", "eu.anthropic.claude-sonnet-4-6", "geo"],
    ["nova-pro", "eu-central-1", "eu.amazon.nova-pro-v1:0", "geo"],
    ["llama-3.1-405b", "us-west-2", "meta.llama3-1-405b-instruct-v1:0", "region"],
    ["deepseek-v3.2", "us-east-1", "deepseek.v3.2", "region"],
    ["titan-embed-text-v2", "eu-central-1", "amazon.titan-embed-text-v2:0", "region"],
  ])("%s in %s is invoked as %s", (model, region, invokeId, route) => {
    expect(resolve(model, region)).toMatchObject({ invokeId, route });
  });

  it.each([
    ["us.deepseek.v3.2", "us-east-1", /pattern of model ids/],
    ["arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abc", "us-east-1", /provisioned throughput/],
    ["arn:aws:bedrock:us-east-1:123456789012:imported-model/abc", "us-east-1", /imported model/],
    ["llama-4-scout", "eu-west-1", /it does in us-east-1, us-east-2, us-west-1, us-west-2/],
    ["kimi-k3", "us-east-1", /use --model kimi-k2\.5/],
  ])("%s in %s has no batch, and the reason is said", async (model, region, words) => {
    const error = await findFailure(() => resolve(model, region));
    expect(error.code).toBe("NO_BATCH");
    expect(`${error.message} ${error.fix}`).toMatch(words);
  });

  it.each([
    ["titan-embed-text-v2", "titan-text-embeddings"],
    ["amazon.titan-embed-text-v9:0", "titan-text-embeddings"],
    ["us.amazon.nova-9-v1:0", "amazon-nova"],
    ["amazon.nova-9-multimodal-embeddings-v1:0", "nova-embeddings"],
    ["qwen.qwen9", "openai-chat"],
    ["mistral.mistral-small-2402-v1:0", "mistral-chat"],
    ["mistral.mistral-huge-9", "openai-chat"],
  ])("%s is of the family %s", (model, family) => {
    expect(resolve(model, model.startsWith("mistral.mistral-small") ? "us-east-1" : "us-west-2").family).toBe(family);
  });
});

describe("the end of a model's life", () => {
  const at = (day: string, model = "claude-sonnet-4", region = "us-east-1") =>
    resolveModel({ model, region, nowMs: Date.parse(`${day}T00:00:00Z`) });

  it("is not spoken of long before, is warned of in the last 90 days, and refuses from its day", async () => {
    expect(at("2026-05-01").warnings).toBeUndefined();
    expect(at("2026-10-13").warnings?.join()).toMatch(
      /ends on 2026-10-14, in 1 days; its successor here is claude-sonnet-4\.6/,
    );
    const error = await findFailure(() => at("2026-10-14"));
    expect(error).toMatchObject({
      code: "NO_BATCH",
      fix: expect.stringMatching(/^use --model claude-sonnet-4\.6 \(\$1\.65 in/),
    });
    expect(error.message).toMatch(/end of its life on 2026-10-14/);
  });

  it("does not refuse an ARN that was named, and warns where only the list of lifecycles has lost a model", () => {
    const arn = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-20250514-v1:0";
    expect(at("2026-11-21", arn)).toMatchObject({
      invokeId: arn,
      warnings: [expect.stringMatching(/end of its life/)],
    });
    expect(at("2026-11-21", "claude-3.7-sonnet").warnings?.join()).toMatch(/left AWS's page of model lifecycles/);
  });

  it("and profiles that a region is not known to reach are doubts, not refusals", () => {
    expect(resolve("eu.amazon.nova-micro-v1:0", "us-east-1").warnings?.join()).toMatch(
      /not known to reach the profile eu\./,
    );
    expect(resolve(`apac.${haiku}`, "ap-northeast-1").warnings?.join()).toMatch(/not known to have the profile apac\./);
    expect(resolve(`us.${haiku}`).warnings).toBeUndefined();
    expect(resolve("glm-5").warnings?.join()).toMatch(/not in AWS's list/);
  });
});

describe("the catalogue", () => {
  it("has every model of AWS's page of batch models, with the regions that the local service's own list has", () => {
    const known = new Map(localCatalogue.map((model) => [model.id, model]));
    const batch = catalogue.filter(({ batch }) => batch === "yes");
    expect(batch).toHaveLength(67);
    // Regions of models that AWS no longer describes are guesses on both sides.
    for (const { id, family, regions, profileRegions, isRetiring, endOfLife } of batch) {
      const other = known.get(id);
      expect(other, id).toMatchObject({ batch: true, family });
      if (isRetiring === true || endOfLife !== undefined) continue;
      expect([...regions].sort(), id).toEqual([...(other?.regions ?? [])].sort());
      expect([...profileRegions].sort(), id).toEqual([...(other?.profileRegions ?? [])].sort());
    }
    const listed = new Set(catalogue.map(({ id }) => id));
    for (const { id, batch } of localCatalogue) if (batch) expect(listed, id).toContain(id);
  });

  it("has one entry an alias and an id, a date for every price, and batch prices only for batch models", () => {
    expect(new Set(catalogue.map(({ alias }) => alias)).size).toBe(catalogue.length);
    expect(new Set(catalogue.map(({ id }) => id)).size).toBe(catalogue.length);
    for (const model of catalogue) {
      if (model.geoPrices !== undefined) expect(model.priced?.readAt).toMatch(/^\d{4}-\d\d-\d\d$/);
      if (model.batch === "no") expect(model.geoPrices?.batch).toBeUndefined();
    }
  });

  it("names a family and a successor that there are, and no batch price above the one on demand", () => {
    const aliases = new Set(catalogue.map(({ alias }) => alias));
    for (const { alias, family, successor, geoPrices, globalPrices, priced } of catalogue) {
      expect(families.has(family), alias).toBe(true);
      if (successor !== undefined) expect(aliases, alias).toContain(successor);
      for (const prices of [geoPrices, globalPrices]) {
        if (prices !== undefined) expect(priced?.source, alias).toBeTruthy();
        if (prices?.batch === undefined || prices.onDemand === undefined) continue;
        expect(prices.batch.inputUsd, alias).toBeLessThan(prices.onDemand.inputUsd);
        expect(prices.batch.outputUsd, alias).toBeLessThanOrEqual(prices.onDemand.outputUsd);
      }
    }
  });

  it("is listed whole, or by family and region", async () => {
    expect(listModels({ nowMs })).toHaveLength(catalogue.length);
    const here = listModels({ region: "eu-central-1", family: "openai-chat", nowMs });
    expect(here.find(({ alias }) => alias === "qwen3-32b")).toMatchObject({
      isHere: true,
      invokeId: "qwen.qwen3-32b-v1:0",
      gives: "text",
    });
    expect(here.find(({ alias }) => alias === "gemma-3-4b")).toMatchObject({ isHere: false });
    expect((await findFailure(() => listModels({ family: "chat", nowMs }))).message).toMatch(
      /families are anthropic-messages, amazon-nova/,
    );
  });
});
