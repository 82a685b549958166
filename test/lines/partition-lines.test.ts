import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findRecordId } from "../../src/lines/line-format.ts";
import { partitionLines } from "../../src/lines/partition-lines.ts";
import { makeFolder, writeFile } from "../support/folder.ts";

async function deal(texts: readonly string[], count: number, partOf: ReadonlyMap<string, number>): Promise<string[]> {
  const folder = makeFolder();
  const sources = texts.map((text, index) => writeFile(folder, `${index}.out`, text));
  const targets = Array.from({ length: count }, (_, index) => join(folder, `part-${index}`));
  await partitionLines(sources, targets, partOf);
  return targets.map((path) => readFileSync(path, "utf8"));
}

const line = (recordId: string, text: string): string =>
  JSON.stringify({ modelInput: { text }, modelOutput: {}, recordId });

describe("lines that are dealt out", () => {
  it("are each in the file of their record, in their order, whatever they hold and wherever the id stands", async () => {
    const text = fc.string({
      unit: fc.oneof(
        fc.constantFrom('"recordId":"1"', '"', "\\", "}", "{", ",", "\u2028", "é", "😀"),
        fc.string({ minLength: 1, maxLength: 1 }),
      ),
      maxLength: 40,
    });
    const record = fc.record({ id: fc.integer({ min: 0, max: 5 }), text, isFirst: fc.boolean(), more: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(record), { minLength: 1, maxLength: 3 }), async (files) => {
        const write = ({ id, text: each, isFirst, more }: (typeof files)[0][0]): string => {
          const body = { modelInput: { messages: [each], recordId: "0" }, ...(more ? { 'a"recordId': each } : {}) };
          const recordId = String(id);
          return JSON.stringify(isFirst ? { recordId, ...body } : { ...body, recordId, ...(more ? { row: 7 } : {}) });
        };
        const partOf = new Map(["0", "1", "2", "3", "4"].map((id, index) => [id, index % 3]));
        const dealt = await deal(
          files.map((records) => records.map(write).join("\n")),
          3,
          partOf,
        );
        const all = files.flat();
        for (const part of [0, 1, 2]) {
          const own = all.filter(({ id }) => (partOf.get(String(id)) ?? 0) === part);
          expect(dealt[part]).toBe(own.map((each) => `${write(each)}\n`).join(""));
        }
      }),
      { numRuns: 60 },
    );
  });

  it("may be longer than what is read or held back at a time", async () => {
    const long = line("b", "x".repeat(9_000_000));
    const [first, second] = await deal([`${line("a", "1")}\n${long}\n${line("a", "2")}\n`], 2, new Map([["b", 1]]));
    expect(first).toBe(`${line("a", "1")}\n${line("a", "2")}\n`);
    expect(second === `${long}\n`).toBe(true);
  });

  it("are in the first file where their record is not known, and are not cut off", async () => {
    const texts = ["no json", "", '{"modelOutput":{"a', line("else", "1")];
    const [first, second] = await deal([texts.join("\n")], 2, new Map([["b", 1]]));
    expect(first).toBe(`${texts.join("\n")}\n`);
    expect(second).toBe("");
  });
});

describe("the record id of a line", () => {
  it.each([
    ['{"modelInput":{},"modelOutput":{},"recordId":"a"}', "a"],
    ['{"modelInput":{}, "recordId" : "a" , "row": -1.5e3, "x": null } ', "a"],
    ['{"recordId":"a","modelInput":{"recordId":"b"}}', "a"],
    ['{"x":1,"recordId":"a","modelInput":{"recordId":"b"}}', "a"],
    ['{"recordId":"\\u0061"}', "a"],
    ['{"modelInput":{"x":",\\"recordId\\":\\"b\\"}"},"recordId":"a","z":{}}', "a"],
    ['{"modelInput":{"x":"torn","recordId":"b', undefined],
    ['{"recordId":7}', undefined],
    ["[1]", undefined],
    ["null", undefined],
  ])("of %s is %s", (text, id) => {
    expect(findRecordId(Buffer.from(text))).toBe(id);
  });
});
