import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSameDocument } from "../../src/access/same-document.ts";
import { diffLines } from "../../src/cli/display/text-diff.ts";

const text = fc
  .array(fc.constantFrom("a", "b", "c", "{", "}"), { minLength: 1, maxLength: 12 })
  .map((lines) => lines.join("\n"));

describe("a comparison of texts", () => {
  it("holds both of them, whatever changed", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = diffLines(before, after, Infinity);
        const without = (kind: string): string =>
          lines
            .filter((line) => line.kind !== kind)
            .map((line) => line.text)
            .join("\n");
        const isSame = before === after;
        expect(isSame ? "" : without("added")).toBe(isSame ? "" : before);
        expect(isSame ? "" : without("removed")).toBe(isSame ? "" : after);
      }),
    );
  });

  it("shows what changed, with a little around it", () => {
    expect(diffLines("1\n2\n3\n4\n5", "1\n2\n3\nfour\n5", 1).map(({ kind, text: line }) => `${kind} ${line}`)).toEqual([
      "same 3",
      "removed 4",
      "added four",
      "same 5",
    ]);
    expect(diffLines("1\n2", "1\n2")).toEqual([]);
  });
});

describe("two documents", () => {
  it("mean the same whatever the order of their keys and actions, and where a list of one is a text", () => {
    const a = { Statement: [{ Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"], Resource: ["*"] }] };
    const b = { Statement: [{ Action: ["s3:PutObject", "s3:GetObject"], Resource: "*", Effect: "Allow" }] };
    expect(isSameDocument(a, b)).toBe(true);
    expect(isSameDocument(a, { Statement: [{ ...b.Statement[0], Resource: "arn:aws:s3:::b" }] })).toBe(false);
    expect(isSameDocument({ a: 1, b: undefined }, { a: 1 })).toBe(true);
  });
});
