import { describe, expect, it } from "vitest";
import { catalogue } from "../../src/models/catalogue.ts";
import { findChanges } from "../../src/models/find-changes.ts";
import { listModels } from "../../src/models/list-models.ts";
import type { RegionReading } from "../../src/models/region-reading.ts";
import { resolveModel } from "../../src/models/resolve-model.ts";
import { findFailure } from "../support/failure.ts";

const nowMs = Date.parse("2026-12-02T12:00:00Z");
const haiku = "anthropic.claude-haiku-4-5-20251001-v1:0";
const batch = { inputUsd: 0.6, outputUsd: 3 };
const onDemand = { inputUsd: 1.2, outputUsd: 6 };
/** The same with what its cached tokens cost. */
const cached = { ...onDemand, cacheReadUsd: 0.12, cacheWriteUsd: 1.5 };

const read = (more: Partial<RegionReading> = {}): RegionReading => ({
  readAt: "2026-12-02",
  models: {},
  profiles: [],
  ...more,
});
const resolve = (model: string, reading: RegionReading | undefined, region = "us-east-1") =>
  resolveModel({ model, region, nowMs, reading });

describe("a price that was read", () => {
  const reading = read({ prices: { [haiku]: { geo: { batch, onDemand } } } });

  it("wins over an older one of the catalogue's, dated and with its source; the other route keeps its own", () => {
    const choice = resolve("claude-haiku-4.5", reading);
    expect(choice.prices).toEqual({ batch, onDemand: cached, asOf: "2026-12-02", source: "Price List API" });
    expect(choice.global?.prices).toMatchObject({ batch: { inputUsd: 0.5, outputUsd: 2.5 }, asOf: "2026-07-24" });
  });

  it("on the catalogue's own day wins, and of an earlier day loses", () => {
    const at = (readAt: string) => resolve("claude-haiku-4.5", { ...reading, readAt }).prices;
    expect(at("2026-07-24")?.batch).toEqual(batch);
    expect(at("2026-07-23")).toEqual(resolve("claude-haiku-4.5", undefined).prices);
  });

  it("of one kind leaves the catalogue's other kind, and then both sources are named, with the older day", () => {
    const half = read({ prices: { [haiku]: { geo: { onDemand } } } });
    expect(resolve("claude-haiku-4.5", half).prices).toEqual({
      batch: { inputUsd: 0.55, outputUsd: 2.75 },
      onDemand: cached,
      asOf: "2026-07-24",
      source: expect.stringMatching(/^Price List API, 2026-12-02; what it lacks: aws\.amazon\.com/),
    });
  });

  it("in a region that the catalogue has no prices of stands alone", () => {
    const half = read({ readAt: "2026-01-01", prices: { [haiku]: { geo: { onDemand } } } });
    expect(resolve("claude-haiku-4.5", half, "eu-central-1").prices).toEqual({
      // What batch costs there is not known; it is not more than on demand.
      ...{ batch: onDemand, isBatchAtMost: true },
      onDemand: cached,
      asOf: "2026-01-01",
      source: "Price List API",
    });
  });

  it("loses to --price, and gives no batch price to a model whose batch is refused", async () => {
    const given = { inputUsd: 9, outputUsd: 9 };
    const choice = resolveModel({ model: "claude-haiku-4.5", region: "us-east-1", nowMs, reading, batchPrice: given });
    expect(choice.prices).toMatchObject({ batch: given, onDemand, asOf: "given" });
    const refused = read({ prices: { "anthropic.claude-sonnet-5": { geo: { batch, onDemand } } } });
    expect((await findFailure(() => resolve("claude-sonnet-5", refused))).code).toBe("NO_BATCH");
    const listed = listModels({ region: "us-east-1", nowMs, findReading: () => refused });
    expect(listed.find(({ alias }) => alias === "claude-sonnet-5")?.prices).toEqual({
      onDemand: cached,
      asOf: "2026-12-02",
      source: "Price List API",
    });
  });

  it("is in the list of its region, and of a priced region where none is named", () => {
    const find = (region?: string) =>
      listModels({
        region,
        nowMs,
        findReading: (where) => (where === "us-west-2" ? reading : undefined),
      }).find(({ alias }) => alias === "claude-haiku-4.5")?.prices?.asOf;
    expect(find("us-west-2")).toBe("2026-12-02");
    expect(find()).toBe("2026-12-02");
    expect(find("us-east-1")).toBe("2026-07-24");
  });
});

describe("a list of models that was read", () => {
  const status = (id: string, status: string, endOfLife?: string) =>
    read({ models: { [id]: { status, ...(endOfLife === undefined ? {} : { endOfLife }) } } });
  const sonnet4 = "anthropic.claude-sonnet-4-20250514-v1:0";
  const sonnet37 = "anthropic.claude-3-7-sonnet-20250219-v1:0";

  it("refutes an end that the catalogue has, and its guess that a model is at its end", async () => {
    expect((await findFailure(() => resolve("claude-sonnet-4", undefined))).code).toBe("NO_BATCH");
    expect(resolve("claude-sonnet-4", status(sonnet4, "ACTIVE")).warnings).toBeUndefined();
    expect(resolve("claude-3.7-sonnet", undefined).warnings).toHaveLength(1);
    expect(resolve("claude-3.7-sonnet", status(sonnet37, "ACTIVE")).warnings).toBeUndefined();
  });

  it("of a day before the catalogue's does not", async () => {
    const old = { ...status(sonnet4, "ACTIVE"), readAt: "2026-11-29" };
    expect((await findFailure(() => resolve("claude-sonnet-4", old))).code).toBe("NO_BATCH");
  });

  it("warns of a legacy model, and refuses one whose end it names and that has come", async () => {
    expect(resolve("claude-haiku-4.5", status(haiku, "LEGACY")).warnings).toEqual([
      expect.stringMatching(/legacy model, as the region's list said on 2026-12-02/),
    ]);
    expect(resolve("claude-haiku-4.5", status(haiku, "LEGACY", "2026-12-11")).warnings?.join()).toMatch(
      /ends on 2026-12-11, in 9 days/,
    );
    const ended = await findFailure(() => resolve("claude-haiku-4.5", status(haiku, "LEGACY", "2026-12-02")));
    expect(ended.message).toMatch(/end of its life on 2026-12-02/);
    expect(resolve("claude-haiku-4.5", status(haiku, "ACTIVE", "2026-12-02")).warnings).toBeUndefined();
  });

  it("without a model is a warning and no refusal; an empty list says nothing", () => {
    expect(resolve("claude-haiku-4.5", status("amazon.nova-lite-v1:0", "ACTIVE")).warnings).toEqual([
      "us-east-1 did not list Claude Haiku 4.5 among its models on 2026-12-02.",
    ]);
    expect(resolve("claude-haiku-4.5", read()).warnings).toBeUndefined();
  });

  it("with other profiles than the catalogue's has the route go by them", async () => {
    const only = read({ profiles: [`apac.${haiku}`, `global.${haiku}`] });
    expect(resolve("claude-haiku-4.5", only, "ap-northeast-1")).toMatchObject({
      invokeId: `apac.${haiku}`,
      route: "geo",
    });
    expect(resolve(`apac.${haiku}`, only, "ap-northeast-1").warnings).toBeUndefined();
    const onlyGlobal = await findFailure(() => resolve("claude-haiku-4.5", read({ profiles: [`global.${haiku}`] })));
    expect(onlyGlobal).toMatchObject({ code: "GLOBAL_ONLY", message: expect.stringContaining(`global.${haiku} only`) });
    const none = resolve("claude-haiku-4.5", read({ profiles: ["us.amazon.nova-lite-v1:0"] }));
    expect(none.invokeId).toBe(`us.${haiku}`);
    expect(none.warnings).toEqual([
      "us-east-1 listed no inference profile of Claude Haiku 4.5 on 2026-12-02; AWS's card of it has one.",
    ]);
  });

  it("wins over the cards, whatever its day: a profile that they do not have is taken, and theirs is not", async () => {
    const opus = "anthropic.claude-opus-5";
    expect((await findFailure(() => resolve("claude-opus-5", undefined, "ap-northeast-1"))).code).toBe("GLOBAL_ONLY");
    const japanese = read({ readAt: "2026-10-01", profiles: [`jp.${opus}`, `global.${opus}`] });
    expect(resolve("claude-opus-5", japanese, "ap-northeast-1").invokeId).toBe(`jp.${opus}`);
    // Two geographic ones: the narrower.
    const two = read({ profiles: ["us.amazon.nova-lite-v1:0", "ca.amazon.nova-lite-v1:0"] });
    expect(resolve("nova-lite", two, "ca-central-1").invokeId).toBe("ca.amazon.nova-lite-v1:0");
    // Where AWS's pages disagree the account decides.
    expect((await findFailure(() => resolve("nova-micro", undefined, "me-central-1"))).code).toBe("NO_PROFILE");
    const listed = read({ profiles: ["apac.amazon.nova-micro-v1:0"] });
    expect(resolve("nova-micro", listed, "me-central-1").invokeId).toBe("apac.amazon.nova-micro-v1:0");
  });

  it("says nothing of what only other regions have, and knows better who reaches a profile", () => {
    const listed = read({ models: { "amazon.nova-lite-v1:0": { status: "ACTIVE" } }, profiles: [`us.${haiku}`] });
    const changes = findChanges("us-east-1", undefined, listed, nowMs);
    // `global.` can be called from there, and was not listed; of the jp., au. and eu. profiles it says nothing.
    expect(changes).toContainEqual({
      alias: "claude-haiku-4.5",
      what: "profiles",
      before: "global, us",
      after: "us",
    });
    expect(changes).toContainEqual(
      expect.objectContaining({ alias: "qwen3-32b", what: "presence", after: "not listed" }),
    );
    expect(changes.some(({ alias }) => alias === "llama-3.1-405b")).toBe(false);
    const middleEast = read({ profiles: ["eu.amazon.nova-lite-v1:0"] });
    expect(resolve("nova-lite", undefined, "me-central-1").invokeId).toBe("amazon.nova-lite-v1:0");
    expect(resolve("eu.amazon.nova-lite-v1:0", undefined, "me-central-1").warnings).toHaveLength(1);
    expect(resolve("eu.amazon.nova-lite-v1:0", middleEast, "me-central-1").warnings).toBeUndefined();
  });

  it("never makes a model one that runs in batch", async () => {
    const everything = read({
      models: Object.fromEntries(catalogue.map(({ id }) => [id, { status: "ACTIVE" }])),
      profiles: catalogue.flatMap(({ id }) => [`us.${id}`, `global.${id}`]),
    });
    for (const { alias, batch: support } of catalogue) {
      if (support !== "no") continue;
      expect((await findFailure(() => resolve(alias, everything))).code, alias).toBe("NO_BATCH");
    }
  });
});
