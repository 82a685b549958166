import { Readable } from "node:stream";
import { expect, it } from "vitest";
import { readFirstLine, readLines, readManyLines, splitLines } from "../../src/lines/read-lines.ts";
import { makeFolder, writeFile } from "../support/folder.ts";

const text = "one\n\ntwo\u2028still two\r\nthree";
const lines = ["one", "", "two\u2028still two\r", "three"];

/** Cut in pieces of a few bytes, in the middle of letters and lines. */
const pieces = (size: number): Buffer[] => {
  const bytes = Buffer.from(text);
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
};

async function gather<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const all: Value[] = [];
  for await (const value of values) all.push(value);
  return all;
}

it.each([1, 2, 5, 1000])("lines end at line feeds only, wherever chunks of %d bytes are cut", async (size) => {
  expect(await gather(readLines(Readable.from(pieces(size))))).toEqual(lines);
  const letters = Readable.from(pieces(size)).setEncoding("utf8") as AsyncIterable<string>;
  expect((await gather(readManyLines(letters))).flat()).toEqual(lines);
});

it("lines of bytes are those that have ended", () => {
  expect([...splitLines(Buffer.from("a\nb\n\nc"))].map(String)).toEqual(["a", "b", ""]);
});

it("a file's first line is read without the rest", () => {
  const folder = makeFolder();
  expect(readFirstLine(writeFile(folder, "a.jsonl", `{"a":1}\n${"x".repeat(100_000)}`))).toBe('{"a":1}');
  expect(readFirstLine(writeFile(folder, "b.jsonl", ""))).toBe("");
});
