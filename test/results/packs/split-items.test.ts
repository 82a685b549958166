import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shareTokens } from "../../../src/results/packs/share-usage.ts";
import { splitItems } from "../../../src/results/packs/split-items.ts";

const form = { keyName: "row" };
const say = (items: readonly unknown[]): string => JSON.stringify({ items });

/** What a model may do to its list, item by item. */
const fates = ["keep", "drop", "double", "rename", "move"] as const;

describe("a packed answer", () => {
  it("gives a row what stands under its own key or nothing, whatever is dropped, doubled, renamed or moved", () => {
    const row = fc.record({ content: fc.jsonValue(), fate: fc.constantFrom(...fates), noise: fc.boolean() });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 40 }), fc.boolean(), (rows, isFenced) => {
        const keys = rows.map((_, at) => `k${at}`);
        const items = rows.flatMap(({ content, fate, noise }, at) => {
          const item = { row: fate === "rename" ? `foreign ${at}` : keys[at], answer: content };
          const own = fate === "drop" ? [] : fate === "double" ? [item, item] : [item];
          return noise ? [...own, "no item", 7, null] : own;
        });
        const moved = rows.some(({ fate }) => fate === "move") ? [...items].reverse() : items;
        const text = isFenced ? `Here it is:\n\`\`\`json\n${say(moved)}\n\`\`\`` : say(moved);
        const expected = rows.map(({ content, fate }) =>
          fate === "drop" || fate === "rename"
            ? { fault: "missing" }
            : fate === "double"
              ? { fault: "twice" }
              : { text: JSON.stringify({ answer: JSON.parse(JSON.stringify(content)) as unknown }) },
        );
        const found = splitItems(text, keys, form).map((part) => ("text" in part ? { text: part.text } : part));
        expect(found).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it("keeps the whole items before a tear, wherever it is", () => {
    const keys = ["a", "b", "c"];
    const whole = say(keys.map((key) => ({ row: key, answer: `of ${key} with "quotes", { and }` })));
    const parts = splitItems(whole, keys, form);
    for (let length = 0; length < whole.length; length += 1) {
      for (const [at, part] of splitItems(whole.slice(0, length), keys, form).entries()) {
        if ("text" in part) expect(part).toEqual(parts[at]);
        else expect(["torn", "unreadable"]).toContain(part.fault);
      }
    }
    const cut = splitItems(whole.slice(0, whole.indexOf('"row":"c"') + 12), keys, form);
    expect(cut.map((part) => ("text" in part ? "whole" : part.fault))).toEqual(["whole", "whole", "torn"]);
  });

  it("takes a plain text from its member, and digits as they were written", () => {
    expect(splitItems(say([{ row: "a", answer: "yes" }]), ["a"], { keyName: "row", answerName: "answer" })).toEqual([
      { text: "yes", weight: 3 },
    ]);
    const [part] = splitItems('{"items":[{"row":"a","id":12345678901234567890.5}]}', ["a"], form);
    expect(part).toMatchObject({ text: '{"id":12345678901234567890.5}' });
  });

  it("is unreadable where there is no list", () => {
    for (const text of ["I cannot do that.", '{"items": 7}', ""])
      expect(splitItems(text, ["a"], form)).toEqual([{ fault: "unreadable" }]);
  });
});

describe("the tokens of a pack", () => {
  it("are shared whole, by weight, and add up", () => {
    const weights = fc.array(fc.nat({ max: 5000 }), { minLength: 1, maxLength: 100 });
    fc.assert(
      fc.property(fc.nat({ max: 200_000 }), weights, (total, each) => {
        const shares = shareTokens(total, each);
        const sum = each.reduce((all, weight) => all + weight, 0);
        expect(shares.reduce((all, share) => all + share, 0)).toBe(total);
        for (const [at, share] of shares.entries()) {
          expect(Number.isInteger(share)).toBe(true);
          const fair = sum === 0 ? total / each.length : (total * (each[at] ?? 0)) / sum;
          expect(Math.abs(share - fair)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});
