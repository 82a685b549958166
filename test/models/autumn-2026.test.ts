/** AWS as it was compared on 2026-11-30, row by row: docs/sources-2026-11.md has the sources. Profiles: profile-sources.test.ts. */
import { describe, expect, it } from "vitest";
import { findModel } from "../../src/local/models/catalogue.ts";
import { catalogue, findModelOfAlias } from "../../src/models/catalogue.ts";
import { findAgeWarning } from "../../src/models/catalogue-age.ts";
import { catalogueReadAt } from "../../src/models/catalogue-model.ts";
import { families } from "../../src/models/families/index.ts";
import { findPrices } from "../../src/models/find-prices.ts";
import { type ModelRequest, resolveModel } from "../../src/models/resolve-model.ts";
import { findFailure } from "../support/failure.ts";

const nowMs = Date.parse("2026-11-30T12:00:00Z");
const resolve = (model: string, more: Partial<ModelRequest> = {}) =>
  resolveModel({ model, region: "us-east-1", nowMs, ...more });

describe("models of autumn 2026", () => {
  it.each([
    ["claude-haiku-5.5", 1_000_000, 128_000, [0.11, 0.55], [0.1, 0.5], true],
    ["claude-opus-5.5", 1_000_000, 128_000, [4.4, 22], [4, 20], true],
    ["claude-sonnet-5.5", 1_000_000, 128_000, [2.2, 11], [2, 10], true],
  ] as const)(
    "%s has no batch, thinks, and has its limits and prices",
    (alias, context, output, geo, global, reasons) => {
      const model = findModelOfAlias(alias);
      if (model === undefined) throw new Error(`no ${alias}`);
      expect(model).toMatchObject({ batch: "no", contextTokens: context, maxOutputTokens: output, reasons });
      expect(findPrices(model, "geo")?.onDemand).toMatchObject({ inputUsd: geo[0], outputUsd: geo[1] });
      expect(findPrices(model, "global")?.onDemand).toMatchObject({ inputUsd: global[0], outputUsd: global[1] });
      expect(findPrices(model, "geo")?.batch).toBeUndefined();
    },
  );

  it("Haiku 5.5 costs five times as much for prompts above 100,000 tokens", () => {
    const choice = resolve("claude-haiku-5.5", { isOnDemandAllowed: true });
    expect(choice.prices?.onDemand?.longPrompts).toEqual({ fromTokens: 100_000, factor: 5 });
    expect(choice.prices?.source).toContain("not AWS's own");
  });

  it.each(
    ["claude-opus-5", "claude-opus-5.5", "claude-sonnet-5.5", "claude-haiku-5.5", "claude-sonnet-5"].concat([
      ...["claude-opus-4.7", "claude-opus-4.8", "claude-fable-5", "claude-fable-5.1"],
    ]),
  )("%s refuses sampling parameters and a prefill, here and at the local service", (alias) => {
    const choice = resolve(alias, { isOnDemandAllowed: true });
    expect(choice.refuses).toEqual(expect.arrayContaining(["temperature", "top_p", "prefill"]));
    expect(findModel(choice.baseId)).toMatchObject({ sampling: "none", prefill: false });
  });

  it("Opus 5 has batch, at 2.75/13.75 through a geographic profile", () => {
    expect(resolve("claude-opus-5")).toMatchObject({
      ...{ invokeId: "us.anthropic.claude-opus-5", reasons: true },
      prices: { batch: { inputUsd: 2.75, outputUsd: 13.75 } },
    });
  });

  it("Claude from 4.5 on costs a tenth more through a geographic profile than through the global one", () => {
    for (const model of catalogue.filter(({ id }) => /anthropic\.claude-(haiku|sonnet|opus)-(4-[5-9]|5)/.test(id))) {
      const [geo, global] = [findPrices(model, "geo"), findPrices(model, "global")];
      for (const kind of ["batch", "onDemand"] as const) {
        if (geo?.[kind] === undefined || global?.[kind] === undefined) continue;
        expect(geo[kind].inputUsd / global[kind].inputUsd, `${model.alias} ${kind}`).toBeCloseTo(1.1, 2);
      }
    }
  });
});

describe("a model that has ended", () => {
  it.each([
    ["nova-premier", "2026-09-14", "nova-2-lite"],
    ["llama-3.2-1b", "2026-07-07", "ministral-8b"],
    ["llama-3.2-3b", "2026-07-07", "ministral-8b"],
    ["llama-3.2-11b", "2026-07-07", "ministral-8b"],
    ["llama-3.2-90b", "2026-07-07", "mistral-large-3"],
    ["claude-3.5-haiku", "2026-06-19", "claude-haiku-4.5"],
    ["claude-sonnet-4", "2026-10-14", "claude-sonnet-4.6"],
  ])(
    "%s is refused since %s, with %s, its price, and what --route on-demand would do",
    async (alias, day, successor) => {
      for (const isOnDemandAsked of [false, true]) {
        const error = await findFailure(() => resolve(alias, { isOnDemandAsked }));
        expect(error).toMatchObject({ code: "NO_BATCH", exitCode: 2 });
        expect(error.message).toContain("batch");
        expect(error.message).toContain(`end of its life on ${day}`);
        expect(error.fix).toContain(`use --model ${successor} ($`);
        expect(error.fix).toContain("--route on-demand would be refused too");
      }
    },
  );

  it("is never the successor of another, nor is one without batch", () => {
    for (const { alias, successor, batch } of catalogue) {
      if (successor === undefined) continue;
      const next = findModelOfAlias(successor);
      expect(next?.batch, `${alias} -> ${successor}`).toBe("yes");
      expect(next?.endOfLife === undefined || Date.parse(next.endOfLife) > nowMs, `${alias} -> ${successor}`).toBe(
        true,
      );
      expect(batch).toBeDefined();
    }
  });
});

describe("a model without batch", () => {
  it("is refused with its successor's price and its own on demand, and asked on demand where that is said", async () => {
    const error = await findFailure(() => resolve("claude-haiku-5.5"));
    expect(error).toMatchObject({ code: "NO_BATCH", exitCode: 2 });
    expect(error.message).toContain("batch");
    expect(error.fix).toContain("use --model claude-haiku-4.5 ($0.55 in / $2.75 out a million tokens in batch)");
    expect(error.fix).toContain("$0.11 in / $0.55 out a million tokens: --route on-demand");
    expect(resolve("claude-haiku-5.5", { isOnDemandAsked: true })).toMatchObject({
      ...{ invokeId: "us.anthropic.claude-haiku-5-5" },
      noBatch: expect.stringContaining("batch"),
    });
  });
});

describe("an alias that there is not", () => {
  it.each([
    ["claude-haiku-6", "claude-haiku", "claude-haiku-5.5 ($0.11 in / $0.55 out a million tokens on demand"],
    ["claude-sonnet-4.7", "claude-sonnet-4", "$"],
    ["nova-microo", "nova-micro", "$0.0175 in"],
  ])("%s never leads to another model without its price", async (alias, nearest, words) => {
    const error = await findFailure(() => resolve(alias));
    expect(error).toMatchObject({ code: "UNKNOWN_MODEL", exitCode: 2 });
    expect(error.message).toContain(`The nearest is ${nearest}`);
    expect(error.message).toContain(words);
  });

  it("never leads to a model that has ended", async () => {
    expect((await findFailure(() => resolve("nova-premierr"))).message).not.toContain("nova-premier (");
  });
});

describe("the catalogue's age", () => {
  const dayMs = 24 * 60 * 60_000;
  const at = Date.parse(catalogueReadAt);

  it("is not spoken of for 60 days, and then is, in the plan's warnings", () => {
    expect(findAgeWarning(at + 60 * dayMs)).toBeUndefined();
    expect(findAgeWarning(at + 61 * dayMs)).toContain(`${catalogueReadAt}, 61 days ago`);
    expect(resolve("claude-haiku-4.5").warnings).toBeUndefined();
    const late = resolve("claude-haiku-4.5", { nowMs: at + 70 * dayMs });
    expect(late.warnings?.join()).toContain("70 days ago");
  });
});

describe("an embedding model", () => {
  it("that batch takes has a price in batch, or an upper bound of it", () => {
    const embedding = catalogue.filter(
      ({ family, batch }) => families.get(family)?.kind === "embedding" && batch === "yes",
    );
    expect(embedding.map(({ alias }) => alias)).toEqual(["titan-embed-text-v2", "nova-embed", "titan-embed-image"]);
    for (const model of embedding) expect(findPrices(model, "geo")?.batch, model.alias).toBeDefined();
    expect(resolve("titan-embed-text-v2").prices).toMatchObject({ batch: { inputUsd: 0.02 }, isBatchAtMost: true });
    expect(resolve("nova-embed").prices?.isBatchAtMost).toBeUndefined();
  });
});
