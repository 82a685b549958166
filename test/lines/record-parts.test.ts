import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RecordParts } from "../../src/lines/record-parts.ts";

describe("the parts of records", () => {
  it("are found by the record's id, whatever it is, as in a map", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ unit: "grapheme" }), { maxLength: 200 }), (ids) => {
        const parts = new RecordParts(ids.length);
        for (const [index, id] of ids.entries()) parts.add(id, index * 300);
        expect(ids.map((id) => parts.get(id))).toEqual(ids.map((_, index) => index * 300));
      }),
    );
  });

  it("are told apart where hashes are the same, as some of 200,000 are", () => {
    const ids = Array.from({ length: 200_000 }, (_, index) => createHash("md5").update(String(index)).digest("hex"));
    const parts = new RecordParts(ids.length);
    for (const [index, id] of ids.entries()) parts.add(id, index % 60_000);
    expect(ids.filter((id, index) => parts.get(id) !== index % 60_000)).toEqual([]);
  });

  it("are not known of a record that was not added", () => {
    expect(new RecordParts(0).get("a")).toBeUndefined();
    const parts = new RecordParts(1);
    parts.add("a", 0);
    expect(parts.get("b")).toBeUndefined();
  });
});
