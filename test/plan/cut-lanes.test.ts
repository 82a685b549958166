import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultJobLimits } from "../../src/foundation/limits.ts";
import type { RecordBlock } from "../../src/foundation/types/index.ts";
import { cutLanes } from "../../src/plan/cut-lanes.ts";
import { findBlockSize } from "../../src/requests/measure-sent.ts";
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
    100, 101, 1_100, 50_000, 99_999, 100_000, 100_001, 100_099, 199_999, 250_000, 299_999, 300_001, 1_000_000,
    9_999_999,
  ])("of %i records keep both limits of a job, in as few jobs as can be", (recordCount) => {
    const shards = cutLanes(makeBlocks(recordCount), recordCount, defaultJobLimits, true);
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
          const limits = {
            ...defaultJobLimits,
            minRecordsPerJob: 1,
            maxRecordsPerJob: maxRecords,
            maxFileSizeBytes: maxBytes,
          };
          const shards = cutLanes(blocks, weights.length + 7, limits, true);
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
    const limits = { ...defaultJobLimits, minRecordsPerJob: 1, maxFileSizeBytes: 100 };
    const error = await findFailure(() =>
      cutLanes(
        makeBlocks(3, (index) => (index === 1 ? 101 : 10)),
        3,
        limits,
        true,
      ),
    );
    expect(error.code).toBe("RECORD_TOO_LARGE");
  });

  it("hold as many records as any cut into jobs could, whatever the limits and the weights", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 0, max: 8 }),
        fc.integer({ min: 100, max: 600 }),
        (weights, minRecords, more, maxBytes) => {
          const limits = {
            ...defaultJobLimits,
            minRecordsPerJob: minRecords,
            maxRecordsPerJob: minRecords + more,
            maxFileSizeBytes: maxBytes,
          };
          const shards = cutLanes(
            makeBlocks(weights.length, (index) => weights[index] ?? 0),
            weights.length,
            limits,
            true,
          );
          for (const { lane, recordCount, sizeBytes } of shards.filter(({ lane }) => lane === "batch")) {
            expect([lane, recordCount >= minRecords, recordCount <= minRecords + more, sizeBytes <= maxBytes]).toEqual([
              "batch",
              true,
              true,
              true,
            ]);
          }
          const inJobs = sum(shards.filter(({ lane }) => lane === "batch").map(({ recordCount }) => recordCount));
          expect(inJobs).toBe(findMost(weights, minRecords, minRecords + more, maxBytes));
          expect(sum(shards.map(({ recordCount }) => recordCount))).toBe(weights.length);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("go on demand where the model has no batch", () => {
    const shards = cutLanes(makeBlocks(500), 500, defaultJobLimits, false);
    expect(shards.map(({ lane, recordCount }) => [lane, recordCount])).toEqual([["on_demand", 500]]);
  });

  it("of a million records that no even cut fits are found in a moment", () => {
    // Every tenth stretch of records is heavy: an even cut is too large there, however many jobs it makes.
    const blocks = makeBlocks(1_000_000, (index) => (index % 100_000 < 2_000 ? 500_000 : 500));
    const shards = cutLanes(blocks, 1_000_000, defaultJobLimits, true);
    expect(shards.every(({ lane, recordCount }) => lane === "batch" && recordCount >= 100)).toBe(true);
    expect(Math.max(...shards.map(({ sizeBytes }) => sizeBytes))).toBeLessThanOrEqual(
      defaultJobLimits.maxFileSizeBytes,
    );
  });
});

/** The most records that jobs of neighbours can hold, found by trying all. */
function findMost(weights: readonly number[], least: number, most: number, maxBytes: number): number {
  const best = [0];
  for (let end = 1; end <= weights.length; end += 1) {
    let found = best[end - 1] ?? 0;
    for (let begin = 0; begin < end; begin += 1) {
      const count = end - begin;
      const fits = count >= least && count <= most && sum(weights.slice(begin, end)) <= maxBytes;
      if (fits) found = Math.max(found, (best[begin] ?? 0) + count);
    }
    best.push(found);
  }
  return best[weights.length] ?? 0;
}
