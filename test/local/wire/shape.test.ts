import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jobName } from "../../../src/local/bedrock/shapes.ts";
import { compilePattern, readStructure, SerializationFault, sayViolations } from "../../../src/local/wire/shape.ts";

const shape = {
  type: "structure",
  members: {
    name: { shape: { type: "string", min: 2, max: 4, pattern: "[a-z]+" }, required: true },
    count: { shape: { type: "integer", min: 1 } },
    tags: {
      shape: {
        type: "list",
        max: 2,
        of: { type: "structure", members: { key: { shape: { type: "string" }, required: true } } },
      },
    },
    place: {
      shape: {
        type: "structure",
        union: true,
        members: { a: { shape: { type: "string" } }, b: { shape: { type: "string" } } },
      },
    },
  },
} as const;
const read = (value: unknown): { read: Record<string, unknown>; problems: string[] } => {
  const problems: string[] = [];
  return { read: readStructure(shape, value, "", problems), problems };
};

describe("a structure", () => {
  it("is read without what its table does not know, and null is as good as nothing", () => {
    expect(read({ name: "abc", more: 1, count: null })).toEqual({ read: { name: "abc" }, problems: [] });
  });

  it("has each violation with its place, those of a list counted from 1", () => {
    expect(read({ count: 0, tags: [{ key: "a" }, {}, { key: "b" }], place: {} }).problems).toEqual([
      "Value null at 'name' failed to satisfy constraint: Member must not be null",
      "Value '0' at 'count' failed to satisfy constraint: Member must have value greater than or equal to 1",
      "Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to 2",
      "Value null at 'tags.2.member.key' failed to satisfy constraint: Member must not be null",
      "Value at 'place' failed to satisfy constraint: Member must have exactly one member set",
    ]);
  });

  it("has the pattern before the length, and both for one value", () => {
    expect(read({ name: "A" }).problems).toEqual([
      "Value 'A' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-z]+",
      "Value 'A' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 2",
    ]);
  });

  it.each([
    [7],
    ["text"],
    [[]],
    [{ name: 7 }],
    [{ name: "abc", count: "1" }],
    [{ name: "abc", count: 1.5 }],
    [{ name: "abc", tags: {} }],
  ])("cannot be read from %j", (value) => {
    expect(() => read(value)).toThrow(SerializationFault);
  });
});

it("counts its violations in the sentence", () => {
  expect(sayViolations(["a"])).toBe("1 validation error detected: a");
  expect(sayViolations(["a", "b"])).toBe("2 validation errors detected: a; b");
});

it("matches names by another spelling of AWS's pattern that takes no age, and means the same", () => {
  const sign = fc.constantFrom("a", "Z", "0", "-", "+", ".", "_", " ");
  fc.assert(
    fc.property(fc.array(sign, { maxLength: 14 }), (signs) => {
      const text = signs.join("");
      expect(compilePattern(jobName.linear).test(text)).toBe(compilePattern(jobName.pattern).test(text));
    }),
  );
});
