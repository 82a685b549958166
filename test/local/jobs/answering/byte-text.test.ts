import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeText,
  fromByteText,
  readByteText,
  toByteText,
  writeByteText,
} from "../../../../src/local/jobs/answering/byte-text.ts";

describe("byte text", () => {
  it("holds any text and gives it back, as the bytes of its UTF-8", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const bytes = Buffer.from(text, "utf8");
        expect(toByteText(text)).toBe(readByteText(bytes));
        expect(writeByteText(toByteText(text))).toEqual(bytes);
        expect(fromByteText(toByteText(text))).toBe(text);
        expect(decodeText(bytes)).toBe(text);
      }),
    );
  });

  it("keeps a byte order mark and NUL, and writes half a surrogate pair as UTF-8 does", () => {
    expect(decodeText(Buffer.from("\ufeffa\0"))).toBe("\ufeffa\0");
    expect(writeByteText(toByteText("a\ud800"))).toEqual(Buffer.from("a\ufffd"));
  });

  it("is JSON where the text is, and only there", () => {
    const part = fc.constantFrom(
      "{",
      "}",
      '"',
      '"a":',
      "\u00a0",
      "\ufeff",
      "é",
      "\u2028",
      "1",
      ",",
      " ",
      "\\u00e9",
      "[]",
    );
    const isJson = (text: string): boolean => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    };
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.array(part).map((parts) => parts.join("")),
        ),
        (text) => {
          expect(isJson(toByteText(text))).toBe(isJson(text));
        },
      ),
      { numRuns: 500 },
    );
  });
});
