import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultJobLimits } from "../../src/limits.ts";
import { cutShards } from "../../src/plan/cut-shards.ts";
import { findBlockSize } from "../../src/requests/make-records.ts";
import type { RecordBlock } from "../../src/types.ts";
import { findFailure } from "../support/failure.ts";

/** Blocks as the records stage makes them. */
function makeBlocks(recordCount: number, bytesPerRecord: (index: number) => number = () => 500): RecordBlock[] {
  const size = findBlockSize(recordCount);
  const blocks: RecordBlock[] = [];
  for (let from = 0; from < recordCount; from += size) {
    const count = Math.min(size, recordCount - from);
    let sizeBytes = 0;
    for (let index = from; index < from + count; index += 1) sizeBytes += bytesPerRecord(index);
    blocks.push({ fromRow: from, recordCount: count, sizeBytes });
  }
  return blocks;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

describe("shards", () => {
  it.each([
    1, 99, 100, 101, 1_100, 50_000, 99_999, 100_000, 100_001, 100_099, 199_999, 250_000, 299_999, 300_001, 1_000_000,
    9_999_999,
  ])("of %i records keep both limits of a job, in as few jobs as can be", (recordCount) => {
    const shards = cutShards(makeBlocks(recordCount), recordCount, defaultJobLimits);
    expect(sum(shards.map((shard) => shard.recordCount))).toBe(recordCount);
    expect(shards).toHaveLength(Math.ceil(recordCount / 100_000));
    for (const shard of shards) {
      expect(shard.recordCount).toBeLessThanOrEqual(100_000);
      expect(shard.recordCount).toBeGreaterThanOrEqual(Math.min(100, recordCount));
    }
  });

  it("cover every row once, in order, and keep limits of bytes, whatever the records weigh", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 300 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1000, max: 5000 }),
        (weights, maxRecords, maxBytes) => {
          const blocks = makeBlocks(weights.length, (index) => weights[index] ?? 0);
          const limits = { ...defaultJobLimits, maxRecordsPerJob: maxRecords, maxFileSizeBytes: maxBytes };
          const shards = cutShards(blocks, weights.length + 7, limits);
          expect(shards.map(({ index }) => index)).toEqual(shards.map((_, index) => index));
          let row = 0;
          for (const shard of shards) {
            expect(shard.fromRow).toBe(row);
            row = shard.toRow;
            expect(shard.recordCount).toBeLessThanOrEqual(maxRecords);
            expect(shard.sizeBytes).toBeLessThanOrEqual(maxBytes);
          }
          expect(row).toBe(weights.length + 7);
          expect(sum(shards.map((shard) => shard.sizeBytes))).toBe(sum(weights));
        },
      ),
    );
  });

  it("are refused where one record alone is over the limit", async () => {
    const limits = { ...defaultJobLimits, maxFileSizeBytes: 100 };
    const error = await findFailure(() =>
      cutShards(
        makeBlocks(3, (index) => (index === 1 ? 101 : 10)),
        3,
        limits,
      ),
    );
    expect(error.code).toBe("RECORD_TOO_LARGE");
  });
});
