import { describe, expect, it } from "vitest";
import { catalogue } from "../../src/models/catalogue.ts";
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
    ["claude-haiku-4.5", "sa-east-1", `global.${haiku}`, "global"],
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

describe("the catalogue", () => {
  it("has one entry an alias and an id, a date for every price, and batch prices only for batch models", () => {
    expect(new Set(catalogue.map(({ alias }) => alias)).size).toBe(catalogue.length);
    expect(new Set(catalogue.map(({ id }) => id)).size).toBe(catalogue.length);
    for (const model of catalogue) {
      if (model.geoPrices !== undefined) expect(model.priced?.readAt).toMatch(/^\d{4}-\d\d-\d\d$/);
      if (model.batch === "no") expect(model.geoPrices?.batch).toBeUndefined();
    }
  });
});
