import fc from "fast-check";
import { expect, it } from "vitest";
import { readLineBlocks } from "../../src/lines/read-lines.ts";
import { makeFolder, writeFile } from "../support/folder.ts";

async function read(text: string): Promise<Buffer[]> {
  const blocks: Buffer[] = [];
  for await (const block of readLineBlocks(writeFile(makeFolder(), "lines.txt", text))) blocks.push(block);
  return blocks;
}

it("cuts a file at line feeds only, and loses none of it, whatever its lines are", async () => {
  const line = fc.string({ unit: "grapheme", maxLength: 12 }).map((text) => text.replaceAll("\n", ""));
  const file = fc.tuple(fc.array(line, { maxLength: 8 }), fc.boolean());
  await fc.assert(
    fc.asyncProperty(file, async ([lines, hasLastFeed]) => {
      const text = lines.join("\n") + (hasLastFeed ? "\n" : "");
      expect(Buffer.concat(await read(text)).toString("utf8")).toBe(text);
    }),
    { numRuns: 40 },
  );
});

it("keeps a line whole that is longer than what is read at a time", async () => {
  const long = "é".repeat(1_500_000);
  const blocks = await read(`first\n${long}\nlast`);
  expect(blocks.map((block) => block.toString("utf8")).join("")).toBe(`first\n${long}\nlast`);
  for (const block of blocks.slice(0, -1)) expect(block.at(-1)).toBe(10);
  expect(blocks.map((block) => block.length)).toEqual([6, 3_000_001, 4]);
});
