import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quoteText } from "../../../src/engine/sql.ts";
import type { ItemPart } from "../../../src/foundation/types/index.ts";
import { families } from "../../../src/models/families/index.ts";
import { bodySql, type RequestShape } from "../../../src/requests/body-sql.ts";
import { itemSql, itemTextSql, readItemText } from "../../../src/requests/packs/item-parts.ts";
import { makeKey } from "../../../src/requests/packs/pack-request.ts";
import { openTestEngine } from "../../support/engine.ts";
import { makeFolder } from "../../support/folder.ts";

const parts: readonly ItemPart[] = [
  { kind: "text", text: 'It\'s \\ "so":\n' },
  { kind: "cell", name: "a" },
  { kind: "text", text: " and " },
  { kind: "cell", name: 'odd "~/name' },
  { kind: "cell", name: "a" },
];

/** Text as tables have it: no NUL, which no cell of a CSV holds, and no half of a surrogate pair. */
const cell = fc
  .string({ unit: fc.constantFrom(...[..."ab{}\"'\\/\n\r\t <|eot_id|>äß界🙂\u2028\u0085\u0001\u001f"]), maxLength: 40 })
  .filter((text) => !text.includes("\u0000"));

describe("a row of a packed run", () => {
  it("is asked alone with the very bytes that its prompt gives, whatever is in its cells", async () => {
    const engine = await openTestEngine(makeFolder());
    const rows = fc.sample(fc.tuple(cell, cell), { numRuns: 400, seed: 9 });
    await engine.run("CREATE TABLE t (a VARCHAR, b VARCHAR)");
    for (const [a, b] of rows) await engine.run(`INSERT INTO t VALUES (${quoteText(a)}, ${quoteText(b)})`);
    const item = itemSql(
      new Map([
        ["a", "a"],
        ['odd "~/name', "b"],
      ]),
    );
    const text = `concat(${quoteText('It\'s \\ "so":\n')}, a, ' and ', b, a)`;
    for (const name of ["anthropic-messages", "meta-llama"]) {
      const family = families.get(name);
      if (family === undefined) throw new Error(`there is no family ${name}`);
      const shape: RequestShape = {
        ...{ family, baseId: "m", invocation: "InvokeModel", parameters: { maxTokens: 9 }, output: undefined },
        items: parts,
      };
      const { body, ofLine, recordId } = bodySql(shape);
      const escape = family.escapeText ?? ((sql: string) => sql);
      const [sum] = await engine.rows(`
        SELECT count(*) AS rows, count(*) FILTER (${body(text)} = ${ofLine("item")}) AS same,
          count(*) FILTER (${recordId(body(text))} = ${recordId(ofLine("item"))}) AS named
        FROM (SELECT *, ${escape(item)} AS item FROM t)`);
      expect(sum).toEqual({ rows: 400, same: 400, named: 400 });
    }
    const read = await engine.rows(
      `SELECT ${text} AS text, ${item} AS item, ${itemTextSql("item", parts)} AS again FROM (SELECT *, ${item} AS item FROM t)`,
    );
    for (const each of read) {
      expect(each["again"]).toBe(each["text"]);
      expect(readItemText(String(each["item"]), parts)).toBe(each["text"]);
    }
  });

  it("has a key of its own in every place of a request", () => {
    const ids = fc.array(fc.stringMatching(/^[0-9a-f]{32}$/), { minLength: 2, maxLength: 500 });
    fc.assert(
      fc.property(ids, (each) => {
        const keys = each.map((id, at) => makeKey(id, at));
        expect(new Set(keys).size).toBe(each.length);
        for (const key of keys) expect(key).toMatch(/^[b-z]{4,5}$/);
      }),
    );
  });
});
