import { describe, expect, it } from "vitest";
import { z } from "zod";
import { readOutputSchema } from "../../src/prompt/output-schema.ts";
import { makeAnswerCheck } from "../../src/results/check-answer.ts";
import { findFailure } from "../support/failure.ts";

const object = (properties: object, more: object = {}): object => ({ type: "object", properties, ...more });

describe("an output schema", () => {
  it.each([
    ["a text", object({}), /no properties/],
    ["a list at its root", { type: "array", items: {} }, /its type is "array"/],
    ["a $ref elsewhere", object({ a: { $ref: "https://example.com/s.json" } }), /\/properties\/a: .*elsewhere/],
    [
      "a $ref that leads nowhere",
      object({ a: { items: { $ref: "#/$defs/b" } } }),
      /\/properties\/a\/items: .*leads nowhere/,
    ],
    ["an enum of nothing", object({ a: { enum: [] } }), /enum is empty/],
    [
      "a member that it requires and forbids",
      object({ a: {} }, { required: ["b"], additionalProperties: false }),
      /"b" is required but not allowed/,
    ],
    [
      "a bound below another",
      object({ a: { type: "string", minLength: 5, maxLength: 2 } }),
      /minLength 5 is above maxLength 2/,
    ],
    ["two names that differ in case", object({ a: {}, A: {} }), /differ in case only/],
    ["a nameless property", object({ "": {} }), /no name/],
  ])("with %s is refused, with the place and the reason", async (_, schema, words) => {
    const error = await findFailure(() => readOutputSchema(schema, "prompt.md"));
    expect(error.code).toBe("BAD_SCHEMA");
    expect(error.message).toMatch(words);
  });

  it.each([
    ["a type that there is not", object({ a: { type: "text" } }), /must be equal to one of the allowed values|type/],
    ["draft 4's exclusiveMinimum", object({ a: { type: "number", exclusiveMinimum: true } }), /exclusiveMinimum/],
    [
      "a pattern that is no regular expression",
      object({ a: { type: "string", pattern: "(" } }),
      /Invalid regular expression/,
    ],
  ])("with %s is not valid", async (_, schema, words) => {
    const error = await findFailure(() => makeAnswerCheck(readOutputSchema(schema, "prompt.md"), "prompt.md"));
    expect([error.code, error.message]).toEqual(["BAD_SCHEMA", expect.stringMatching(words)]);
  });

  it("may be of draft 7, of a library, or have its root in a definition", () => {
    const older = object(
      { a: { type: "array", items: [{ type: "string" }] } },
      { $schema: "http://json-schema.org/draft-07/schema#" },
    );
    expect(makeAnswerCheck(readOutputSchema(older, "s"), "s")('{"a": ["x"]}')).toMatchObject({ ok: true });
    const rooted = {
      $ref: "#/$defs/answer",
      $defs: { answer: object({ a: { $ref: "#/$defs/b" } }), b: { type: "integer" } },
    };
    const check = makeAnswerCheck(readOutputSchema(rooted, "s"), "s");
    expect(check('{"a": 1}')).toEqual({ ok: true, value: { a: 1 } });
    expect(check('{"a": "x"}')).toMatchObject({ ok: false, reason: "/a must be integer" });
    const zod = readOutputSchema(
      z.object({ a: z.array(z.object({ b: z.number().nullable() })), c: z.enum(["x"]).optional() }),
      "s",
    );
    expect(makeAnswerCheck(zod, "s")('{"a": [{"b": null}]}')).toEqual({
      ok: true,
      value: { a: [{ b: null }], c: null },
    });
  });
});
