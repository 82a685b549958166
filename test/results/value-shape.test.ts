import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonSchema } from "../../src/foundation/types/index.ts";
import { families } from "../../src/models/families/index.ts";
import { findShape, typeOfShape } from "../../src/results/value-shape.ts";
import { readOutputLines } from "../support/read-lines.ts";

const order: JsonSchema = {
  type: "object",
  properties: {
    kind: { type: "string", enum: ["buy", "sell"] },
    count: { type: "integer" },
    price: { type: ["number", "null"] },
    urgent: { type: "boolean" },
    note: { type: "string" },
    tags: { type: "array", items: { type: "string" } },
    buyer: {
      type: "object",
      properties: { name: { type: "string" }, address: { $ref: "#/$defs/address" } },
      required: ["name"],
    },
    lines: { type: "array", items: { $ref: "#/$defs/line" } },
    // A union of one type and null is that type; one of two types is JSON text.
    discount: { anyOf: [{ type: "number" }, { type: "null" }] },
    either: { oneOf: [{ type: "string" }, { type: "object", properties: { a: { type: "integer" } } }] },
    more: { type: "object", additionalProperties: { type: "integer" } },
    tree: { $ref: "#/$defs/tree" },
  },
  required: ["kind", "count", "buyer", "lines"],
  $defs: {
    address: { type: "object", properties: { city: { type: "string" }, zip: { type: ["string", "null"] } } },
    line: { type: "object", properties: { sku: { type: "string" }, myJSON: { type: "integer" } }, required: ["sku"] },
    tree: {
      type: "object",
      properties: { name: { type: "string" }, inner: { type: "array", items: { $ref: "#/$defs/tree" } } },
    },
  },
};

const text = fc.string({ unit: "grapheme", maxLength: 12 });
const orders = fc.record(
  {
    kind: fc.constantFrom("buy", "sell"),
    count: fc.integer(),
    price: fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant(null)),
    urgent: fc.boolean(),
    note: text,
    tags: fc.array(text, { maxLength: 3 }),
    buyer: fc.record(
      { name: text, address: fc.record({ city: text, zip: fc.oneof(text, fc.constant(null)) }, { requiredKeys: [] }) },
      { requiredKeys: ["name"] },
    ),
    lines: fc.array(fc.record({ sku: text, myJSON: fc.integer() }, { requiredKeys: ["sku"] }), { maxLength: 3 }),
    discount: fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant(null)),
    either: fc.oneof(text, fc.record({ a: fc.integer() })),
    more: fc.dictionary(fc.string({ minLength: 1, maxLength: 4 }), fc.integer(), { maxKeys: 3 }),
    tree: fc.record({
      name: text,
      inner: fc.array(fc.record({ name: text, inner: fc.constant([]) }), { maxLength: 2 }),
    }),
  },
  { requiredKeys: ["kind", "count", "buyer", "lines"] },
);

/** What a value is once it has been a column: members that were left out are null, JSON text is parsed again. */
const restored = (value: Record<string, unknown>): Record<string, unknown> => {
  const pick = (from: unknown, names: readonly string[]): unknown =>
    from === undefined || from === null
      ? null
      : Object.fromEntries(names.map((name) => [name, (from as Record<string, unknown>)[name] ?? null]));
  const buyer = value["buyer"] as Record<string, unknown>;
  return {
    ...(pick(value, [
      "kind",
      "count",
      "price",
      "urgent",
      "note",
      "tags",
      "discount",
      "either",
      "more",
      "tree",
    ]) as object),
    buyer: { name: buyer["name"], address: pick(buyer["address"], ["city", "zip"]) },
    lines: (value["lines"] as unknown[]).map((line) => pick(line, ["sku", "myJSON"])),
  };
};

const lineOf = (answer: string, at: number): string =>
  JSON.stringify({
    modelInput: {},
    modelOutput: {
      content: [{ type: "text", text: answer }],
      stop_reason: "end_turn",
      usage: { input_tokens: 1, output_tokens: 1 },
    },
    recordId: String(at).padStart(5, "0"),
  });

const anthropic = families.get("anthropic-messages");
if (anthropic === undefined) throw new Error("no such family");

describe("an answer of a schema", () => {
  it("comes back from Parquet as it went in: nested, optional, united, referred to", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(orders, { minLength: 1, maxLength: 20 }), async (values) => {
        const rows = await readOutputLines(
          anthropic.answer,
          values.map((value, at) => lineOf(JSON.stringify(value), at)),
          { output: order },
        );
        for (const [at, row] of rows.entries()) {
          expect(row["error"]).toBeNull();
          const parse = (cell: unknown): unknown => (cell === null ? null : (JSON.parse(String(cell)) as unknown));
          const tree = row["tree"] as {
            name: unknown;
            inner: readonly { name: unknown; inner: readonly unknown[] }[];
          } | null;
          const found = {
            ...Object.fromEntries(Object.keys(order["properties"] as object).map((name) => [name, row[name]])),
            either: parse(row["either"]),
            more: parse(row["more"]),
            tree: tree === null ? null : { name: tree.name, inner: tree.inner.map(parse) },
          };
          // JSON knows no negative zero.
          expect(JSON.parse(JSON.stringify(found))).toEqual(JSON.parse(JSON.stringify(restored(values[at] ?? {}))));
        }
      }),
      { numRuns: 8 },
    );
  });

  it("has dates and times as such, in UTC; what is none is invalid", async () => {
    const dated: JsonSchema = {
      type: "object",
      properties: {
        day: { type: "string", format: "date" },
        at: { type: "string", format: "date-time" },
        days: { type: "array", items: { type: "string", format: "date" } },
      },
    };
    const answers = [
      { day: "2026-02-28", at: "2026-11-30T10:00:00.123456+02:00", days: ["2026-01-01", "2024-02-29"] },
      { day: null, at: "2026-11-30 10:00" },
      { day: "2026-02-29" },
      { at: "next Tuesday" },
      { days: ["2026-13-01"] },
    ].map((answer) => Object.fromEntries(Object.entries(answer).filter(([, value]) => value !== null)));
    const rows = await readOutputLines(
      anthropic.answer,
      answers.map((answer, at) => lineOf(JSON.stringify(answer), at)),
      { output: dated },
    );
    expect(rows.map(({ outcome }) => outcome)).toEqual(["answered", "answered", "invalid", "invalid", "invalid"]);
    expect(rows[0]).toMatchObject({
      day: "2026-02-28",
      at: "2026-11-30T08:00:00.123456",
      days: ["2026-01-01", "2024-02-29"],
    });
    expect(rows[1]).toMatchObject({ day: null, at: "2026-11-30T10:00:00" });
    expect(rows[2]?.["error"]).toBe('/day is "2026-02-29", which is no date such as 2026-11-30');
    expect(rows[3]?.["error"]).toMatch(/at is "next Tuesday", which is no time such as/);
  });

  it.each([
    [{ type: "string" }, "VARCHAR"],
    [{ enum: ["a", "b"] }, "VARCHAR"],
    [{ enum: [1, 2, null] }, "BIGINT"],
    [{ enum: [1, "a"] }, "VARCHAR"],
    [{ const: true }, "BOOLEAN"],
    [{ anyOf: [{ type: "integer" }, { type: "number" }] }, "DOUBLE"],
    [{ type: ["integer", "null"] }, "BIGINT"],
    [{ type: "array", items: { type: "array", items: { type: "number" } } }, "DOUBLE[][]"],
    [{ type: "array", prefixItems: [{ type: "string" }] }, "VARCHAR"],
    [{ type: "object", properties: { 'a "b"': { type: "integer" } } }, 'STRUCT("a ""b""" BIGINT)'],
    [{ type: "object", properties: { a: {}, A: {} } }, "VARCHAR"],
    [{ type: "object" }, "VARCHAR"],
    [{ allOf: [{ $ref: "#/$defs/line" }] }, 'STRUCT("sku" VARCHAR, "myJSON" BIGINT)'],
    [{}, "VARCHAR"],
    [{ type: "string", format: "date" }, "DATE"],
    [{ type: ["string", "null"], format: "date-time" }, "TIMESTAMP"],
    [{ type: "array", items: { type: "string", format: "date" } }, "DATE[]"],
    [{ type: "string", format: "email" }, "VARCHAR"],
  ])("%j lies in a column of the type %s", (schema, type) => {
    expect(typeOfShape(findShape(schema, order))).toBe(type);
  });

  it.each([
    ['{"n": 1e20}', /beyond a column of whole numbers/],
    ['{"n": "1"}', /\/n must be integer/],
    ["{}", /must have required property 'n'/],
    ["no JSON at all", /not JSON/],
  ])("%s is invalid, with the reason, and its text kept", async (answer, reason) => {
    const output = { type: "object", properties: { n: { type: "integer" } }, required: ["n"] };
    const [row] = await readOutputLines(anthropic.answer, [lineOf(answer, 0)], { output });
    expect(row).toMatchObject({ outcome: "invalid", n: null, raw: answer });
    expect(row?.["error"]).toMatch(reason);
  });

  it("is peeled out of fences and prose, and its odd letters survive", async () => {
    const output = { type: "object", properties: { t: { type: "string" } }, required: ["t"] };
    const rows = await readOutputLines(
      anthropic.answer,
      [lineOf('Sure!\n```json\n{"t": "a\\u0000b\\ud83d"}\n```', 0), lineOf('It is {"t": "x {y}"} indeed.', 1)],
      { output },
    );
    expect(rows.map(({ t }) => t)).toEqual(["a\u0000b\ufffd", "x {y}"]);
  });
});
