/** The catalogue and the local service's models beside AWS's model cards, fact by fact. */
import { describe, expect, it } from "vitest";
import { HalfpriceError } from "../../src/foundation/errors/index.ts";
import { listDestinations } from "../../src/local/models/answers/reference.ts";
import { findModel } from "../../src/local/models/catalogue.ts";
import { checkEnd } from "../../src/local/models/model-ends.ts";
import { catalogue, findModelOfId } from "../../src/models/catalogue.ts";
import { parseModel } from "../../src/models/parse-model.ts";
import { resolveModel } from "../../src/models/resolve-model.ts";
import { findCacheRule } from "../../src/models/rules/cache-rates.ts";
import { type Card, cards, destinations, withoutCard } from "./model-cards.ts";

/** Where the catalogue does not follow the card, with the number it has and the reason. */
const otherOutput: readonly (readonly [id: RegExp, limit: number | undefined, reason: string])[] = [
  [/^amazon\.nova-2-lite/, 65_535, "64K, less one"],
  [/^amazon\.nova-(micro|lite|pro)/, 10_000, "the service's own words of 2026-08"],
  [/^meta\.llama3/, 2048, "AWS's page of parameters allows no more"],
  [
    /^(openai|qwen|deepseek|moonshot|moonshotai|zai|minimax|google|nvidia|mistral)\./,
    undefined,
    "not known to be enforced",
  ],
];

/** "8K" is eight thousand on one card and 8,192 on another. */
function readSize(words: string): number[] {
  const [, digits = "", unit = ""] = /^(\d+)([KM])$/.exec(words) ?? [];
  return unit === "M" ? [Number(digits) * 1e6] : [Number(digits) * 1000, Number(digits) * 1024];
}

const sorted = (profiles: Readonly<Partial<Record<string, readonly string[]>>>) =>
  Object.fromEntries(Object.entries(profiles).map(([prefix, sources = []]) => [prefix, [...sources].sort()]));

const regions = [...new Set([...cards.flatMap(({ profiles }) => Object.values(profiles).flat()), "eusc-de-east-1"])];
const nowMs = Date.parse("2026-11-30T12:00:00Z");

describe("the cards", () => {
  it("are of every model of the catalogue but those that have none, once each", () => {
    const ids = [...cards.map(({ id }) => id), ...withoutCard];
    expect([...ids].sort()).toEqual(catalogue.map(({ id }) => id).sort());
    expect(new Set(cards.map(({ page }) => page)).size).toBe(cards.length);
  });
});

describe("the catalogue", () => {
  it.each(cards)(
    "has the facts of the card $page",
    ({ id, batch, context, output, end, structured, ...card }: Card) => {
      const model = findModelOfId(id);
      if (model === undefined) throw new Error(`no ${id}`);
      expect(model.batch === "yes").toBe(batch);
      if (context !== undefined) expect(readSize(context)).toContain(model.contextTokens);
      const other = otherOutput.find(([ids]) => ids.test(id));
      if (other !== undefined) expect(model.maxOutputTokens, other[2]).toBe(other[1]);
      else if (output !== undefined) expect(readSize(output)).toContain(model.maxOutputTokens);
      expect(model.endOfLife).toBe(end);
      expect(sorted(model.profiles)).toEqual(sorted(card.profiles));
      if (structured === false) expect(model.structuredRefused ?? model.structuredUnsupported).toBeDefined();
      if (structured === true) expect(model.structuredUnsupported).toBeUndefined();
      const least = findCacheRule(id)?.leastTokens;
      if (card.cacheFrom !== undefined) expect(least).toBe(card.cacheFrom === false ? Infinity : card.cacheFrom);
    },
  );

  it("has no successor that is at its end or on its way there", () => {
    const ended = new Set(cards.filter(({ end }) => end !== undefined).map(({ id }) => id));
    for (const { alias, successor } of catalogue) {
      const next = catalogue.find((each) => each.alias === successor);
      if (next !== undefined) expect(ended.has(next.id), `${alias} -> ${next.alias}`).toBe(false);
    }
  });

  it("leads to no profile that the card does not have, in any region", () => {
    let checked = 0;
    for (const { id, profiles } of cards) {
      for (const region of regions) {
        for (const isOnDemandAllowed of [false, true]) {
          try {
            const { invokeId } = resolveModel({ model: id, region, nowMs, isGlobalAllowed: true, isOnDemandAllowed });
            const { prefix } = parseModel(invokeId);
            if (prefix !== undefined) expect(profiles[prefix], `${invokeId} ${region}`).toContain(region);
            checked += 1;
          } catch (error) {
            if (!(error instanceof HalfpriceError)) throw error;
            expect(["NO_BATCH", "NO_PROFILE"]).toContain(error.code);
          }
        }
      }
    }
    expect(checked).toBeGreaterThan(1500);
  });
});

describe("the local service", () => {
  it.each(cards)("has the facts of the card $page", ({ id, batch, sees, end, counts, profiles }) => {
    const model = findModel(id);
    if (model === undefined) throw new Error(`no ${id}`);
    expect(model.batch).toBe(batch);
    expect(model.input.includes("IMAGE")).toBe(sees);
    if (end !== undefined) {
      expect(model.lifecycle).toBe("LEGACY");
      const endMs = Date.parse(`${end}T00:00:00Z`);
      expect(() => checkEnd(model, endMs - 1)).not.toThrow();
      expect(() => checkEnd(model, endMs)).toThrow(/reached the end of its life/);
    } else expect(() => checkEnd(model, Date.parse("2030-01-01"))).not.toThrow();
    if (counts !== undefined) expect(model.countsTokens).toBe(counts);
    expect(sorted(model.profiles)).toEqual(sorted(profiles));
    // Of one opinion with the product where that refuses for length.
    const limit = findModelOfId(id)?.maxOutputTokens;
    if (limit !== undefined) expect(model.maxOutputTokens).toBe(limit);
  });

  it.each(destinations)("%s sends from %s to %s", (profile, source, to) => {
    const { prefix = "", baseId } = parseModel(profile);
    expect([...listDestinations({ id: baseId }, prefix, source)].sort()).toEqual(to.split(" "));
  });
});
