import { describe, expect, it } from "vitest";
import { openTable } from "../../src/dataset/open-table.ts";
import { cutParts, findRowBytes, type JoinedShard } from "../../src/results/cut-parts.ts";
import { measureRows } from "../../src/results/measure-rows.ts";
import { openTestEngine } from "../support/engine.ts";
import { makeFolder, writeFile } from "../support/folder.ts";

const limits = { sizeBytes: 1_000_000, answerBytes: 100_000 };

function shardOf(rowCount: number, requestBytes: number, lineBytes: number): JoinedShard {
  const file = writeFile(makeFolder(), "o.jsonl.out", "x".repeat(rowCount * lineBytes));
  const sizeBytes = rowCount * requestBytes;
  const shard = { index: 0, lane: "batch" as const, fromRow: 0, toRow: rowCount, recordCount: rowCount, fromByte: 0 };
  return { shard: { ...shard, sizeBytes }, files: [file], price: undefined };
}

describe("a shard", () => {
  it("is one part where its rows and answers are small", () => {
    expect(cutParts([shardOf(1000, 200, 450)], 150, "InvokeModel", limits)).toHaveLength(1);
  });

  it("is cut where its answers are large, and where its rows are, though the prompt leaves most of them out", () => {
    expect(cutParts([shardOf(1000, 200, 200 + 250 + 400)], 150, "InvokeModel", limits)).toHaveLength(4);
    const parts = cutParts([shardOf(1000, 200, 450)], 10_000, "InvokeModel", limits);
    expect(parts.map(({ fromRow, toRow }) => [fromRow, toRow])).toEqual(
      Array.from({ length: 10 }, (_, index) => [index * 100, (index + 1) * 100]),
    );
  });

  it("is not cut for what a line of Converse has besides its answer", () => {
    expect(cutParts([shardOf(1000, 200, 200 + 550 + 90)], 150, "Converse", limits)).toHaveLength(1);
    expect(cutParts([shardOf(1000, 200, 200 + 550 + 190)], 150, "Converse", limits)).toHaveLength(2);
  });

  it("has row groups by its rows, though the prompt leaves most of them out", () => {
    expect(findRowBytes([shardOf(1000, 200, 450)], 150)).toBe(650);
    expect(findRowBytes([shardOf(1000, 200, 450)], 10_000)).toBe(10_450);
  });
});

describe("frozen rows", () => {
  it("are measured as they are in a text, and as they are unpacked in Parquet", async () => {
    const folder = makeFolder();
    const engine = await openTestEngine(folder);
    const path = `${folder}/rows.parquet`;
    await engine.run(
      `COPY (SELECT repeat('long ', 1000) || range AS t FROM range(1000)) TO '${path}' (FORMAT parquet, COMPRESSION zstd)`,
    );
    const parquet = await openTable(engine, [path], "parquet", { shown: { whole: path } });
    expect(await measureRows(engine, parquet, 1000)).toBeGreaterThan(5000);
    const csv = writeFile(folder, "rows.csv", `t\n${"12345678\n".repeat(100)}`);
    const text = await openTable(engine, [csv], "csv", { shown: { whole: csv } });
    expect(await measureRows(engine, text, 100)).toBeCloseTo(9, 1);
  });
});
